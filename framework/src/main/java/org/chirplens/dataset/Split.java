package org.chirplens.dataset;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A division of a data set's images into those to train on, those that choose the best epoch, and those to test with.
 *
 * @param train image indices to train on, in shuffled order
 * @param validation image indices to choose with, in shuffled order; empty where the test images choose
 * @param test image indices held out, in shuffled order
 */
public record Split(int[] train, int[] validation, int[] test) {
    /**
     * The split of scikit-learn's {@code train_test_split(range(n), test_size=test, random_state=seed)}, index by
     * index: test is the first part of {@code RandomState(seed).permutation(n)}, train the rest. No image is set aside
     * for validation.
     *
     * @param n the number of images, at least 2
     * @param test the held-out fraction when below 1 (rounded up to whole images), the number of images from 1 on
     * @param seed at least 0
     */
    public static Split of(int n, double test, int seed) {
        return ofGroups(n, 1, test, seed);
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
        int[] groups = IntStream.range(0, (n + groupSize - 1) / groupSize).toArray();
        Halves halves = Halves.of("test", groups, groupSize, test, seed);
        return new Split(members(halves.rest, groupSize, n), new int[0], members(halves.held, groupSize, n));
    }

    /**
     * This split with a part of its training images set aside to choose with: a second {@code train_test_split}, of the
     * training images, with the same seed. The test images stay what they are.
     *
     * @param validation the fraction of the training images when below 1 (rounded up), the least number of images from 1
     *     on; 0 changes nothing
     * @param groupSize as in {@link #ofGroups}
     */
    public Split withValidation(double validation, int groupSize, int seed) {
        if (validation == 0) {
            return this;
        }
        int n = train.length + this.validation.length + test.length;
        int[] groups =
                Arrays.stream(train).map(image -> image / groupSize).distinct().toArray();
        Halves halves = Halves.of("validation", groups, groupSize, validation, seed);
        return new Split(members(halves.rest, groupSize, n), members(halves.held, groupSize, n), test);
    }

    /** The images that choose the best epoch: those of validation, or else, as in the released script, of the test. */
    public int[] choosing() {
        return validation.length > 0 ? validation : test;
    }

    private static int[] members(int[] groups, int groupSize, int n) {
        return Arrays.stream(groups)
                .flatMap(group -> IntStream.range(group * groupSize, Math.min(n, (group + 1) * groupSize)))
                .toArray();
    }

    /** Groups of images, shuffled and cut in two. */
    private record Halves(int[] held, int[] rest) {
        static Halves of(String part, int[] groups, int groupSize, double size, int seed) {
            if (seed < 0) {
                throw new IllegalArgumentException("split seed must be at least 0, found " + seed);
            }
            int held = heldOut(part, groups.length, groupSize, size);
            int[] order = Arrays.stream(new MersenneTwister(seed).permutation(groups.length))
                    .map(i -> groups[i])
                    .toArray();
            return new Halves(Arrays.copyOf(order, held), Arrays.copyOfRange(order, held, order.length));
        }

        private static int heldOut(String part, int groups, int groupSize, double size) {
            if (!(size > 0)) {
                throw new IllegalArgumentException(part + " part of a split must be above 0, found " + size);
            }
            if (size >= 1 && size != Math.rint(size)) {
                throw new IllegalArgumentException(
                        part + " part of a split must be below 1 or a whole number of images, found " + size);
            }
            double held = Math.ceil(size < 1 ? size * groups : size / groupSize);
            if (held > groups - 1) {
                String of = groups + (groupSize == 1 ? " images" : " groups of " + groupSize + " images");
                throw new IllegalArgumentException("a split of " + of + " with " + part + " part " + size
                        + " must leave at least one to train on, found " + (long) (groups - held) + " left");
            }
            return (int) held;
        }
    }
}
