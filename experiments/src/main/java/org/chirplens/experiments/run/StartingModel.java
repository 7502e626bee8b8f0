package org.chirplens.experiments.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.experiments.config.ModelSettings;
import org.chirplens.experiments.config.TrainingSettings.Trained;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.jspecify.annotations.Nullable;

/**
 * The model that a run starts from: what it fine-tunes, or the fine-tuned model that it analyses.
 *
 * @param config its size
 * @param weights every parameter
 */
public record StartingModel(ModelConfig config, Map<String, FloatArray> weights) {
    private static final String LAST_LAYER = Parameters.REGRESSION_HEAD + ".4.";

    /**
     * Reads the model or the backbone that a config names, or makes a backbone from nothing.
     *
     * <p>A backbone that is trained as a whole keeps its regression head, if it has one for the same targets: training goes on where it
     * ended. Its last layer is rescaled, so that it predicts the same seconds and hertz.
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
            return new StartingModel(trained.config(), trained.weights());
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
                            seed));
        }
        Backbone backbone = backbone(loaded, model, Backbone.read(model.backbone()));
        ModelConfig config = new ModelConfig(backbone.config(), lora(backbone.config(), loaded), targets);
        Map<String, FloatArray> weights =
                new LinkedHashMap<>(InitialWeights.fineTuned(config, backbone.weights(), seed));
        if (loaded.config().training().train() == Trained.BACKBONE && ModelDirectory.isModel(model.backbone())) {
            weights.putAll(head(ModelDirectory.read(model.backbone()), scaling));
        }
        return new StartingModel(config, weights);
    }

    /** The regression head of a trained backbone, for labels in another scaling; empty when it has none for these targets. */
    private static Map<String, FloatArray> head(TrainedModel trained, TargetScaling scaling) {
        ModelCard card = trained.card();
        boolean same = trained.config().regressionHead()
                && trained.config().lora() == null
                && TargetsJson.of(card).equals(scaling.targets())
                && card.labelMean().size() == card.outputs()
                && card.labelStd().size() == card.outputs();
        if (!same) {
            return Map.of();
        }
        TargetScaling own = new TargetScaling(scaling.targets(), numbers(card.labelMean()), numbers(card.labelStd()));
        Map<String, FloatArray> head = new LinkedHashMap<>();
        trained.weights().forEach((name, value) -> {
            if (Parameters.isRegressionHead(name)) {
                head.put(name, value);
            }
        });
        head.replaceAll((name, value) -> name.startsWith(LAST_LAYER) ? rescaled(name, value, own, scaling) : value);
        return head;
    }

    /** {@code z' = (s z + m - m') / s'} of outputs z in the scaling (m, s), as weights of the layer that gives z' instead. */
    private static FloatArray rescaled(String name, FloatArray layer, TargetScaling from, TargetScaling to) {
        FloatArray result = FloatArray.zeros(layer.shape());
        int inputs = layer.data().length / from.std().length;
        for (int i = 0; i < layer.data().length; i++) {
            int target = i / inputs;
            double shift = name.endsWith(".bias") ? from.mean()[target] - to.mean()[target] : 0;
            result.data()[i] = (float) ((from.std()[target] * layer.data()[i] + shift) / to.std()[target]);
        }
        return result;
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
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
