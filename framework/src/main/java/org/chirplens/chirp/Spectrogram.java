package org.chirplens.chirp;

/**
 * A square array of intensities over frequency and time.
 *
 * @param bins frequency bins, and as many time bins
 * @param values {@code bins * bins} intensities {@code [frequency bin][time bin]}, row-major; row 0 is the lowest frequency
 */
public record Spectrogram(int bins, double[] values) {
    public Spectrogram {
        if (bins < 1 || values.length != (long) bins * bins) {
            throw new IllegalArgumentException("a spectrogram of " + bins + " x " + bins + " bins needs "
                    + (long) bins * bins + " values, found " + values.length);
        }
    }

    /** The smallest value. */
    public double min() {
        double min = values[0];
        for (double value : values) {
            min = Math.min(min, value);
        }
        return min;
    }

    /** The largest value. */
    public double max() {
        double max = values[0];
        for (double value : values) {
            max = Math.max(max, value);
        }
        return max;
    }
}
