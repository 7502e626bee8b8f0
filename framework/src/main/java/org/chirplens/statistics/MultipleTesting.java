package org.chirplens.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Adjusted p-values of a family of tests: a test is rejected at level alpha when its adjusted p-value is at most alpha. They
 * are those of R's {@code p.adjust}. Tests without a p-value (NaN) have none here either and do not count.
 */
public final class MultipleTesting {
    private MultipleTesting() {}

    /**
     * A p-value and what it becomes among others.
     *
     * @param raw as if there were no other test
     * @param holm adjusted by {@link #holm}
     * @param benjaminiHochberg adjusted by {@link #benjaminiHochberg}
     */
    public record PValue(double raw, double holm, double benjaminiHochberg) {}

    /** All p-values of one family with both adjustments, in the order given. */
    public static PValue[] family(double[] raw) {
        double[] holm = holm(raw);
        double[] falseDiscovery = benjaminiHochberg(raw);
        return IntStream.range(0, raw.length)
                .mapToObj(i -> new PValue(raw[i], holm[i], falseDiscovery[i]))
                .toArray(PValue[]::new);
    }

    /**
     * S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of Statistics 6 (1979) 65-70:
     * the probability of a single false rejection in the family is at most alpha, however the tests depend on each other.
     */
    public static double[] holm(double[] raw) {
        int[] order = rising(raw);
        double[] adjusted = filledWithNaN(raw.length);
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            largest = Math.max(largest, (order.length - rank) * raw[order[rank]]);
            adjusted[order[rank]] = Math.min(1, largest);
        }
        return adjusted;
    }

    /**
     * Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", Journal of the Royal Statistical Society B 57 (1995)
     * 289-300: of what is rejected, a share of at most alpha is expected to be false, for tests that are independent or
     * positively dependent.
     */
    public static double[] benjaminiHochberg(double[] raw) {
        int[] order = rising(raw);
        double[] adjusted = filledWithNaN(raw.length);
        double smallest = 1;
        for (int rank = order.length - 1; rank >= 0; rank--) {
            smallest = Math.min(smallest, order.length * raw[order[rank]] / (rank + 1));
            adjusted[order[rank]] = smallest;
        }
        return adjusted;
    }

    private static double[] filledWithNaN(int length) {
        double[] values = new double[length];
        Arrays.fill(values, Double.NaN);
        return values;
    }

    /** The tests that have a p-value, the smallest first. */
    private static int[] rising(double[] raw) {
        for (double p : raw) {
            if (p < 0 || p > 1) {
                throw new IllegalArgumentException("a p-value must be in [0, 1], found " + p);
            }
        }
        return IntStream.range(0, raw.length)
                .filter(i -> !Double.isNaN(raw[i]))
                .boxed()
                .sorted(Comparator.comparingDouble(i -> raw[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
