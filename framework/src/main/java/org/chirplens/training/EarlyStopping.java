package org.chirplens.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The best epoch so far, and whether it is time to stop: as the released script, after {@code patience} epochs in a row
 * whose validation loss is not below the best.
 *
 * @param bestEpoch counted from 1; 0 before the first epoch that counts
 * @param bestLoss validation loss of that epoch
 * @param epochsWithout epochs since then
 */
record EarlyStopping(
        @JsonProperty("bestEpoch") int bestEpoch,
        @JsonProperty("bestLoss") double bestLoss,
        @JsonProperty("epochsWithout") int epochsWithout) {
    static EarlyStopping start() {
        return new EarlyStopping(0, Double.MAX_VALUE, 0);
    }

    EarlyStopping after(int epoch, double validationLoss) {
        return bestEpoch == 0 || validationLoss < bestLoss
                ? new EarlyStopping(epoch, validationLoss, 0)
                : new EarlyStopping(bestEpoch, bestLoss, epochsWithout + 1);
    }

    /** Whether the given epoch, the last that {@link #after} was told of, is the best. */
    boolean isBest(int epoch) {
        return epoch == bestEpoch;
    }

    /** @param patience as {@link TrainingConfig#earlyStoppingPatience()}; 0 never stops */
    boolean shouldStop(int patience) {
        return patience > 0 && epochsWithout >= patience;
    }
}
