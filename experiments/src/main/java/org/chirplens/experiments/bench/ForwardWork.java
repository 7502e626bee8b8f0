package org.chirplens.experiments.bench;

import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;

/** How many floating-point operations a forward pass is: two for each multiplication and addition of a matrix product. */
final class ForwardWork {
    private ForwardWork() {}

    /**
     * Billions of operations for one image: the products of patch embedding, linear layers and attention. The last block has
     * those of the CLS token alone, whose attention reads what keys and values would be made of.
     */
    static double gigaFlop(ModelConfig model) {
        VitConfig vit = model.vit();
        double tokens = vit.numTokens();
        double d = vit.hiddenSize();
        double row = 4 * d * d + 2 * d * vit.mlpSize();
        double attention = 2 * tokens * d;
        double patches = (double) vit.numPatches() * vit.patchValues() * d;
        double products =
                patches + (vit.numLayers() - 1) * tokens * (row + attention) + row + vit.numHeads() * attention;
        return 2 * products / 1e9;
    }
}
