package org.chirplens.experiments;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;

/** A model of random weights, two layers of two heads, that predicts three targets. */
final class SmallModel {
    static final VitConfig VIT = new VitConfig(16, 8, 8, 2, 2, 16, 1e-12);
    static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0));
    static final Map<String, FloatArray> WEIGHTS = InitialWeights.fromNothing(CONFIG, 3);
    static final double[] MEAN = {22, 50, 51};
    static final double[] STD = {13, 29, 30};

    private SmallModel() {}

    /** Writes it as a model directory. */
    static void write(String directory, List<ModelCard.TargetName> targets) {
        write(directory, targets, CONFIG, WEIGHTS);
    }

    /** A model of one layer. */
    static void writeOneLayer(String directory) {
        ModelConfig config = new ModelConfig(new VitConfig(16, 8, 8, 1, 2, 16, 1e-12), null, 3);
        write(directory, List.of(), config, InitialWeights.fromNothing(config, 1));
    }

    private static void write(
            String directory, List<ModelCard.TargetName> targets, ModelConfig config, Map<String, FloatArray> weights) {
        ModelCard card = new ModelCard(
                targets,
                List.of(MEAN[0], MEAN[1], MEAN[2]),
                List.of(STD[0], STD[1], STD[2]),
                "training",
                JsonNodeFactory.instance.objectNode());
        ModelDirectory.write(Path.of(directory), new TrainedModel(config, weights, card));
    }
}
