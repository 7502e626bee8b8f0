package org.chirplens.chirp;

import org.apache.commons.rng.UniformRandomProvider;

/**
 * What chirps are drawn from, each parameter uniformly from its range. The end frequency is the start frequency plus the
 * change, clipped to the frequency axis of {@link ChirpArray}.
 *
 * @param startTimeSeconds start time in s
 * @param durationSeconds duration in s; with the latest start it must fit on the time axis
 * @param startFrequencyHz start frequency in Hz
 * @param frequencyChangeHz end minus start frequency in Hz, before clipping
 * @param noiseLevel standard deviation of the noise before smoothing
 * @param exponentialShare probability that a chirp is exponential rather than linear
 */
public record Population(
        Range startTimeSeconds,
        Range durationSeconds,
        Range startFrequencyHz,
        Range frequencyChangeHz,
        Range noiseLevel,
        double exponentialShare) {

    /** A half-open interval {@code [low, high)}; the single value {@code low} when both are equal. */
    public record Range(double low, double high) {
        public Range {
            if (!(low <= high) || Double.isInfinite(low) || Double.isInfinite(high)) {
                throw new IllegalArgumentException(
                        "a range must be finite with low <= high, found [" + low + ", " + high + "]");
            }
        }

        double at(double fraction) {
            return low + (high - low) * fraction;
        }
    }

    public Population {
        requireWithin("startTimeSeconds", startTimeSeconds, 0, ChirpArray.MAX_TIME_SECONDS);
        // Below one column of the array a chirp would leave no trace.
        requireWithin(
                "durationSeconds",
                durationSeconds,
                ChirpArray.MAX_TIME_SECONDS / ChirpArray.BINS,
                ChirpArray.MAX_TIME_SECONDS - startTimeSeconds.high());
        requireWithin("startFrequencyHz", startFrequencyHz, 0, ChirpArray.MAX_FREQUENCY_HZ);
        requireWithin(
                "frequencyChangeHz", frequencyChangeHz, -ChirpArray.MAX_FREQUENCY_HZ, ChirpArray.MAX_FREQUENCY_HZ);
        requireWithin("noiseLevel", noiseLevel, 0, Double.MAX_VALUE);
        if (!(exponentialShare >= 0 && exponentialShare <= 1)) {
            throw new IllegalArgumentException("exponentialShare must be in [0, 1], found " + exponentialShare);
        }
    }

    /** The population of the released generator. */
    public static Population released() {
        return new Population(
                new Range(0, 45), new Range(1, 15), new Range(0, 100), new Range(-30, 30), new Range(0.09, 0.3), 0.5);
    }

    /** Draws chirp {@code index} of {@code seed}: a function of the two alone, whatever was drawn before. */
    public DrawnChirp draw(long seed, long index) {
        UniformRandomProvider random = RandomStream.of(seed, index);
        double start = startTimeSeconds.at(random.nextDouble());
        double duration = durationSeconds.at(random.nextDouble());
        double startFrequency = startFrequencyHz.at(random.nextDouble());
        double endFrequency = startFrequency + frequencyChangeHz.at(random.nextDouble());
        double clipped = Math.max(0, Math.min(endFrequency, ChirpArray.MAX_FREQUENCY_HZ));
        ChirpShape shape = random.nextDouble() < exponentialShare ? ChirpShape.EXPONENTIAL : ChirpShape.LINEAR;
        double level = noiseLevel.at(random.nextDouble());
        return new DrawnChirp(new Chirp(start, duration, startFrequency, clipped, shape), level, random.nextLong());
    }

    private static void requireWithin(String name, Range range, double low, double high) {
        if (range.low() < low || range.high() > high) {
            throw new IllegalArgumentException(name + " must lie within [" + low + ", " + high + "], found ["
                    + range.low() + ", " + range.high() + "]");
        }
    }
}
