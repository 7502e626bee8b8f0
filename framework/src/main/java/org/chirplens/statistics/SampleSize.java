package org.chirplens.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * How many images settle the sign of a mean, by the normal approximation: S.-C. Chow, J. Shao and H. Wang, Sample Size
 * Calculations in Clinical Research (2nd edition 2008), section 3.1.1, one sample, test for equality.
 *
 * @param level of the two-sided test, in (0, 1), such as 0.05
 * @param power probability with which the test shall reject, in (0, 1), such as 0.8
 */
public record SampleSize(double level, double power) {
    /** What results of ChirpLens state: a test at 5 % that finds the effect four times out of five. */
    public static final SampleSize STANDARD = new SampleSize(0.05, 0.8);

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    public SampleSize {
        if (!(level > 0 && level < 1)) {
            throw new IllegalArgumentException("level must be in (0, 1), found " + level);
        }
        if (!(power > 0 && power < 1)) {
            throw new IllegalArgumentException("power must be in (0, 1), found " + power);
        }
    }

    /**
     * The smallest n with {@code n >= ((z(1 - level / 2) + z(power)) std / mean)^2}, where z is the normal quantile. It
     * takes the mean and the spread that were found for the true ones.
     *
     * @param values whose mean and standard deviation (divisor n-1) are taken
     * @return at least 2; infinite for a mean of 0, NaN for fewer than two values
     */
    public double forSignOf(double[] values) {
        int n = values.length;
        double mean = 0;
        for (double value : values) {
            mean += value / n;
        }
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        if (n < 2) {
            return Double.NaN;
        }
        if (mean == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double quantiles =
                NORMAL.inverseCumulativeProbability(1 - level / 2) + NORMAL.inverseCumulativeProbability(power);
        double ratio = quantiles * Math.sqrt(squares / (n - 1)) / mean;
        return Math.max(2, Math.ceil(ratio * ratio));
    }
}
