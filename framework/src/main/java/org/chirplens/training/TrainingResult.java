package org.chirplens.training;

import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;

/**
 * What a run ends in.
 *
 * @param weights every parameter of the model, as it was after the best epoch
 * @param epochs one record per epoch, earlier parts of a resumed run included
 * @param bestEpoch of the epochs that saw whole images the one with the lowest validation loss, counted from 1
 * @param stoppedEarly whether early stopping ended the run
 */
public record TrainingResult(
        Map<String, FloatArray> weights, List<EpochRecord> epochs, int bestEpoch, boolean stoppedEarly) {
    public TrainingResult {
        epochs = List.copyOf(epochs);
    }

    /** The record of the best epoch. */
    public EpochRecord best() {
        return epochs.get(bestEpoch - 1);
    }
}
