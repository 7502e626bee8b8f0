package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.VitConfig;

/**
 * Writes a ViT-B/16 of random weights as a model directory (about 345 MB), for trying the commands at full size: run
 * its main method with the directory to write.
 */
public final class RandomModelDirectory {
    private RandomModelDirectory() {}

    /** Writes the model; the labels' scale is about that of the released population. */
    public static void main(String[] args) {
        ModelConfig config = ModelConfig.fineTuned(VitConfig.base16(), LoraConfig.released(VitConfig.base16()));
        ModelCard card = new ModelCard(
                List.of(),
                List.of(22.5, 50.0, 50.0),
                List.of(13.0, 29.0, 31.0),
                "training",
                JsonNodeFactory.instance.objectNode().put("weights", "random"));
        ModelDirectory.write(Path.of(args[0]), new TrainedModel(config, RandomWeights.of(config, 1), card));
    }
}
