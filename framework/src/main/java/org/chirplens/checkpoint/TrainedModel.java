package org.chirplens.checkpoint;

import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;

/**
 * A model with its weights and all that is needed to use it: what a model directory holds.
 *
 * @param config what the graph is built of
 * @param weights every parameter of {@link Parameters#shapes}, by name
 * @param card label scaling, preprocessing and provenance
 */
public record TrainedModel(ModelConfig config, Map<String, FloatArray> weights, ModelCard card) {
    public TrainedModel {
        weights = Map.copyOf(weights);
        List<String> problems = Parameters.problems(config, weights);
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException("weights do not fit the model: " + String.join("; ", problems));
        }
    }
}
