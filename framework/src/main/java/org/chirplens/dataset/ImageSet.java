package org.chirplens.dataset;

import java.util.List;
import java.util.Objects;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

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

    /** What the labels of the images are of: the released three, unless a set has others. */
    default List<Target> targets() {
        return Target.RELEASED;
    }

    /** The values of the {@link #targets} of an image, each in its unit: those of its chirp, unless a set has others. */
    default double[] label(int index) {
        return Target.allOf(Objects.requireNonNull(chirp(index)));
    }

    /** The parameters of the image's chirp; null where images are no chirps. */
    @Nullable
    Chirp chirp(int index);

    /** Standard deviation of the noise of an image's chirp, before smoothing; NaN where the set does not tell. */
    default double noiseLevel(int index) {
        return Double.NaN;
    }

    /** How the images are drawn, counterfactuals aside; null where they are no figures of chirps. */
    default @Nullable ChirpFigure figure() {
        return null;
    }

    /** How many images, from index 0 on, belong together: one of the population and its counterfactuals; 1 without any. */
    default int groupSize() {
        return 1;
    }

    /**
     * Which region each pixel of an image is in; null where images are no figures of chirps. Exact for images that ChirpLens drew; for
     * those of the released generator from the fixed layout, the labels, and the ticks of the colour bar as they are found
     * in the image.
     *
     * @throws IllegalArgumentException if the image is no figure of the size that it must have
     */
    default @Nullable FigureRegions regions(int index) {
        return null;
    }
}
