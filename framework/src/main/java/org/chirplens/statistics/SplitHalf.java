package org.chirplens.statistics;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * How far the order of items (heads) depends on which images were taken: the images are cut into random halves, many times,
 * and the order by the sums over one half is compared with that by the sums over the other.
 *
 * @param splits how often images were cut in two
 * @param spearman rank correlation of the two halves, mean over the splits; NaN where no split has one
 * @param low a twentieth of the splits have a smaller correlation
 * @param high a twentieth of the splits have a larger one
 * @param spearmanBrown what to expect of two sets as large as all images, see {@link #corrected}
 * @param top how many items count as the first ones
 * @param topShare how many of the first items of one half are among the first of the other, as a share, mean over the
 *     splits; {@code top / items} by chance
 */
public record SplitHalf(
        int splits, double spearman, double low, double high, double spearmanBrown, int top, double topShare) {
    /** Splits drawn unless asked otherwise; the mean correlation is then known to a tenth of the spread of one split. */
    public static final int SPLITS = 200;

    private static final long SEED = 42;

    /**
     * Compares random halves; with an odd number of images one half has one more.
     *
     * @param items a field per item, for at least two images
     * @param top how many items count as the first, at most their number is taken
     */
    public static SplitHalf of(Terms items, int splits, int top) {
        int n = items.images();
        if (n < 2 || splits < 1 || top < 1) {
            throw new IllegalArgumentException("at least 2 images, 1 split and 1 item to compare are needed, found " + n
                    + ", " + splits + " and " + top);
        }
        int first = Math.min(top, items.fields());
        double[] total = WeightedSums.total(items);
        double[][] halves = halves(items, splits);
        double[] correlations = new double[splits];
        double stay = 0;
        for (int split = 0; split < splits; split++) {
            double[] one = column(halves, split);
            double[] other = IntStream.range(0, total.length)
                    .mapToDouble(item -> total[item] - one[item])
                    .toArray();
            correlations[split] = RankCorrelation.spearman(one, other);
            stay += common(first(one, first), first(other, first)) / (double) first;
        }
        double[] sorted =
                DoubleStream.of(correlations).filter(Double::isFinite).sorted().toArray();
        double mean = DoubleStream.of(sorted).average().orElse(Double.NaN);
        return new SplitHalf(
                splits, mean, quantile(sorted, 0.05), quantile(sorted, 0.95), corrected(mean), first, stay / splits);
    }

    /**
     * {@code 2 r / (1 + r)}: the reliability of twice as many images as a half has (W. Brown 1910 and C. Spearman 1910,
     * British Journal of Psychology 3, 296-322 and 271-295). A correlation that is not positive stays as it is: the
     * formula is not meant for it.
     */
    static double corrected(double r) {
        return r > 0 ? 2 * r / (1 + r) : r;
    }

    /** The sums over one half of the images in every split, [items][splits]. */
    private static double[][] halves(Terms items, int splits) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(SEED);
        int[] order = IntStream.range(0, items.images()).toArray();
        return WeightedSums.of(items, splits, weights -> {
            for (int i = 0; i < order.length / 2; i++) {
                int j = i + random.nextInt(order.length - i);
                int kept = order[i];
                order[i] = order[j];
                order[j] = kept;
                weights[order[i]] = 1;
            }
        });
    }

    private static double[] column(double[][] rows, int column) {
        return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0 ? Double.NaN : Bootstrap.quantile(sorted, share);
    }

    /** The items with the largest sums. */
    private static int[] first(double[] sums, int count) {
        return IntStream.range(0, sums.length)
                .boxed()
                .sorted(Comparator.comparingDouble(item -> -sums[item]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
    }

    private static long common(int[] a, int[] b) {
        return IntStream.of(a)
                .filter(item -> IntStream.of(b).anyMatch(other -> other == item))
                .count();
    }
}
