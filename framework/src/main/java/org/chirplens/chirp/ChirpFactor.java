package org.chirplens.chirp;

/** What of a drawn chirp can be changed alone, all else, its noise included, staying as it is: {@link Population#change}. */
public enum ChirpFactor {
    START_TIME,
    DURATION,
    START_FREQUENCY,
    END_FREQUENCY,
    /** Linear becomes exponential, and the other way round. */
    SHAPE,
    /** The same noise, weaker or stronger. */
    NOISE_LEVEL,
    /** Other noise of the same strength. */
    NOISE
}
