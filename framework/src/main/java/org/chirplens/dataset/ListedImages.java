package org.chirplens.dataset;

import org.chirplens.figure.RgbImage;

/** The images of a data set directory as they are, by index from 0, whatever is wrong with their files. Thread-safe. */
interface ListedImages {
    /**
     * An image that could be decoded.
     *
     * @param mode how its pixels are stored, such as {@code RGBA, 8 bits}
     */
    record Decoded(RgbImage image, String mode) {}

    /** How many images there are, those without a label row included. */
    int count();

    /** Whether there is something to decode. */
    boolean isPresent(int index);

    /** Where an image is that is present, for messages. */
    String place(int index);

    /**
     * Decodes an image that is present.
     *
     * @throws RuntimeException of any kind when that cannot be done
     */
    Decoded read(int index);
}
