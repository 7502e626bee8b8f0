package org.chirplens.chirp;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A chirp drawn from a population, with all that its spectrogram depends on.
 *
 * @param chirp its parameters
 * @param noiseLevel standard deviation of the noise before smoothing, at least 0
 * @param noiseSeed what the noise is drawn from
 */
public record DrawnChirp(Chirp chirp, double noiseLevel, long noiseSeed) {
    public DrawnChirp {
        if (!(noiseLevel >= 0) || Double.isInfinite(noiseLevel)) {
            throw new IllegalArgumentException("noiseLevel must be finite and at least 0, found " + noiseLevel);
        }
    }

    /** The noisy, smoothed spectrogram; the same at every call. */
    public Spectrogram spectrogram() {
        return ChirpArray.noisy(chirp, noiseLevel, noise(noiseSeed));
    }

    /** The same before smoothing: {@code [BINS * BINS]} values. */
    public double[] beforeSmoothing() {
        return ChirpArray.beforeSmoothing(chirp, noiseLevel, noise(noiseSeed));
    }

    /** {@code [BINS * BINS]} standard normal values. */
    static double[] noise(long seed) {
        UniformRandomProvider random = RandomStream.of(seed, 0);
        ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
        double[] noise = new double[ChirpArray.BINS * ChirpArray.BINS];
        for (int i = 0; i < noise.length; i++) {
            noise[i] = normal.sample();
        }
        return noise;
    }
}
