package org.chirplens.checkpoint;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

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
        if (config.regressionHead() && config.outputs() != card.outputs()) {
            throw new IllegalArgumentException("the model must have an output for each of the " + card.outputs()
                    + " targets of its card, found " + config.outputs());
        }
    }

    /**
     * A model put together of its parts.
     *
     * @param adapter null for a model without
     * @param head the regression head's parameters by our names; empty for a model without
     */
    public static TrainedModel of(
            Backbone backbone, @Nullable PeftAdapter adapter, Map<String, FloatArray> head, ModelCard card) {
        Map<String, FloatArray> weights = new LinkedHashMap<>(backbone.weights());
        if (adapter != null) {
            weights.putAll(adapter.weights());
        }
        weights.putAll(head);
        int outputs = head.isEmpty() ? 0 : card.outputs();
        LoraConfig lora = adapter == null ? null : adapter.lora();
        return new TrainedModel(new ModelConfig(backbone.config(), lora, outputs), weights, card);
    }

    /** The same model with another card. */
    public TrainedModel withCard(ModelCard other) {
        return new TrainedModel(config, weights, other);
    }

    /**
     * The same model for images of another size, its position embeddings interpolated.
     *
     * @throws IllegalArgumentException when the size is not a multiple of the patch size
     */
    public TrainedModel withImageSize(int imageSize) {
        VitConfig resized = PositionEmbeddings.withImageSize(config.vit(), imageSize);
        return new TrainedModel(
                new ModelConfig(resized, config.lora(), config.outputs()),
                PositionEmbeddings.resized(weights, config.vit(), resized),
                card);
    }
}
