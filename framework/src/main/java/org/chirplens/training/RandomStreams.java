package org.chirplens.training;

import java.nio.charset.StandardCharsets;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;

/**
 * Random numbers that depend on a seed and on what they are for, and on nothing that was drawn before: a resumed run
 * has no generator state to restore.
 */
final class RandomStreams {
    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private RandomStreams() {}

    /** The generator of one purpose, such as a parameter's name. */
    static UniformRandomProvider of(long seed, String purpose) {
        return RandomSource.PHILOX_4X32.create(seed(seed, purpose));
    }

    /** A seed for one purpose: FNV-1a of the purpose, mixed with the run's seed (the finaliser of SplitMix64). */
    static long seed(long seed, String purpose) {
        long hash = FNV_OFFSET;
        for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        long mixed = hash + seed * 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }

    /**
     * The images of one epoch: a slice of the endless stream that shuffled passes over all images make.
     *
     * @param images what to draw from
     * @param epoch counted from 0
     * @param count images of an epoch
     */
    static int[] epoch(int[] images, long seed, int epoch, int count) {
        int[] chosen = new int[count];
        long position = (long) epoch * count;
        int filled = 0;
        while (filled < count) {
            long pass = position / images.length;
            int from = Math.toIntExact(position % images.length);
            int length = Math.min(images.length - from, count - filled);
            int[] shuffled = images.clone();
            PermutationSampler.shuffle(of(seed, "shuffle/" + pass), shuffled);
            System.arraycopy(shuffled, from, chosen, filled, length);
            filled += length;
            position += length;
        }
        return chosen;
    }
}
