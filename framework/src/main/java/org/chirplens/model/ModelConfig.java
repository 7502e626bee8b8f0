package org.chirplens.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a graph is built of: always a backbone; with or without LoRA adapters; with or without the regression head.
 *
 * @param vit the backbone's size
 * @param lora the adapters, or null for a bare backbone
 * @param outputs numbers that the regression head predicts; 0 when the graph has none
 */
public record ModelConfig(VitConfig vit, @Nullable LoraConfig lora, int outputs) {
    /** The outputs of the released regression head: start time, start frequency, end frequency. */
    public static final int RELEASED_OUTPUTS = 3;

    public ModelConfig {
        if (outputs < 0) {
            throw new IllegalArgumentException("outputs must be at least 0, found " + outputs);
        }
        if (lora != null) {
            List<String> modules = Parameters.linearModules(vit.numLayers());
            lora.adapters().forEach((module, adapter) -> {
                if (!modules.contains(module)) {
                    throw new IllegalArgumentException(
                            "an adapter must belong to a linear layer of the encoder, found " + module);
                }
                if (adapter.rank() > vit.hiddenSize()) {
                    throw new IllegalArgumentException("rank must be in [1, " + vit.hiddenSize()
                            + "], the hidden size, found " + adapter.rank() + " of " + module);
                }
            });
        }
    }

    /** A fine-tuned model as the released one: backbone, adapters, regression head of three outputs. */
    public static ModelConfig fineTuned(VitConfig vit, LoraConfig lora) {
        return new ModelConfig(vit, lora, RELEASED_OUTPUTS);
    }

    /** A backbone alone. */
    public static ModelConfig backbone(VitConfig vit) {
        return new ModelConfig(vit, null, 0);
    }

    /** Whether the graph ends in a regression head. */
    public boolean regressionHead() {
        return outputs > 0;
    }

    /** The adapter of a layer, or null when it has none. */
    public LoraConfig.@Nullable Adapter adapter(String module) {
        return lora == null ? null : lora.adapter(module);
    }
}
