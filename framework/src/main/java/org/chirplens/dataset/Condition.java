package org.chirplens.dataset;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;

/** What may make a chirp easy or hard to measure; known for an image as far as its data set says it. */
public enum Condition {
    /** Standard deviation of the noise before smoothing. Only data that ChirpLens generated tell it. */
    NOISE_LEVEL("noise level", ""),
    DURATION("chirp duration", "s"),
    START_FREQUENCY("start frequency", "Hz"),
    /** End minus start frequency. */
    FREQUENCY_CHANGE("frequency change", "Hz"),
    /** The ordinal of the {@link ChirpShape}. */
    SHAPE("chirp shape", "");

    private final String title;
    private final String unit;

    Condition(String title, String unit) {
        this.title = title;
        this.unit = unit;
    }

    /** The name in files, such as {@code noise_level}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people with its unit, such as {@code chirp duration (s)}. */
    public String titleWithUnit() {
        return unit.isEmpty() ? title : title + " (" + unit + ")";
    }

    /** The names of the values 0, 1, … where there are but a few; otherwise empty. */
    public List<String> categories() {
        return this == SHAPE
                ? Arrays.stream(ChirpShape.values()).map(ChirpShape::key).toList()
                : List.of();
    }

    /** The value for an image, in the condition's unit; NaN where the set does not tell. */
    public double of(ImageSet images, int index) {
        if (this == NOISE_LEVEL) {
            return images.noiseLevel(index);
        }
        Chirp chirp = images.chirp(index);
        if (chirp == null) {
            return Double.NaN;
        }
        return switch (this) {
            case DURATION -> chirp.durationSeconds();
            case START_FREQUENCY -> chirp.startFrequencyHz();
            case FREQUENCY_CHANGE -> chirp.endFrequencyHz() - chirp.startFrequencyHz();
            default -> chirp.shape().ordinal();
        };
    }
}
