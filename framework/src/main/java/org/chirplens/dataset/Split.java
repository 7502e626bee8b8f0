package org.chirplens.dataset;

import java.util.Arrays;

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
