package org.chirplens.chirp;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Random streams that need no drawing in order: Philox 4x32 with the seed as its key and the stream's number as the upper half
 * of its 128-bit counter (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011). Two streams of one seed
 * would overlap only after 2^66 numbers.
 */
final class RandomStream {
    private RandomStream() {}

    static UniformRandomProvider of(long seed, long stream) {
        int[] keyAndCounter = {(int) seed, (int) (seed >>> 32), 0, 0, (int) stream, (int) (stream >>> 32)};
        return RandomSource.PHILOX_4X32.create(keyAndCounter);
    }
}
