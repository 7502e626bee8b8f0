package org.chirplens.analysis;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;

/** Gives every member of a set another one, each once. */
final class Partners {
    private Partners() {}

    /**
     * A cyclic permutation of {@code 0} to {@code n - 1}, uniform among all of them, so that nothing is its own partner
     * (S. Sattolo, Information Processing Letters 22, 1986). It depends on n and the seed alone.
     *
     * @param what they are, for the message
     * @throws IllegalArgumentException when n is below 2
     */
    static int[] of(int n, String what, long seed) {
        if (n < 2) {
            throw new IllegalArgumentException(
                    "at least 2 " + what + " are needed, to take contexts from another one, found " + n);
        }
        UniformRandomProvider random = RandomSource.PHILOX_4X32.create(seed);
        int[] partners = new int[n];
        for (int i = 0; i < n; i++) {
            partners[i] = i;
        }
        for (int i = n - 1; i > 0; i--) {
            int j = random.nextInt(i);
            int swapped = partners[i];
            partners[i] = partners[j];
            partners[j] = swapped;
        }
        return partners;
    }
}
