package org.chirplens.chirp;

/**
 * One chirp: the parameters that a data set's label row records.
 *
 * @param startTimeSeconds time of its first column, at least 0 s
 * @param durationSeconds its length, above 0 s
 * @param startFrequencyHz frequency at its start, at least 0 Hz
 * @param endFrequencyHz frequency at its end, at least 0 Hz
 * @param shape how the frequency moves between the two
 */
public record Chirp(
        double startTimeSeconds,
        double durationSeconds,
        double startFrequencyHz,
        double endFrequencyHz,
        ChirpShape shape) {
    public Chirp {
        require(startTimeSeconds >= 0, "startTimeSeconds must be at least 0", startTimeSeconds);
        require(durationSeconds > 0, "durationSeconds must be above 0", durationSeconds);
        require(startFrequencyHz >= 0, "startFrequencyHz must be at least 0", startFrequencyHz);
        require(endFrequencyHz >= 0, "endFrequencyHz must be at least 0", endFrequencyHz);
    }

    private static void require(boolean holds, String rule, double value) {
        if (!holds || !Double.isFinite(value)) {
            throw new IllegalArgumentException(rule + ", found " + value);
        }
    }
}
