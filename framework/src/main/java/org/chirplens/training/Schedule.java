package org.chirplens.training;

/** How the learning rate moves during a run. Warm-up is apart from it: {@link TrainingConfig#warmupSteps()}. */
public sealed interface Schedule {
    /** The released script's schedule: factor 0.1, patience 3, relative threshold 1e-4. */
    static Schedule plateau() {
        return new Plateau(0.1, 3, 1e-4);
    }

    /** Half a cosine, from the full rate to 0 over all planned steps. */
    static Schedule cosine() {
        return new Cosine();
    }

    /**
     * PyTorch's {@code ReduceLROnPlateau} in mode {@code min}: an epoch is better when its validation loss is below
     * {@code best * (1 - threshold)}; the rate is multiplied by {@code factor} after more than {@code patience} epochs
     * in a row that are not better.
     *
     * @param factor in (0, 1)
     * @param patience epochs, at least 0
     * @param threshold relative improvement that counts, in [0, 1)
     */
    record Plateau(double factor, int patience, double threshold) implements Schedule {
        public Plateau {
            Check.that(factor > 0 && factor < 1, "factor must be in (0, 1)", factor);
            Check.that(patience >= 0, "patience must be at least 0", patience);
            Check.that(threshold >= 0 && threshold < 1, "threshold must be in [0, 1)", threshold);
        }
    }

    /** See {@link #cosine()}. */
    record Cosine() implements Schedule {}
}
