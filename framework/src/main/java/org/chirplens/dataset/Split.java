package org.chirplens.dataset;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A division of a data set's images into those to train on and those to test with.
 *
 * @param train image indices to train on, in shuffled order
 * @param test image indices held out, in shuffled order
 */
public record Split(int[] train, int[] test) {
    /**
     * The split of scikit-learn's {@code train_test_split(range(n), test_size=test, random_state=seed)}, index by
     * index: test is the first part of {@code RandomState(seed).permutation(n)}, train the rest.
     *
     * @param n the number of images, at least 2
     * @param test the held-out fraction when below 1 (rounded up to whole images), the number of images from 1 on
     * @param seed at least 0
     */
    public static Split of(int n, double test, int seed) {
        if (seed < 0) {
            throw new IllegalArgumentException("split seed must be at least 0, found " + seed);
        }
        int held = heldOut(n, test);
        int[] order = new MersenneTwister(seed).permutation(n);
        return new Split(Arrays.copyOfRange(order, held, n), Arrays.copyOf(order, held));
    }

    /**
     * The same for images that belong together, an image and its counterfactuals, none of which may be trained on while others are
     * tested with: the split is one of whole groups.
     *
     * @param n the number of images
     * @param groupSize how many images, one after the other, are a group; 1 makes this {@link #of(int, double, int)}
     * @param test the held-out fraction when below 1, the least number of images from 1 on
     */
    public static Split ofGroups(int n, int groupSize, double test, int seed) {
        int groups = (n + groupSize - 1) / groupSize;
        Split split = of(groups, test < 1 ? test : Math.ceil(test / groupSize), seed);
        return new Split(members(split.train, groupSize, n), members(split.test, groupSize, n));
    }

    private static int[] members(int[] groups, int groupSize, int n) {
        return Arrays.stream(groups)
                .flatMap(group -> IntStream.range(group * groupSize, Math.min(n, (group + 1) * groupSize)))
                .toArray();
    }

    private static int heldOut(int n, double test) {
        if (!(test > 0)) {
            throw new IllegalArgumentException("test part of a split must be above 0, found " + test);
        }
        if (test >= 1 && test != Math.rint(test)) {
            throw new IllegalArgumentException(
                    "test part of a split must be below 1 or a whole number of images, found " + test);
        }
        double held = test < 1 ? Math.ceil(test * n) : test;
        if (held > n - 1) {
            throw new IllegalArgumentException("a split of " + n + " images with test part " + test
                    + " must leave at least one to train on, found " + (long) (n - held) + " left");
        }
        return (int) held;
    }
}
