package org.chirplens.statistics;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

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
        double[] sizes = DoubleStream.of(differences)
                .map(Math::abs)
                .filter(size -> size > rounding)
                .toArray();
        double observed = Math.abs(DoubleStream.of(differences).sum());
        return twoSided(sizes, observed);
    }

    private static double twoSided(double[] sizes, double observed) {
        if (sizes.length <= EXACT) {
            return exact(sizes, observed);
        }
        double[] rising = sizes.clone();
        Arrays.sort(rising);
        int few = outweighing(rising);
        if (few == 0) {
            return approximate(sizes, observed);
        }
        double[] small = Arrays.copyOf(rising, rising.length - few);
        double[] large = Arrays.copyOfRange(rising, small.length, rising.length);
        double reach = DoubleStream.of(small).sum();
        return Math.min(1, 2 * beyond(large, 0, observed, small, reach) / Math.pow(2, few));
    }

    /** How many of the largest each outweigh all smaller ones than these together. */
    private static int outweighing(double[] rising) {
        int few = 0;
        double below = 0;
        for (int i = 0; i < rising.length; i++) {
            int atLeastAsLarge = rising.length - i;
            if (i > 0 && atLeastAsLarge <= MOST_OUTWEIGHING && rising[i] > below) {
                few = Math.max(few, atLeastAsLarge);
            }
            below += rising[i];
        }
        return few;
    }

    /**
     * Over all signs of the large ones from {@code at} on, the sum of the chances that the small ones reach what is left.
     *
     * @param reach the sum of the small ones
     */
    private static double beyond(double[] large, int at, double left, double[] small, double reach) {
        if (at < large.length) {
            return beyond(large, at + 1, left - large[at], small, reach)
                    + beyond(large, at + 1, left + large[at], small, reach);
        }
        double rounding = ROUNDING * (reach + DoubleStream.of(large).sum());
        if (left > reach + rounding) {
            return 0;
        }
        if (left <= rounding - reach) {
            return 1;
        }
        double tail = twoSided(small, Math.min(Math.abs(left), reach)) / 2;
        return left > 0 ? tail : 1 - tail;
    }

    /** Tries all signs. */
    static double exact(double[] sizes, double observed) {
        double largest = DoubleStream.of(sizes).sum();
        // What was left out as rounding is in the observed sum: with all signs equal the others are as far.
        double threshold = Math.min(observed, largest) - ROUNDING * largest;
        return asFar(sizes, 0, 0, threshold) / Math.pow(2, sizes.length);
    }

    /** How many signs of the numbers from {@code at} on bring a sum to the threshold or beyond, on either side. */
    private static double asFar(double[] sizes, int at, double sum, double threshold) {
        if (at == sizes.length) {
            return Math.abs(sum) >= threshold ? 1 : 0;
        }
        return asFar(sizes, at + 1, sum + sizes[at], threshold) + asFar(sizes, at + 1, sum - sizes[at], threshold);
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
