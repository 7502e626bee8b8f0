package org.chirplens.experiments.bench;

import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * How many floating-point operations work on an image is: two for each multiplication and addition of a matrix product. Counted are
 * patch embedding, linear layers, adapters and attention. Not counted is the regression head, and what is done once for a batch.
 */
final class ModelWork {
    private final ModelConfig model;
    private final VitConfig vit;
    private final double tokens;
    private final double width;
    /** Multiplications of a row by queries' weights; so many by keys', values' and outputs' too. */
    private final double projection;
    /** Multiplications of a row by the weights of one layer of the MLP. */
    private final double mlpLayer;
    /** Multiplications of attention from one token. */
    private final double attention;

    ModelWork(ModelConfig model) {
        this.model = model;
        vit = model.vit();
        tokens = vit.numTokens();
        width = vit.hiddenSize();
        projection = width * width;
        mlpLayer = width * vit.mlpSize();
        attention = 2 * tokens * width;
    }

    private double patches() {
        return (double) vit.numPatches() * vit.patchValues() * width;
    }

    private double row() {
        return 4 * projection + 2 * mlpLayer;
    }

    private double wholeBlock() {
        return tokens * (row() + attention);
    }

    /**
     * The last block of a pass for inference: the CLS token's row alone, whose attention reads what keys and values would be
     * made of.
     */
    private double lastBlock() {
        return row() + vit.numHeads() * attention;
    }

    private static double gigaFlop(double multiplications) {
        return 2e-9 * multiplications;
    }

    /** Billions of operations of a forward pass for inference. */
    double forward() {
        return gigaFlop(patches() + (vit.numLayers() - 1) * wholeBlock() + lastBlock());
    }

    /**
     * Billions of operations of a shared sweep over contexts that are replaced: a forward pass, and for each head what comes behind
     * it. Where wide models split the first product of the MLP behind the heads, the operations saved are counted all the same: a sweep
     * that does with fewer is faster.
     */
    double sweep() {
        int last = vit.numLayers() - 1;
        double multiplications = 0;
        for (int layer = 0; layer < last; layer++) {
            double behind = 2 * tokens * mlpLayer + (last - layer - 1) * wholeBlock() + lastBlock();
            multiplications += tokens * projection + vit.numHeads() * behind;
        }
        return forward() + gigaFlop(multiplications + projection + vit.numHeads() * 2 * mlpLayer);
    }

    /**
     * Billions of operations of a step that trains adapters and regression head: a forward pass with adapters on their own and with
     * keys, values and queries of every token in the last block too; the gradient of every product by its input, but for those of the
     * first block's projections, which lead to nothing that is trained; the gradients of the adapters' weights; and the two gradients
     * of each product of attention.
     */
    double adapterStep() {
        double multiplications = patches();
        int last = vit.numLayers() - 1;
        for (int layer = 0; layer <= last; layer++) {
            double rows = layer == last ? 1 : tokens;
            for (String which : new String[] {"query", "key", "value"}) {
                multiplications += linear(Parameters.projection(layer, which), width, width, tokens, layer > 0);
            }
            multiplications += linear(Parameters.attentionOutput(layer), width, width, rows, true)
                    + linear(Parameters.intermediate(layer), width, vit.mlpSize(), rows, true)
                    + linear(Parameters.mlpOutput(layer), vit.mlpSize(), width, rows, true)
                    + 3 * rows * attention;
        }
        return gigaFlop(multiplications);
    }

    /** @param further whether the gradient by the layer's input is needed */
    private double linear(String module, double in, double out, double rows, boolean further) {
        double base = in * out * (further ? 2 : 1);
        LoraConfig.Adapter adapter = model.adapter(module);
        // Through A and B, and the gradients of both and of B's input; of A's input where that is needed.
        double low = adapter == null ? 0 : adapter.rank() * (in + out + in + 2 * out + (further ? in : 0));
        return rows * (base + low);
    }
}
