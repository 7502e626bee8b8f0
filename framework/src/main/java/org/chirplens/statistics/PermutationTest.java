package org.chirplens.statistics;

import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * Monte Carlo permutation test: how often does a statistic become as large as observed when the labels of the
 * observations are shuffled? With B draws, k of them as large, {@code p = (k + 1) / (B + 1)} (Davison and Hinkley, Bootstrap
 * Methods and their Application, 1997, section 4.3), which is never 0.
 */
public final class PermutationTest {
    /** Shuffles drawn; the smallest p-value is one ten-thousandth. */
    public static final int DRAWS = 9_999;

    private static final long SEED = 1;

    private PermutationTest() {}

    /**
     * The p-value of the observed order; equal input gives an equal result.
     *
     * @param n number of observations
     * @param statistic of an order of 0 to n-1, larger when it speaks more against chance
     * @return NaN when the observed statistic is NaN
     */
    public static double pValue(int n, ToDoubleFunction<int[]> statistic) {
        int[] order = IntStream.range(0, n).toArray();
        double observed = statistic.applyAsDouble(order);
        if (Double.isNaN(observed)) {
            return Double.NaN;
        }
        // Sums in another order differ in the last bits; a tie must count as one.
        double threshold = observed - 1e-12 * Math.max(1, Math.abs(observed));
        SplittableRandom random = new SplittableRandom(SEED);
        int asLarge = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            shuffle(order, random);
            if (statistic.applyAsDouble(order) >= threshold) {
                asLarge++;
            }
        }
        return (asLarge + 1.0) / (DRAWS + 1.0);
    }

    private static void shuffle(int[] order, SplittableRandom random) {
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
    }
}
