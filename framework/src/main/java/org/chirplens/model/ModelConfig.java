package org.chirplens.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a graph is built of: always a backbone; with or without LoRA adapters; with or without the regression head.
 *
 * @param vit the backbone's size
 * @param lora the adapters, or null for a bare backbone
 * @param regressionHead whether the graph ends in the regression head
 */
public record ModelConfig(VitConfig vit, @Nullable LoraConfig lora, boolean regressionHead) {
    public ModelConfig {
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

    /** A fine-tuned model: backbone, adapters, regression head. */
    public static ModelConfig fineTuned(VitConfig vit, LoraConfig lora) {
        return new ModelConfig(vit, lora, true);
    }

    /** A backbone alone. */
    public static ModelConfig backbone(VitConfig vit) {
        return new ModelConfig(vit, null, false);
    }

    /** The adapter of a layer, or null when it has none. */
    public LoraConfig.@Nullable Adapter adapter(String module) {
        return lora == null ? null : lora.adapter(module);
    }
}
