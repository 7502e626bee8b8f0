package org.chirplens.dataset;

/**
 * Preprocessed images, ready to be fed.
 *
 * @param indices the data-set index of each image, {@code n} of them
 * @param pixels {@code [n, 3, imageSize, imageSize]}, row-major
 */
public record Batch(int[] indices, float[] pixels) {
    /** The number of images. */
    public int size() {
        return indices.length;
    }
}
