package org.chirplens.model;

/**
 * Low-rank adapters on the query and value projections (Hu et al. 2021, arXiv 2106.09685):
 * {@code q = W z + b + scaling * B A z}.
 *
 * @param rank rows of A and columns of B, at least 1
 * @param alpha numerator of the scaling
 * @param dropout probability with which an element of z is dropped before A, in training only
 */
public record LoraConfig(int rank, double alpha, double dropout) {
    public LoraConfig {
        if (rank < 1) {
            throw new IllegalArgumentException("rank must be at least 1, found " + rank);
        }
        if (!(alpha > 0) || !Double.isFinite(alpha)) {
            throw new IllegalArgumentException("alpha must be above 0, found " + alpha);
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), found " + dropout);
        }
    }

    /** Rank 8, alpha 16, dropout 0.1: the released training script. */
    public static LoraConfig released() {
        return new LoraConfig(8, 16, 0.1);
    }

    /** {@code alpha / rank}. */
    public double scaling() {
        return alpha / rank;
    }
}
