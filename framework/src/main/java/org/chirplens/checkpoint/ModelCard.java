package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What {@code chirplens.json} says of a model beside its weights.
 *
 * @param labelMean mean of each target in its physical unit; empty for a bare backbone
 * @param labelStd standard deviation of each target; empty for a bare backbone
 * @param preprocessing name of the recipe that the model was trained with: training, imagenet or attention
 * @param provenance config, seeds, versions and hashes, free in form
 */
public record ModelCard(List<Double> labelMean, List<Double> labelStd, String preprocessing, ObjectNode provenance) {
    public ModelCard {
        labelMean = List.copyOf(labelMean);
        labelStd = List.copyOf(labelStd);
    }

    /** The card of a backbone that no project of ours has trained. */
    public static ModelCard bare() {
        return new ModelCard(List.of(), List.of(), "training", JsonNodeFactory.instance.objectNode());
    }
}
