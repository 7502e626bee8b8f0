package org.chirplens.dataset;

import org.chirplens.chirp.Chirp;
import org.chirplens.figure.RgbImage;

/**
 * Labelled images by index, {@code 0} to {@code size() - 1}: files on disk, or figures drawn as they are asked for.
 * All methods may be called from several threads at once.
 */
public interface ImageSet {
    /** The number of images. */
    int size();

    /** The image's name for messages and tables, such as {@code spectrogram_1.png}. */
    String name(int index);

    /**
     * Reads or draws one image.
     *
     * @throws IllegalArgumentException when the file is not an image that can be decoded; the message names it
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    RgbImage image(int index);

    /** The parameters of the image's chirp, which its targets are taken from. */
    Chirp label(int index);
}
