package org.chirplens.figure;

import org.chirplens.chirp.Spectrogram;

/**
 * The intensities at the two ends of a figure's colours; what lies beyond gets the colour of the nearer end.
 *
 * @param min intensity of the first colour
 * @param max intensity of the last colour, at least {@code min}
 */
public record ColourRange(double min, double max) {
    public ColourRange {
        if (!(min <= max) || !Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException(
                    "a colour range must be finite with min <= max, found [" + min + ", " + max + "]");
        }
    }

    /**
     * From a spectrogram's smallest to its largest value, as in released figures.
     *
     * @throws IllegalArgumentException if a value is not finite
     */
    public static ColourRange of(Spectrogram spectrogram) {
        return new ColourRange(spectrogram.min(), spectrogram.max());
    }

    /** The range that the colour bar shows: matplotlib widens an empty one ({@code transforms.nonsingular}). */
    ColourRange shown() {
        if (min < max) {
            return this;
        }
        double around = min == 0 ? 0.1 : 0.1 * Math.abs(min);
        return new ColourRange(min - around, max + around);
    }
}
