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

    /** Of the values that a changed factor may take, the part around the old value that it does not. */
    private static final double LEFT_OUT = 0.1;

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

        private Range within(double least, double most) {
            double start = Math.max(low, least);
            return new Range(start, Math.max(start, Math.min(high, most)));
        }

        /** A value that is at least a tenth of the interval's length away from another one, all such being alike in chance. */
        private double awayFrom(double value, double fraction) {
            double gap = LEFT_OUT * (high - low);
            double below = Math.max(0, value - gap - low);
            double above = Math.max(0, high - value - gap);
            double at = (below + above) * fraction;
            return at < below ? low + at : high - (below + above - at);
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

    /**
     * The same chirp with one factor changed: the other half of a counterfactual pair. A number moves by at least a tenth of the range
     * that it could be drawn from, given all others. The frequencies keep to the population's range of frequency change. Equal
     * chirps and factors give equal results.
     *
     * @throws IllegalArgumentException if the population leaves the factor a single value
     */
    public DrawnChirp change(DrawnChirp drawn, ChirpFactor factor) {
        UniformRandomProvider random = RandomStream.of(drawn.noiseSeed(), 1L + factor.ordinal());
        double fraction = random.nextDouble();
        Chirp chirp = drawn.chirp();
        double start = chirp.startTimeSeconds();
        double duration = chirp.durationSeconds();
        double startHz = chirp.startFrequencyHz();
        double endHz = chirp.endFrequencyHz();
        ChirpShape shape = chirp.shape();
        double level = drawn.noiseLevel();
        long noiseSeed = drawn.noiseSeed();
        switch (factor) {
            case START_TIME -> start = other("startTimeSeconds", startTimeSeconds, start, fraction);
            case DURATION -> duration = other("durationSeconds", durationSeconds, duration, fraction);
            case START_FREQUENCY ->
                startHz = other(
                        "startFrequencyHz",
                        startFrequencyHz.within(endHz - frequencyChangeHz.high, endHz - frequencyChangeHz.low),
                        startHz,
                        fraction);
            case END_FREQUENCY ->
                endHz = other(
                        "frequencyChangeHz",
                        new Range(startHz + frequencyChangeHz.low, startHz + frequencyChangeHz.high)
                                .within(0, ChirpArray.MAX_FREQUENCY_HZ),
                        endHz,
                        fraction);
            case SHAPE -> shape = shape.other();
            case NOISE_LEVEL -> level = other("noiseLevel", noiseLevel, level, fraction);
            case NOISE -> noiseSeed = random.nextLong();
        }
        return new DrawnChirp(new Chirp(start, duration, startHz, endHz, shape), level, noiseSeed);
    }

    private static double other(String name, Range range, double value, double fraction) {
        if (range.low == range.high) {
            throw new IllegalArgumentException(
                    name + " must span a range for it to be changed alone, found the single value " + range.low);
        }
        return range.awayFrom(value, fraction);
    }

    private static void requireWithin(String name, Range range, double low, double high) {
        if (range.low() < low || range.high() > high) {
            throw new IllegalArgumentException(name + " must lie within [" + low + ", " + high + "], found ["
                    + range.low() + ", " + range.high() + "]");
        }
    }
}
