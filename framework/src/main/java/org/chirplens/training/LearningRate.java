package org.chirplens.training;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The learning rate of each step. It moves with the validation losses that it is told of. */
final class LearningRate {
    /** PyTorch leaves the rate alone when the change would be smaller than this. */
    private static final double SMALLEST_CHANGE = 1e-8;

    private final TrainingConfig config;
    private final long plannedSteps;
    private State state;

    /**
     * What a plateau schedule remembers.
     *
     * @param rate the rate after all reductions so far
     * @param best best validation loss, as the schedule counts it; null before the first epoch
     * @param badEpochs epochs in a row that were not better
     */
    record State(
            @JsonProperty("rate") double rate,

            @JsonProperty("best") @org.jspecify.annotations.Nullable
            Double best,

            @JsonProperty("badEpochs") int badEpochs) {}

    LearningRate(TrainingConfig config, long plannedSteps) {
        this.config = config;
        this.plannedSteps = plannedSteps;
        this.state = new State(config.learningRate(), null, 0);
    }

    State state() {
        return state;
    }

    void restore(State earlier) {
        state = earlier;
    }

    /** The rate of a step, counted from 0 over the whole run. */
    double at(long step) {
        if (step < config.warmupSteps()) {
            return state.rate() * (step + 1) / config.warmupSteps();
        }
        if (config.schedule() instanceof Schedule.Cosine) {
            double progress = (double) (step - config.warmupSteps()) / Math.max(1, plannedSteps - config.warmupSteps());
            return config.learningRate() * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)));
        }
        return state.rate();
    }

    /** To be called after each epoch. */
    void epochEnded(double validationLoss) {
        if (!(config.schedule() instanceof Schedule.Plateau plateau)) {
            return;
        }
        Double best = state.best();
        if (best == null || validationLoss < best * (1 - plateau.threshold())) {
            state = new State(state.rate(), validationLoss, 0);
        } else if (state.badEpochs() + 1 <= plateau.patience()) {
            state = new State(state.rate(), best, state.badEpochs() + 1);
        } else {
            double reduced = state.rate() * plateau.factor();
            state = new State(state.rate() - reduced > SMALLEST_CHANGE ? reduced : state.rate(), best, 0);
        }
    }
}
