package org.chirplens.experiments.bench;

import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;

/** How many floating-point operations a forward pass is: two for each multiplication and addition of a matrix product. */
final class ForwardWork {
    private ForwardWork() {}

    /**
     * Billions of operations for one image: the products of patch embedding, linear layers and attention. The last block's
     * are those of its projections for all tokens, and the rest for the CLS token alone.
     */
    static double gigaFlop(ModelConfig model) {
        VitConfig vit = model.vit();
        double tokens = vit.numTokens();
        double d = vit.hiddenSize();
        double projections = 3 * tokens * d * d;
        double rowAttention = 2 * tokens * d;
        double rowRest = d * d + 2 * d * vit.mlpSize();
        double block = projections + tokens * (rowAttention + rowRest);
        double patches = (double) vit.numPatches() * vit.patchValues() * d;
        double products = patches + (vit.numLayers() - 1) * block + projections + rowAttention + rowRest;
        return 2 * products / 1e9;
    }
}
