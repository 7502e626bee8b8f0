package org.chirplens.dataset;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.chirplens.figure.RgbImage;

/**
 * How an image becomes a model's input: squashed to a square, then scaled. The released packages disagree, so a model
 * directory names the recipe that its model was trained with. The names are public: {@link #key()}.
 */
public enum Preprocessing {
    /** The training script's: bicubic, values in [0, 1]. */
    TRAINING(Resample.Filter.BICUBIC),
    /** The ablation package's: bilinear, then ImageNet's mean and standard deviation per channel. */
    IMAGENET(Resample.Filter.BILINEAR),
    /** The attention-map package's: bilinear, values in [0, 1]. */
    ATTENTION(Resample.Filter.BILINEAR);

    private static final int CHANNELS = 3;

    /** The model's input for each of the 256 pixel values, by channel. */
    private static final float[][] UNIT = scaled(new float[] {0, 0, 0}, new float[] {1, 1, 1});

    private static final float[][] STANDARDISED =
            scaled(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f});

    private final Resample.Filter filter;

    Preprocessing(Resample.Filter filter) {
        this.filter = filter;
    }

    private static float[][] scaled(float[] mean, float[] std) {
        float[][] scaled = new float[CHANNELS][256];
        for (int c = 0; c < CHANNELS; c++) {
            for (int value = 0; value < 256; value++) {
                scaled[c][value] = (value / 255f - mean[c]) / std[c];
            }
        }
        return scaled;
    }

    /** The name in files: {@code training}, {@code imagenet} or {@code attention}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The recipe of that {@link #key()}. */
    public static Preprocessing of(String key) {
        for (Preprocessing recipe : values()) {
            if (recipe.key().equals(key)) {
                return recipe;
            }
        }
        throw new IllegalArgumentException("preprocessing must be one of "
                + Arrays.stream(values()).map(Preprocessing::key).collect(Collectors.joining(", ")) + ", found \"" + key
                + "\"");
    }

    /** The number of floats of one preprocessed image: {@code 3 * imageSize * imageSize}. */
    public static int length(int imageSize) {
        return CHANNELS * imageSize * imageSize;
    }

    /** The first part of the recipe: an image squashed to a square; one that has this size is returned as it is. */
    RgbImage resize(RgbImage image, int imageSize) {
        boolean fits = image.width() == imageSize && image.height() == imageSize;
        return fits ? image : Resample.resize(image, imageSize, imageSize, filter);
    }

    /**
     * Writes one image as {@code [3, imageSize, imageSize]}, channel by channel, row by row.
     *
     * @param out receives {@link #length} values from {@code offset} on
     */
    public void apply(RgbImage image, int imageSize, float[] out, int offset) {
        byte[] rgb = resize(image, imageSize).rgb();
        float[][] scaled = this == IMAGENET ? STANDARDISED : UNIT;
        int plane = imageSize * imageSize;
        for (int c = 0; c < CHANNELS; c++) {
            float[] values = scaled[c];
            for (int i = 0, from = c, to = offset + c * plane; i < plane; i++, from += CHANNELS, to++) {
                out[to] = values[rgb[from] & 0xff];
            }
        }
    }
}
