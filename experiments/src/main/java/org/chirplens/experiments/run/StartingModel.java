package org.chirplens.experiments.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.experiments.config.ModelSettings;
import org.chirplens.experiments.config.TrainingSettings.Trained;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.jspecify.annotations.Nullable;

/**
 * The model that a run starts from: what it fine-tunes, or the fine-tuned model that it analyses.
 *
 * @param config its size
 * @param weights every parameter
 * @param keepsHead whether a backbone that is trained on brought its regression head
 */
public record StartingModel(ModelConfig config, Map<String, FloatArray> weights, boolean keepsHead) {
    /**
     * Reads the model or the backbone that a config names, or makes a backbone from nothing.
     *
     * <p>A backbone that is trained on keeps its regression head, if it has one for the same targets: see {@link KeptHead}.
     *
     * @param scaling of the targets that the model is to predict
     * @throws IllegalArgumentException when the backbone's files are not as they must be, or the image size does
     *     not fit
     */
    public static StartingModel of(LoadedConfig loaded, TargetScaling scaling) {
        int targets = scaling.targets().size();
        ModelSettings model = loaded.config().model();
        long seed = loaded.config().seed();
        if (model.finetuned() != null) {
            TrainedModel trained = ModelDirectory.read(OpenModel.locate(model.finetuned()));
            return new StartingModel(trained.config(), trained.weights(), false);
        }
        if (model.backbone() == null) {
            VitConfig vit = new VitConfig(
                    model.imageSize(),
                    model.patchSize(),
                    model.hiddenSize(),
                    model.numLayers(),
                    model.numHeads(),
                    model.mlpSize(),
                    VitConfig.DEFAULT_LAYER_NORM_EPS);
            ModelConfig config = new ModelConfig(vit, lora(vit, loaded), targets);
            return new StartingModel(
                    config,
                    InitialWeights.fromNothing(
                            config,
                            InitialWeights.Spread.valueOf(model.initialWeights().name()),
                            seed),
                    false);
        }
        Backbone backbone = backbone(loaded, model, Backbone.read(model.backbone()));
        ModelConfig config = new ModelConfig(backbone.config(), lora(backbone.config(), loaded), targets);
        Map<String, FloatArray> weights =
                new LinkedHashMap<>(InitialWeights.fineTuned(config, backbone.weights(), seed));
        Map<String, FloatArray> head = loaded.config().training().train() == Trained.BACKBONE
                ? KeptHead.of(model.backbone(), config.vit(), scaling)
                : Map.of();
        weights.putAll(head);
        return new StartingModel(config, weights, !head.isEmpty());
    }

    /** The backbone with the image size that the config states, or its own. */
    private static Backbone backbone(LoadedConfig loaded, ModelSettings model, Backbone backbone) {
        int patchSize = backbone.config().patchSize();
        if (!loaded.states(ModelSettings.IMAGE_SIZE)) {
            return backbone;
        }
        if (model.imageSize() % patchSize != 0) {
            throw loaded.problem(
                    ModelSettings.IMAGE_SIZE,
                    "must be a multiple of the backbone's patch size " + patchSize + ", found " + model.imageSize());
        }
        return backbone.withImageSize(model.imageSize());
    }

    /** The adapters; none when a backbone is trained. */
    private static @Nullable LoraConfig lora(VitConfig vit, LoadedConfig loaded) {
        if (loaded.config().training().train() == Trained.BACKBONE) {
            return null;
        }
        ModelSettings.Lora settings = loaded.config().model().lora();
        LoraConfig.Adapter adapter =
                new LoraConfig.Adapter(settings.rank(), settings.alpha(), settings.rankStabilised());
        return LoraConfig.on(vit, settings.targets(), adapter, settings.dropout());
    }
}
