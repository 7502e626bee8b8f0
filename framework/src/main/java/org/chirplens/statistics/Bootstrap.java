package org.chirplens.statistics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Confidence intervals by resampling images: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of
 * Statistics 7 (1979) 1-26. Images are drawn with replacement, as many as there are, and the statistic is taken of them;
 * an interval lies between two quantiles of {@code resamples} such values, see {@link Estimate}.
 *
 * <p>A statistic must be a function of sums over images. How often each image was drawn is found once per resample and
 * used for all sums, so statistics of several things are resampled together. Memory grows by images and by resamples, not
 * by their product.
 *
 * @param resamples how many times images are drawn, at least 100
 * @param seed of the draws; equal seeds give equal intervals
 */
public record Bootstrap(int resamples, long seed) {
    /** The probability with which an interval covers the true value. */
    public static final double LEVEL = 0.95;

    /** The bootstrap of all results of ChirpLens. */
    public static final Bootstrap STANDARD = new Bootstrap(2000, 42);

    public Bootstrap {
        if (resamples < 100) {
            throw new IllegalArgumentException("resamples must be at least 100, found " + resamples);
        }
    }

    /** Statistics of {@code n} images, whose sums are given. */
    @FunctionalInterface
    public interface Statistics {
        double[] of(double[] sums, int n);
    }

    /** The mean of some values, at least one, with its intervals. */
    public Estimate ofMean(double[] values) {
        double[][] terms =
                DoubleStream.of(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
        return estimates(Terms.of(terms), (sums, n) -> new double[] {sums[0] / n})
                .get(0);
    }

    /** Each statistic with its intervals, all from the same draws. */
    public List<Estimate> estimates(Terms terms, Statistics statistics) {
        int n = terms.images();
        double[] total = WeightedSums.total(terms);
        double[] values = statistics.of(total, n);
        double[][] drawn = drawn(sums(terms), n, statistics, values.length);
        double[][] without = without(terms, total, statistics, values.length);
        List<Estimate> estimates = new ArrayList<>();
        for (int s = 0; s < values.length; s++) {
            estimates.add(Estimate.of(values[s], drawn[s], without[s]));
        }
        return estimates;
    }

    /** The sums of every resample, [fields][resamples]; the draws follow from the seed and the number of images alone. */
    public double[][] sums(Terms terms) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
        return WeightedSums.of(terms, resamples, weights -> {
            // 128 draws of one image, too many for a byte, need a chance of less than 1e-200.
            for (int i = 0; i < weights.length; i++) {
                weights[random.nextInt(weights.length)]++;
            }
        });
    }

    /** The statistics of every draw, [statistics][resamples]. */
    private static double[][] drawn(double[][] sums, int n, Statistics statistics, int count) {
        int draws = sums[0].length;
        double[][] drawn = new double[count][draws];
        double[] of = new double[sums.length];
        for (int b = 0; b < draws; b++) {
            for (int f = 0; f < of.length; f++) {
                of[f] = sums[f][b];
            }
            put(drawn, b, statistics.of(of, n));
        }
        return drawn;
    }

    /** The statistics without each image (the jackknife), [statistics][images]. */
    private static double[][] without(Terms terms, double[] total, Statistics statistics, int count) {
        int n = terms.images();
        double[][] without = new double[count][n];
        double[] row = new double[total.length];
        double[] sums = new double[total.length];
        for (int i = 0; i < n; i++) {
            terms.put(i, 0, row);
            for (int f = 0; f < sums.length; f++) {
                sums[f] = total[f] - row[f];
            }
            put(without, i, statistics.of(sums, n - 1));
        }
        return without;
    }

    private static void put(double[][] columns, int row, double[] values) {
        for (int s = 0; s < values.length; s++) {
            columns[s][row] = values[s];
        }
    }

    /**
     * A quantile of sorted values, with linear interpolation between neighbours (type 7 of Hyndman and Fan 1996); not finite where one of
     * these is not.
     */
    public static double quantile(double[] sorted, double share) {
        double at = share * (sorted.length - 1);
        int low = (int) at;
        int high = Math.min(low + 1, sorted.length - 1);
        return at == low || sorted[low] == sorted[high]
                ? sorted[low]
                : sorted[low] + (at - low) * (sorted[high] - sorted[low]);
    }
}
