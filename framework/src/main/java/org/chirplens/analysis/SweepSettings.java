package org.chirplens.analysis;

/**
 * How a sweep is computed, and what its protocol needs to know.
 *
 * @param method how the ablated predictions are computed
 * @param variants how many (image, head) pairs one execution of the graph may hold; bounds the memory
 * @param releasedBatch images of a batch under {@link Protocol#RELEASED}, whose numbers depend on it
 * @param seed of what a protocol draws: the other image of {@link Protocol#RESAMPLE}, the vectors of {@link Protocol#NOISE}, the
 *     other head of {@link Protocol#OTHER_HEAD}
 */
public record SweepSettings(Method method, int variants, int releasedBatch, long seed) {
    /** Images of a batch in the published example. */
    public static final int RELEASED_BATCH = 32;

    /** The seed unless another one is asked for. */
    public static final long SEED = 42;

    /** How the ablated predictions are computed; the numbers are the same. */
    public enum Method {
        /** What comes before an ablated head is computed once for all heads, and the last block for the CLS token alone. */
        SHARED,
        /** Every token goes through the whole model once per head; what the tests compare with. */
        NAIVE
    }

    public SweepSettings {
        if (variants < 1 || releasedBatch < 1) {
            throw new IllegalArgumentException(
                    "variants and releasedBatch must be at least 1, found " + variants + " and " + releasedBatch);
        }
    }

    /** The shared sweep, with the default batch and seed. */
    public static SweepSettings of(int variants) {
        return new SweepSettings(Method.SHARED, variants, RELEASED_BATCH, SEED);
    }

    /** Over how many images a protocol averages losses before it averages these means; 0 for all images at once. */
    public int lossBatch(Protocol protocol) {
        return protocol == Protocol.RELEASED ? releasedBatch : 0;
    }

    /** The same with another number of variants. */
    public SweepSettings withVariants(int other) {
        return new SweepSettings(method, other, releasedBatch, seed);
    }
}
