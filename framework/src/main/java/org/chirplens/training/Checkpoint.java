package org.chirplens.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;

/**
 * A run after a complete epoch: all that is needed to go on as if it had never stopped. Random streams have no state of
 * their own, they follow from the seed and from {@link Progress#epochs} and {@link Progress#step}.
 *
 * @param progress everything but arrays
 * @param state trained parameters and the optimizer's variables, see {@link TrainingGraph#state()}
 * @param best the trained parameters of the best epoch
 */
record Checkpoint(Progress progress, Map<String, FloatArray> state, Map<String, FloatArray> best) {
    /**
     * @param identity what the run is of; see {@link RunIdentity}
     * @param step optimizer steps done
     * @param learningRate state of the schedule
     * @param earlyStopping state of early stopping
     * @param epochs one record per epoch done
     */
    record Progress(
            @JsonProperty("identity") Map<String, String> identity,
            @JsonProperty("step") long step,
            @JsonProperty("learningRate") LearningRate.State learningRate,
            @JsonProperty("earlyStopping") EarlyStopping earlyStopping,
            @JsonProperty("epochs") List<EpochRecord> epochs) {}

    /** Epochs done. */
    int epoch() {
        return progress.epochs().size();
    }
}
