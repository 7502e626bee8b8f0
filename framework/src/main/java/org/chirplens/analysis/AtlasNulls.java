package org.chirplens.analysis;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.chirplens.statistics.Bootstrap;

/**
 * The shares of attention that a head's maps would give to each part of the figure if they had nothing to do with it.
 * <em>Positions</em>: the patches of all maps are exchanged by the same random permutation, again and again; a head that always
 * looks at a few patches, wherever they are, reaches high shares there. <em>Images</em>: each map is laid over an image of
 * one of the groups before it; a head that always looks where chirps often are reaches its share of the chirp there, one that follows the
 * chirp does not.
 */
final class AtlasNulls {
    /** How many images before an image its map is laid over, each of another group. */
    private static final int EARLIER = 8;

    private static final double LEVEL = 0.95;
    private static final List<AtlasLabel> PLACES = AtlasLabel.places();

    private final int[][] permutations;
    /** The first image of each of the last groups before the present one. */
    private final Deque<double[][]> earlier = new ArrayDeque<>();

    /** The first image of the present group, and the group's number. */
    private double[][] present = {};

    private int group;

    /** Sums of masses, [permutations][heads * regions]. */
    private final double[][] shuffled;

    /** Sums of masses over the first image of the group so many before, [EARLIER][heads * regions]. */
    private final double[][] ofOthers;

    /** The regions' gram matrix, summed over the same images as the masses. */
    private final double[] gram = new double[RegionShares.GRAM];

    /** @param patches of an image */
    AtlasNulls(int heads, int patches, AtlasSettings settings) {
        UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(settings.seed());
        permutations = IntStream.range(0, settings.shuffles())
                .mapToObj(k -> {
                    int[] permutation = PermutationSampler.natural(patches);
                    PermutationSampler.shuffle(random, permutation);
                    return permutation;
                })
                .toArray(int[][]::new);
        shuffled = new double[permutations.length][heads * RegionShares.REGIONS];
        ofOthers = new double[EARLIER][heads * RegionShares.REGIONS];
    }

    /**
     * Adds an image: masks [regions][patches], and what each head does with it.
     *
     * @param ofGroup number of its group: an image and its counterfactuals may have the same chirp
     */
    void add(double[][] masks, AtlasObservations.Attention[] heads, int ofGroup) {
        if (present.length == 0 || ofGroup != group) {
            next(masks, ofGroup);
        }
        double[] own = new double[RegionShares.GRAM];
        RegionShares.gram(masks, own, 0);
        Arrays.setAll(gram, i -> gram[i] + own[i]);
        IntStream.range(0, permutations.length).parallel().forEach(k -> {
            double[][] moved = Arrays.stream(masks)
                    .map(mask -> permuted(mask, permutations[k]))
                    .toArray(double[][]::new);
            addMasses(shuffled[k], moved, heads);
        });
        int before = 0;
        for (double[][] other : earlier) {
            addMasses(ofOthers[before++], other, heads);
        }
    }

    private void next(double[][] masks, int ofGroup) {
        if (present.length > 0) {
            earlier.addFirst(present);
        }
        if (earlier.size() > EARLIER) {
            earlier.removeLast();
        }
        present = masks;
        group = ofGroup;
    }

    private static double[] permuted(double[] mask, int[] permutation) {
        double[] moved = new double[mask.length];
        for (int p = 0; p < moved.length; p++) {
            moved[p] = mask[permutation[p]];
        }
        return moved;
    }

    private static void addMasses(double[] sums, double[][] masks, AtlasObservations.Attention[] heads) {
        int at = 0;
        for (AtlasObservations.Attention head : heads) {
            for (double[] mask : masks) {
                sums[at++] += RegionShares.product(mask, head.patches());
            }
        }
    }

    /**
     * What shares of the attention to patches a head must exceed.
     *
     * @return {@code [2][places]}: against shuffled positions, so that of all places together one is exceeded by chance in 5 % of
     *     heads (Westfall and Young's maximum statistic, of standardised shares); and against other images, the largest of
     *     {@value #EARLIER}, 0 for places that are the same in all images
     */
    double[][] thresholds(int head) {
        RegionShares regions = new RegionShares().of(gram, 0);
        double[][] positions = shares(regions, shuffled, head);
        double[] mean = new double[PLACES.size()];
        double[] deviation = new double[PLACES.size()];
        for (int place = 0; place < mean.length; place++) {
            int at = place;
            mean[place] =
                    Arrays.stream(positions).mapToDouble(s -> s[at]).average().orElse(0);
            double variance = Arrays.stream(positions)
                    .mapToDouble(s -> (s[at] - mean[at]) * (s[at] - mean[at]))
                    .average()
                    .orElse(0);
            deviation[place] = Math.sqrt(variance);
        }
        double[] largest = Arrays.stream(positions)
                .mapToDouble(s -> IntStream.range(0, mean.length)
                        .filter(place -> deviation[place] > 0)
                        .mapToDouble(place -> (s[place] - mean[place]) / deviation[place])
                        .max()
                        .orElse(0))
                .sorted()
                .toArray();
        double allowed = Bootstrap.quantile(largest, LEVEL);
        double[] fromPositions = IntStream.range(0, mean.length)
                .mapToDouble(place -> mean[place] + allowed * deviation[place])
                .toArray();
        return new double[][] {fromPositions, fromOthers(regions, head)};
    }

    /** Only the chirp moves from image to image, and the background with it. */
    private double[] fromOthers(RegionShares regions, int head) {
        // With images of one group alone there is no other image, and nothing can be told from where chirps often are.
        double[][] others = shares(regions, Arrays.copyOf(ofOthers, earlier.size()), head);
        return IntStream.range(0, PLACES.size())
                .mapToDouble(place -> PLACES.get(place) == AtlasLabel.CHIRP
                        ? Arrays.stream(others)
                                .mapToDouble(shares -> shares[place])
                                .max()
                                .orElse(Double.POSITIVE_INFINITY)
                        : 0)
                .toArray();
    }

    /** [draws][places]. */
    private static double[][] shares(RegionShares regions, double[][] masses, int head) {
        return Arrays.stream(masses)
                .map(mass -> {
                    double[] parts = regions.solve(mass, head * RegionShares.REGIONS);
                    return PLACES.stream()
                            .mapToDouble(place -> AtlasObservations.share(place, parts))
                            .toArray();
                })
                .toArray(double[][]::new);
    }
}
