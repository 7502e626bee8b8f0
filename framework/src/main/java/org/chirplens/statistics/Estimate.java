package org.chirplens.statistics;

import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * A statistic of images with two confidence intervals from one bootstrap, both of level {@link Bootstrap#LEVEL}.
 *
 * @param value the statistic of the images themselves
 * @param bca B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical Association 82 (1987)
 *     171-185: between quantiles that are moved by the bias (how many resampled values lie below the statistic itself)
 *     and by the acceleration (how skew the statistics with one image left out are). The interval to report
 * @param percentile between the plain quantiles (Efron 1979); where it differs from the other, the statistic is skew
 */
public record Estimate(double value, Interval bca, Interval percentile) {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    /** Sums in another order differ in the last bits; values closer than this, relatively, count as equal. */
    private static final double ROUNDING = 1e-12;

    private static final double LOWER = (1 - Bootstrap.LEVEL) / 2;
    private static final double UPPER = (1 + Bootstrap.LEVEL) / 2;

    /**
     * The intervals of one statistic.
     *
     * @param drawn its value for every draw; those that are no number, as the correlation of one image drawn again and again, are
     *     left out. An interval that would end at an infinite one is not defined
     * @param without its value without each image
     */
    public static Estimate of(double value, double[] drawn, double[] without) {
        double[] sorted = DoubleStream.of(drawn)
                .filter(one -> !Double.isNaN(one))
                .sorted()
                .toArray();
        boolean defined = Double.isFinite(value)
                && 2 * sorted.length > drawn.length
                && without.length > 1
                && DoubleStream.of(without).allMatch(Double::isFinite);
        if (!defined) {
            return withoutIntervals(value);
        }
        return new Estimate(value, bca(value, sorted, acceleration(without)), between(sorted, LOWER, UPPER));
    }

    /** A statistic whose intervals are not defined or not computed. */
    public static Estimate withoutIntervals(double value) {
        return new Estimate(value, Interval.UNDEFINED, Interval.UNDEFINED);
    }

    /** The estimate in another unit, of which {@code factor}, not negative, make the present one. */
    public Estimate scaled(double factor) {
        return new Estimate(factor * value, bca.scaled(factor), percentile.scaled(factor));
    }

    private static Interval bca(double value, double[] sorted, double acceleration) {
        double bias = NORMAL.inverseCumulativeProbability(shareBelow(sorted, value));
        if (Double.isInfinite(bias)) {
            return Interval.UNDEFINED;
        }
        return between(sorted, corrected(LOWER, bias, acceleration), corrected(UPPER, bias, acceleration));
    }

    private static Interval between(double[] sorted, double lower, double upper) {
        double low = Bootstrap.quantile(sorted, lower);
        double high = Bootstrap.quantile(sorted, upper);
        return Double.isFinite(low) && Double.isFinite(high) ? new Interval(low, high) : Interval.UNDEFINED;
    }

    /** The share of values below another one, equal values counted half. */
    private static double shareBelow(double[] sorted, double value) {
        double rounding = ROUNDING * Math.abs(value);
        int below = 0;
        int equal = 0;
        for (double one : sorted) {
            if (Math.abs(one - value) <= rounding) {
                equal++;
            } else if (one < value) {
                below++;
            }
        }
        return (below + 0.5 * equal) / sorted.length;
    }

    /** Efron's a, a sixth of the skewness of the jackknife's values; 0 where they are all equal. */
    private static double acceleration(double[] without) {
        double mean = DoubleStream.of(without).average().orElse(0);
        double squares = 0;
        double cubes = 0;
        for (double value : without) {
            double below = mean - value;
            squares += below * below;
            cubes += below * below * below;
        }
        return squares == 0 ? 0 : cubes / (6 * Math.pow(squares, 1.5));
    }

    /** The quantile that stands for a nominal one. */
    private static double corrected(double nominal, double bias, double acceleration) {
        double shifted = bias + NORMAL.inverseCumulativeProbability(nominal);
        return NORMAL.cumulativeProbability(bias + shifted / (1 - acceleration * shifted));
    }
}
