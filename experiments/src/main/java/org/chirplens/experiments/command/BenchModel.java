package org.chirplens.experiments.command;

import java.nio.file.Path;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;

/**
 * The model whose forward pass is measured.
 *
 * @param name the directory, or the built-in shape
 */
record BenchModel(String name, TrainedModel model) {
    private static final long SEED = 1;

    /** The model of --model, or ViT-B/16 with random weights and the released adapters. */
    static BenchModel of(Invocation invocation) {
        return invocation.path("model").map(BenchModel::read).orElseGet(BenchModel::base16);
    }

    private static BenchModel read(Path path) {
        Path directory = OpenModel.existing(path);
        TrainedModel model = ModelDirectory.read(directory);
        if (model.config().outputs() != ModelConfig.RELEASED_OUTPUTS) {
            throw new IllegalArgumentException(directory + ": the model must predict the "
                    + ModelConfig.RELEASED_OUTPUTS + " targets of a chirp, found "
                    + model.config().outputs() + " outputs");
        }
        return new BenchModel(path.toString(), model);
    }

    private static BenchModel base16() {
        VitConfig vit = VitConfig.base16();
        ModelConfig config = ModelConfig.fineTuned(vit, LoraConfig.released(vit));
        return new BenchModel(
                "ViT-B/16", new TrainedModel(config, InitialWeights.fromNothing(config, SEED), ModelCard.bare()));
    }
}
