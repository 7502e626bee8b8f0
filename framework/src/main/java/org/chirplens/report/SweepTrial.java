package org.chirplens.report;

import java.util.List;
import org.chirplens.training.RegressionMetrics;
import org.jspecify.annotations.Nullable;

/**
 * One trial of a sweep, as far as it has come.
 *
 * @param name its directory
 * @param values its value on each axis of the sweep, as text
 * @param status {@code done}, {@code failed}, {@code running} or {@code pending}
 * @param error why it failed; empty otherwise
 * @param trainableParameters numbers that fine-tuning moves; 0 before it
 * @param epochs epochs of training; 0 before it
 * @param bestEpoch the epoch whose model was kept, from 1; 0 before fine-tuning
 * @param validationLoss of that epoch's model, on standardised labels; NaN before fine-tuning and without validation images
 * @param trainingSeconds wall time of all epochs
 * @param totalSeconds wall time of all stages
 * @param metrics on the test images; null where it was not evaluated
 * @param heads importance of the heads, one for each protocol; empty where none was ablated
 * @param link where its own report is, relative to the sweep's; null where it has none
 */
public record SweepTrial(
        String name,
        List<String> values,
        String status,
        String error,
        long trainableParameters,
        int epochs,
        int bestEpoch,
        double validationLoss,
        double trainingSeconds,
        double totalSeconds,
        @Nullable RegressionMetrics metrics,
        List<Heads> heads,
        @Nullable String link) {
    /** The status of a trial that has all its results. */
    public static final String DONE = "done";

    /** The status of a trial that an error ended. */
    public static final String FAILED = "failed";

    public SweepTrial {
        values = List.copyOf(values);
        heads = List.copyOf(heads);
    }

    /**
     * How much the loss grows without each head.
     *
     * @param protocol of the ablation
     * @param increases in percent [layers * heads], heads of layer 0 first
     */
    public record Heads(String protocol, int numLayers, int numHeads, double[] increases) {
        public Heads {
            if (increases.length != numLayers * numHeads) {
                throw new IllegalArgumentException(
                        protocol + ": expected " + numLayers + " x " + numHeads + " heads, found " + increases.length);
            }
        }
    }

    boolean isDone() {
        return status.equals(DONE);
    }
}
