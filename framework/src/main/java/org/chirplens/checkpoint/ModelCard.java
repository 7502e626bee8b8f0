package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.chirplens.model.ModelConfig;

/**
 * What {@code chirplens.json} says of a model beside its weights.
 *
 * @param targets what the outputs of the regression head are, in their order; empty stands for the released ones:
 *     start time, start frequency, end frequency
 * @param labelMean mean of each target in its physical unit; empty for a bare backbone
 * @param labelStd standard deviation of each target; empty for a bare backbone
 * @param preprocessing name of the recipe that the model was trained with: training, imagenet or attention
 * @param provenance config, seeds, versions and hashes, free in form
 */
public record ModelCard(
        List<TargetName> targets,
        List<Double> labelMean,
        List<Double> labelStd,
        String preprocessing,
        ObjectNode provenance) {
    /**
     * An output of the regression head.
     *
     * @param key its name in files
     * @param title its name for people
     * @param unit its physical unit; may be empty
     */
    public record TargetName(String key, String title, String unit) {}

    public ModelCard {
        targets = List.copyOf(targets);
        labelMean = List.copyOf(labelMean);
        labelStd = List.copyOf(labelStd);
    }

    /** The number of outputs of the regression head, if the model has one. */
    public int outputs() {
        return targets.isEmpty() ? ModelConfig.RELEASED_OUTPUTS : targets.size();
    }

    /** The card of a backbone that no project of ours has trained. */
    public static ModelCard bare() {
        return new ModelCard(List.of(), List.of(), List.of(), "training", JsonNodeFactory.instance.objectNode());
    }
}
