package org.chirplens.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Is the mean of paired differences 0? If the two sides of every pair could as well be exchanged, each difference has either
 * sign with equal probability; the p-value is the probability that the sum of differences with random signs is as far from
 * 0 as the observed one: R. A. Fisher, The Design of Experiments (1935), section 21.
 *
 * <p>Up to {@value #EXACT} differences that are not 0, all signs are tried. Beyond, the probability is the saddlepoint
 * approximation of J. Robinson, "Saddlepoint approximations for permutation tests and confidence intervals", Journal of the
 * Royal Statistical Society B 44 (1982) 91-101, with the tail formula of O. E. Barndorff-Nielsen (Biometrika 73 (1986)
 * 307-322). Random signs would do as well for one test; but the adjusted p-value of one of a thousand needs p-values that a
 * few thousand draws cannot have. Where a few differences each outweigh all others together, the sum takes values around those of the
 * few alone, which no smooth approximation follows: the signs of these few are tried, and the others are approximated.
 */
public final class SignFlipTest {
    private static final int EXACT = 16;

    /** The most differences whose signs are tried beside an approximation of the others, which is made at most 3,432 times then. */
    private static final int MOST_OUTWEIGHING = 14;

    /** Sums in another order differ in the last bits: a tie must count as one, and what is below this share is as good as 0. */
    private static final double ROUNDING = 1e-12;

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private SignFlipTest() {}

    /** The two-sided p-value, above 0; 1 when all differences are 0, NaN when one is not finite. */
    public static double pValue(double[] differences) {
        if (!DoubleStream.of(differences).allMatch(Double::isFinite)) {
            return Double.NaN;
        }
        double rounding = ROUNDING * DoubleStream.of(differences).map(Math::abs).sum();
        // A difference of 0 is 0 with either sign.
        double[] kept = DoubleStream.of(differences)
                .filter(difference -> Math.abs(difference) > rounding)
                .toArray();
        double observed = Math.abs(DoubleStream.of(kept).sum());
        double[] rising = DoubleStream.of(kept).map(Math::abs).sorted().toArray();
        return Math.min(1, 2 * new RandomSums(rising, rounding).atLeast(observed));
    }

    /** The sums of some numbers with random signs. */
    private static final class RandomSums {
        private final double[] rising;
        private final double tolerance;
        private final double reach;
        /** Every sum, rising; empty where there are too many. */
        private final double[] all;
        /** The numbers that each outweigh all others together; the others make sums of their own. */
        private final double[] large;

        private final @Nullable RandomSums others;

        /**
         * @param rising the numbers, which are positive
         * @param tolerance by how much a sum may differ for rounding
         */
        RandomSums(double[] rising, double tolerance) {
            this.rising = rising;
            this.tolerance = tolerance;
            this.reach = DoubleStream.of(rising).sum();
            boolean few = rising.length <= EXACT;
            int outweighing = few ? 0 : outweighing(rising);
            all = few ? all(rising) : new double[0];
            large = Arrays.copyOfRange(rising, rising.length - outweighing, rising.length);
            others = outweighing == 0
                    ? null
                    : new RandomSums(Arrays.copyOf(rising, rising.length - outweighing), tolerance);
        }

        private static double[] all(double[] numbers) {
            double[] sums = {0};
            for (double number : numbers) {
                double[] more = new double[2 * sums.length];
                int minus = 0;
                int plus = 0;
                for (int i = 0; i < more.length; i++) {
                    boolean lower = minus < sums.length && sums[minus] - number <= sums[plus] + number;
                    more[i] = lower ? sums[minus++] - number : sums[plus++] + number;
                }
                sums = more;
            }
            return sums;
        }

        /** How many of the largest each outweigh all numbers together that are not among them. */
        private static int outweighing(double[] rising) {
            int most = 0;
            double below = 0;
            for (int i = 0; i < rising.length; i++) {
                int notSmaller = rising.length - i;
                if (i > 0 && notSmaller <= MOST_OUTWEIGHING && rising[i] > below) {
                    most = Math.max(most, notSmaller);
                }
                below += rising[i];
            }
            return most;
        }

        /** The probability that a sum is at least so much. */
        double atLeast(double value) {
            if (value > reach + tolerance) {
                return 0;
            }
            if (value <= tolerance - reach) {
                return 1;
            }
            if (all.length > 0) {
                return (all.length - below(value - tolerance)) / (double) all.length;
            }
            RandomSums small = others;
            if (small != null) {
                return atLeast(small, 0, value) / Math.pow(2, large.length);
            }
            double tail = approximate(rising, Math.min(Math.abs(value), reach)) / 2;
            return value > 0 ? tail : 1 - tail;
        }

        /** Over all signs of the large ones from {@code at} on, the sum of the probabilities that the others make up what is left. */
        private double atLeast(RandomSums small, int at, double left) {
            return at == large.length
                    ? small.atLeast(left)
                    : atLeast(small, at + 1, left - large[at]) + atLeast(small, at + 1, left + large[at]);
        }

        /** How many sums are below a value. */
        private int below(double value) {
            int from = 0;
            int to = all.length;
            while (from < to) {
                int middle = (from + to) >>> 1;
                if (all[middle] < value) {
                    from = middle + 1;
                } else {
                    to = middle;
                }
            }
            return from;
        }
    }

    /** The saddlepoint approximation, in units in which the sum with random signs has variance 1. */
    static double approximate(double[] sizes, double observed) {
        double unit = Math.sqrt(DoubleStream.of(sizes).map(x -> x * x).sum());
        double[] x = DoubleStream.of(sizes).map(size -> size / unit).toArray();
        double s = observed / unit;
        double largest = DoubleStream.of(x).sum();
        // Of the smallest tails, that of the largest sum, with all signs equal, is known exactly.
        double least = Math.max(Double.MIN_NORMAL, Math.pow(2, 1 - x.length));
        if (s >= largest * (1 - ROUNDING)) {
            return least;
        }
        Saddlepoint at = Saddlepoint.of(x, s);
        double w = Math.sqrt(Math.max(0, 2 * (at.t * s - at.cumulant)));
        double u = at.t * Math.sqrt(at.variance);
        // Close to the mean both go to 0 and their quotient to 1.
        double corrected = w < 1e-4 ? w : w + Math.log(u / w) / w;
        return Math.min(1, Math.max(least, 2 * NORMAL.survivalProbability(corrected)));
    }

    /**
     * Where the derivative of the cumulant generating function K(t) = sum of log cosh(t x) is s.
     *
     * @param cumulant K there
     * @param variance its second derivative there
     */
    private record Saddlepoint(double t, double cumulant, double variance) {
        private static final int MOST_STEPS = 200;

        static Saddlepoint of(double[] x, double s) {
            // K' is concave and at most t, so Newton's steps from t = s go up to the solution and never past it.
            double t = s;
            double variance = 1;
            for (int step = 0; step < MOST_STEPS; step++) {
                double slope = 0;
                variance = 0;
                for (double one : x) {
                    double e = Math.exp(-2 * t * one);
                    // tanh of t x, and 1 - tanh^2 without the cancellation.
                    slope += one * (1 - e) / (1 + e);
                    variance += one * one * 4 * e / ((1 + e) * (1 + e));
                }
                double move = (s - slope) / variance;
                if (!(move > 1e-10 * t)) {
                    break;
                }
                t += move;
            }
            double cumulant = 0;
            for (double one : x) {
                cumulant += logCosh(t * one);
            }
            return new Saddlepoint(t, cumulant, variance);
        }

        /** Of a number that is not negative. The second form cancels near 0, where thousands of terms make a sum of 1e-8. */
        private static double logCosh(double y) {
            if (y < 1) {
                double sinh = Math.sinh(y / 2);
                return Math.log1p(2 * sinh * sinh);
            }
            return y + Math.log1p(Math.exp(-2 * y)) - Math.log(2);
        }
    }
}
