package org.chirplens.training;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Confidence intervals by resampling images: B. Efron, "Better bootstrap confidence intervals", Journal of the American
 * Statistical Association 82 (1987) 171-185, known as BCa. Images are drawn with replacement, as many as there are, and
 * the statistic is taken of them; the interval lies between two quantiles of {@code resamples} such values. Which
 * quantiles, follows from the bias (how many values lie below the statistic of the images themselves) and from the
 * acceleration (how skew the statistics with one image left out are).
 *
 * <p>A statistic must be a function of sums over images. Only what each image adds is kept, and the values of the
 * statistics: memory grows by images and by resamples, not by their product.
 *
 * @param resamples how many times images are drawn, at least 100
 * @param seed of the draws; equal seeds give equal intervals
 */
public record Bootstrap(int resamples, long seed) {
    /** The probability with which an interval covers the true value. */
    public static final double LEVEL = 0.95;

    /** The bootstrap of all results of ChirpLens. */
    public static final Bootstrap STANDARD = new Bootstrap(2000, 42);

    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    public Bootstrap {
        Check.that(resamples >= 100, "resamples must be at least 100", resamples);
    }

    /** Statistics of {@code n} images, whose sums are given. */
    interface Statistics {
        double[] of(double[] sums, int n);
    }

    /** The interval of the mean of some values, at least one. */
    public Interval ofMean(double[] values) {
        double[][] terms =
                DoubleStream.of(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
        return intervals(terms, (sums, n) -> new double[] {sums[0] / n})[0];
    }

    /**
     * The interval of each statistic, all from the same draws.
     *
     * @param terms what each image adds to the sums, [images][fields], at least one image
     */
    Interval[] intervals(double[][] terms, Statistics statistics) {
        int n = terms.length;
        double[] total = new double[terms[0].length];
        for (double[] row : terms) {
            add(total, row);
        }
        double[] estimates = statistics.of(total, n);
        double[][] drawn = drawn(terms, statistics, estimates.length);
        double[][] without = without(terms, total, statistics, estimates.length);
        return IntStream.range(0, estimates.length)
                .mapToObj(s -> interval(estimates[s], drawn[s], without[s]))
                .toArray(Interval[]::new);
    }

    /** The statistics of every draw, [statistics][resamples]. */
    private double[][] drawn(double[][] terms, Statistics statistics, int count) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        double[][] drawn = new double[count][resamples];
        double[] sums = new double[terms[0].length];
        for (int b = 0; b < resamples; b++) {
            Arrays.fill(sums, 0);
            for (int i = 0; i < terms.length; i++) {
                add(sums, terms[random.nextInt(terms.length)]);
            }
            put(drawn, b, statistics.of(sums, terms.length));
        }
        return drawn;
    }

    /** The statistics without each image (the jackknife), [statistics][images]. */
    private static double[][] without(double[][] terms, double[] total, Statistics statistics, int count) {
        double[][] without = new double[count][terms.length];
        double[] sums = new double[total.length];
        for (int i = 0; i < terms.length; i++) {
            for (int f = 0; f < sums.length; f++) {
                sums[f] = total[f] - terms[i][f];
            }
            put(without, i, statistics.of(sums, terms.length - 1));
        }
        return without;
    }

    static void add(double[] sums, double[] row) {
        for (int f = 0; f < sums.length; f++) {
            sums[f] += row[f];
        }
    }

    private static void put(double[][] columns, int row, double[] values) {
        for (int s = 0; s < values.length; s++) {
            columns[s][row] = values[s];
        }
    }

    /**
     * The interval of one statistic.
     *
     * @param drawn its value for every draw; those that are not finite, as the correlation of one image drawn again and
     *     again, are left out
     * @param without its value without each image
     */
    static Interval interval(double estimate, double[] drawn, double[] without) {
        double[] sorted =
                DoubleStream.of(drawn).filter(Double::isFinite).sorted().toArray();
        boolean defined = Double.isFinite(estimate)
                && 2 * sorted.length > drawn.length
                && without.length > 1
                && DoubleStream.of(without).allMatch(Double::isFinite);
        if (!defined) {
            return Interval.UNDEFINED;
        }
        double bias = NORMAL.inverseCumulativeProbability(shareBelow(sorted, estimate));
        if (Double.isInfinite(bias)) {
            return Interval.UNDEFINED;
        }
        double acceleration = acceleration(without);
        return new Interval(
                quantile(sorted, corrected((1 - LEVEL) / 2, bias, acceleration)),
                quantile(sorted, corrected((1 + LEVEL) / 2, bias, acceleration)));
    }

    /** The share of values below another one, equal values counted half. */
    private static double shareBelow(double[] sorted, double value) {
        long below = DoubleStream.of(sorted).filter(v -> v < value).count();
        long equal = DoubleStream.of(sorted).filter(v -> v == value).count();
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

    /** A quantile of sorted values, with linear interpolation between neighbours (type 7 of Hyndman and Fan 1996). */
    public static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.length - 1);
        return sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
