package org.chirplens.dataset;

import java.util.Arrays;

/**
 * The images that a model is run over, and how they become its input.
 *
 * @param images the set they are of
 * @param indices which of them, in this order
 * @param recipe how they are preprocessed
 * @param scaling between physical and standardised targets
 * @param threads threads that read or draw and preprocess them
 */
public record Selection(ImageSet images, int[] indices, Preprocessing recipe, TargetScaling scaling, int threads) {
    public Selection {
        if (!Target.agree(images.targets(), scaling.targets())) {
            throw new IllegalArgumentException("images and scaling must have the same targets, found "
                    + Target.list(images.targets()) + " and " + Target.list(scaling.targets()));
        }
    }

    /** The number of images. */
    public int size() {
        return indices.length;
    }

    /** The first images of this selection, all of them when there are fewer. */
    public Selection first(int count) {
        return new Selection(images, Arrays.copyOf(indices, Math.min(count, indices.length)), recipe, scaling, threads);
    }

    /** The images at these positions of the selection, in this order. */
    public Selection reordered(int[] positions) {
        return new Selection(
                images, Arrays.stream(positions).map(i -> indices[i]).toArray(), recipe, scaling, threads);
    }

    /** Reads the images from position {@code from} of the selection on. */
    public BatchReader batches(int from, int batchSize, int imageSize) {
        int[] rest = Arrays.copyOfRange(indices, from, indices.length);
        return new BatchReader(images, rest, batchSize, recipe, imageSize, threads);
    }

    /** Standardised labels [images][targets]. */
    public float[][] labels() {
        return labels(scaling);
    }

    /** Labels in the targets' units [images][targets]. */
    public float[][] physicalLabels() {
        return labels(TargetScaling.identity(scaling.targets()));
    }

    private float[][] labels(TargetScaling by) {
        return Arrays.stream(indices)
                .mapToObj(index -> by.standardise(images.label(index)))
                .toArray(float[][]::new);
    }
}
