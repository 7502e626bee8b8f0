package org.chirplens.experiments.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.PeftAdapter;
import org.chirplens.checkpoint.RegressionHead;
import org.chirplens.checkpoint.ReleasedCheckpoint;
import org.chirplens.checkpoint.TensorFiles;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/**
 * The model folder of a bundle. The fine-tuned model is there as a backbone, an adapter and a regression head, each in a
 * file of its own; or as the one file that the released training script writes; or both.
 */
final class RecordedModel {
    static final String RELEASED = "best_vit_regression.pth";
    static final String BACKBONE = "backbone_vitmodel";
    static final String CLASSIFIER = "backbone_classifier";
    static final String ADAPTER = "adapter";
    static final String HEAD = "regression_head.safetensors";

    private static final String CONFIG = "config.json";
    private static final String POOLER = "pooler.dense.";

    private final Path folder;

    RecordedModel(Path folder) {
        this.folder = folder;
    }

    /** A file or folder of the model's. */
    Path path(String name) {
        return folder.resolve(name);
    }

    /** The backbone before fine-tuning. */
    Backbone backbone() {
        if (isDirectory(BACKBONE) || isDirectory(CLASSIFIER)) {
            return Backbone.read(path(isDirectory(BACKBONE) ? BACKBONE : CLASSIFIER));
        }
        TrainedModel released = released(RELEASED);
        Map<String, FloatArray> weights = new LinkedHashMap<>(released.weights());
        weights.keySet().removeIf(name -> Parameters.isLora(name) || Parameters.isRegressionHead(name));
        return new Backbone(released.config().vit(), weights, null);
    }

    /**
     * The backbone under ViTForImageClassification's names.
     *
     * @throws MissingInputException when it is not there in that form
     */
    Backbone classifier() {
        if (!isDirectory(CLASSIFIER)) {
            throw new MissingInputException(folder.getFileName() + "/" + CLASSIFIER, false);
        }
        return Backbone.read(path(CLASSIFIER));
    }

    /** Whether adapter and regression head are there in files of their own. */
    boolean hasParts() {
        return isDirectory(ADAPTER) && Files.exists(path(HEAD));
    }

    /** Backbone, adapter and regression head together. */
    TrainedModel fineTuned() {
        boolean inParts = isDirectory(BACKBONE) && hasParts();
        return inParts || !Files.exists(path(RELEASED)) ? withParts(backbone()) : released(RELEASED);
    }

    /** The fine-tuned model as the file of this name has it. */
    TrainedModel released(String file) {
        Path settings = path(ADAPTER).resolve("adapter_config.json");
        return ReleasedCheckpoint.read(
                path(file), config(), Files.isRegularFile(settings) ? settings : null, OptionalDouble.empty());
    }

    /** A backbone with the adapter and the regression head that are in files of their own. */
    TrainedModel withParts(Backbone backbone) {
        VitConfig vit = backbone.config();
        return TrainedModel.of(
                backbone,
                PeftAdapter.read(path(ADAPTER), vit),
                RegressionHead.read(path(HEAD), vit, ModelConfig.RELEASED_OUTPUTS),
                ModelCard.bare());
    }

    /** The backbone without adapter under the regression head: what the published example really loads. */
    TrainedModel headOnBackbone() {
        Backbone backbone = backbone();
        Map<String, FloatArray> weights = new LinkedHashMap<>(backbone.weights());
        fineTuned().weights().forEach((name, weight) -> {
            if (Parameters.isRegressionHead(name)) {
                weights.put(name, weight);
            }
        });
        return new TrainedModel(
                new ModelConfig(backbone.config(), null, ModelConfig.RELEASED_OUTPUTS), weights, ModelCard.bare());
    }

    /** The pooler's weight and bias, which no model of ours uses. */
    Backbone.Classifier pooler() {
        Path file = path(isDirectory(BACKBONE) ? BACKBONE : RELEASED);
        Map<String, FloatArray> all = TensorFiles.readAll(file);
        FloatArray weight = ending(all, POOLER + "weight");
        FloatArray bias = ending(all, POOLER + "bias");
        if (weight == null || bias == null) {
            throw new IllegalArgumentException(file + ": must hold " + POOLER + "weight and bias, found neither");
        }
        return new Backbone.Classifier(weight, bias);
    }

    private static @Nullable FloatArray ending(Map<String, FloatArray> tensors, String end) {
        return tensors.keySet().stream()
                .filter(name -> name.equals(end) || name.endsWith("." + end))
                .findFirst()
                .map(tensors::get)
                .orElse(null);
    }

    /** The config that belongs to the released file: of either backbone, else the one beside it or none. */
    private @Nullable Path config() {
        return Stream.of(path(BACKBONE), path(CLASSIFIER))
                .map(directory -> directory.resolve(CONFIG))
                .filter(Files::isRegularFile)
                .findFirst()
                .orElse(null);
    }

    private boolean isDirectory(String name) {
        return Files.isDirectory(path(name));
    }
}
