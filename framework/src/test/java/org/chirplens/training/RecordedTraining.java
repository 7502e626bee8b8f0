package org.chirplens.training;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;

/** The recorded model of {@code reference/config_a} and the five PyTorch steps that were made with it. */
final class RecordedTraining {
    static final int STEPS = 5;
    static final int BATCH = 8;
    static final double LEARNING_RATE = 1e-3;

    static final VitConfig VIT = new VitConfig(32, 8, 48, 3, 4, 96, 1e-12);
    /** Dropout was switched off for the recording. */
    static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 8, 16, 0));

    private RecordedTraining() {}

    /** The weights before the first step. */
    static Map<String, FloatArray> weights() {
        Map<String, FloatArray> weights = new LinkedHashMap<>();
        read("model/backbone_vitmodel/model.safetensors").forEach((name, value) -> {
            if (!name.startsWith("pooler.")) {
                weights.put(name, value);
            }
        });
        read("model/adapter/adapter_model.safetensors")
                .forEach((name, value) -> weights.put(name.substring("base_model.model.".length()), value));
        read("model/regression_head.safetensors")
                .forEach((name, value) -> weights.put("regression_head." + name, value));
        return weights;
    }

    /** The recorded name of one of our trained parameters. */
    static String recordedName(String parameter) {
        if (parameter.startsWith("regression_head.")) {
            return parameter;
        }
        return "vit.base_model.model." + parameter.replace(".weight", ".default.weight");
    }

    static Map<String, FloatArray> steps() {
        return read("training/all.safetensors");
    }

    /** {@code input} and {@code labels_standardised} of the 40 images. */
    static Map<String, FloatArray> images() {
        return read("ablation/all.safetensors");
    }

    /** The array of this name, which must be there. */
    static FloatArray get(Map<String, FloatArray> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    private static Map<String, FloatArray> read(String name) {
        try {
            URI file = Objects.requireNonNull(RecordedTraining.class.getResource("/reference/config_a/" + name), name)
                    .toURI();
            Map<String, FloatArray> arrays = new LinkedHashMap<>();
            Map<String, NumericArray> recorded = Safetensors.readArrays(Path.of(file));
            recorded.forEach((key, array) -> arrays.put(key, array.toFloatArray()));
            return arrays;
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
