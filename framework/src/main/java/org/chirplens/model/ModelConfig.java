package org.chirplens.model;

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
        if (lora != null && lora.rank() > vit.hiddenSize()) {
            throw new IllegalArgumentException(
                    "rank must be in [1, " + vit.hiddenSize() + "], the hidden size, found " + lora.rank());
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
}
