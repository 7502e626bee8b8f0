package org.chirplens.experiments.verify;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.PeftAdapter;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;

/** The model folder of a bundle: a backbone, an adapter and a regression head, each in a file of its own. */
final class RecordedModel {
    private static final String POOLER = "pooler.dense.";

    private final Path folder;

    RecordedModel(Path folder) {
        this.folder = folder;
    }

    /** The backbone before fine-tuning. */
    Backbone backbone() {
        return Backbone.read(folder.resolve("backbone_vitmodel"));
    }

    /** Whether the same backbone is also there under ViTForImageClassification's names. */
    boolean hasClassifier() {
        return Files.isDirectory(folder.resolve("backbone_classifier"));
    }

    /** The backbone under ViTForImageClassification's names. */
    Backbone classifier() {
        return Backbone.read(folder.resolve("backbone_classifier"));
    }

    /** Backbone, adapter and regression head together. */
    TrainedModel fineTuned() {
        Backbone backbone = backbone();
        LoraConfig lora = PeftAdapter.readConfig(folder.resolve("adapter"), backbone.config());
        Map<String, FloatArray> weights = new LinkedHashMap<>(backbone.weights());
        weights.putAll(PeftAdapter.readWeights(folder.resolve("adapter"), backbone.config(), lora));
        weights.putAll(head());
        return new TrainedModel(ModelConfig.fineTuned(backbone.config(), lora), weights, ModelCard.bare());
    }

    /** The backbone without adapter under the regression head: what the published example really loads. */
    TrainedModel headOnBackbone() {
        Backbone backbone = backbone();
        Map<String, FloatArray> weights = new LinkedHashMap<>(backbone.weights());
        weights.putAll(head());
        return new TrainedModel(new ModelConfig(backbone.config(), null, true), weights, ModelCard.bare());
    }

    /** The pooler's weight and bias, which no model of ours uses. */
    Backbone.Classifier pooler() {
        Map<String, FloatArray> all =
                Safetensors.read(folder.resolve("backbone_vitmodel").resolve("model.safetensors"));
        FloatArray weight = all.get(POOLER + "weight");
        FloatArray bias = all.get(POOLER + "bias");
        if (weight == null || bias == null) {
            throw new IllegalArgumentException(folder + ": backbone_vitmodel has no " + POOLER + "weight and bias");
        }
        return new Backbone.Classifier(weight, bias);
    }

    private Map<String, FloatArray> head() {
        Map<String, FloatArray> head = new LinkedHashMap<>();
        Safetensors.read(folder.resolve("regression_head.safetensors"))
                .forEach((name, value) -> head.put(Parameters.REGRESSION_HEAD + "." + name, value));
        return head;
    }
}
