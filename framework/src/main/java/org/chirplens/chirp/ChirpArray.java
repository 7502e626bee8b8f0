package org.chirplens.chirp;

/**
 * The released generator's spectrogram array: a Gaussian ridge of height 1 along the chirp, then noise, then smoothing.
 *
 * <p>{@link StrictMath} makes the values the same on every platform; per chirp it is called a few hundred times at most.
 */
public final class ChirpArray {
    /** Frequency bins, and time bins. */
    public static final int BINS = 128;
    /** Seconds that the time axis spans. */
    public static final double MAX_TIME_SECONDS = 60;
    /** Hertz that the frequency axis spans. */
    public static final double MAX_FREQUENCY_HZ = 100;

    /** The ridge is drawn this many bins above and below the bin of its centre. */
    private static final int RIDGE_REACH = 2;

    private ChirpArray() {}

    /**
     * The chirp without noise and smoothing, {@code [BINS * BINS]} as in {@link Spectrogram}. Columns that would lie beyond
     * the end of the time axis are left out; frequencies beyond the axis are clamped to its last bin.
     */
    public static double[] clean(Chirp chirp) {
        double[] values = new double[BINS * BINS];
        int first = (int) (chirp.startTimeSeconds() * BINS / MAX_TIME_SECONDS);
        int columns = (int) (chirp.durationSeconds() * BINS / MAX_TIME_SECONDS);
        for (int i = 0; i < columns && first + i < BINS; i++) {
            addRidge(values, first + i, clamp(centre(chirp, (double) i / columns)));
        }
        return values;
    }

    /**
     * The chirp with noise, smoothed.
     *
     * @param noiseLevel what the noise is multiplied by
     * @param noise {@code [BINS * BINS]} standard normal values
     */
    public static Spectrogram noisy(Chirp chirp, double noiseLevel, double[] noise) {
        return new Spectrogram(BINS, GaussianFilter.smooth(beforeSmoothing(chirp, noiseLevel, noise), BINS));
    }

    /** The chirp with noise, not smoothed: {@code clean + noiseLevel * noise}, {@code [BINS * BINS]}. */
    public static double[] beforeSmoothing(Chirp chirp, double noiseLevel, double[] noise) {
        if (noise.length != BINS * BINS) {
            throw new IllegalArgumentException(
                    "noise must have " + BINS * BINS + " values (" + BINS + " x " + BINS + "), found " + noise.length);
        }
        double[] values = clean(chirp);
        for (int i = 0; i < values.length; i++) {
            values[i] += noiseLevel * noise[i];
        }
        return values;
    }

    /** The frequency, in bins, at the fraction {@code s} of the chirp's duration; both ends are truncated to whole bins first. */
    private static double centre(Chirp chirp, double s) {
        int start = bin(chirp.startFrequencyHz());
        int end = bin(chirp.endFrequencyHz());
        return switch (chirp.shape()) {
            case LINEAR -> start + (end - start) * s;
            case EXPONENTIAL -> {
                int base = Math.max(start, 1);
                yield base * StrictMath.pow((double) end / base, s);
            }
        };
    }

    private static int bin(double frequencyHz) {
        return (int) (frequencyHz * BINS / MAX_FREQUENCY_HZ);
    }

    private static double clamp(double centre) {
        return Math.max(0, Math.min(centre, BINS - 1));
    }

    private static void addRidge(double[] values, int column, double centre) {
        int middle = (int) centre;
        int low = Math.max(0, middle - RIDGE_REACH);
        int high = Math.min(BINS - 1, middle + RIDGE_REACH);
        for (int f = low; f <= high; f++) {
            values[f * BINS + column] += StrictMath.exp(-(f - centre) * (f - centre));
        }
    }
}
