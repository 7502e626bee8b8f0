package org.chirplens.checkpoint;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;

/**
 * A model whose adapters are folded into the weights that they adapt, {@code W' = W + scaling B A} (Hu et al. 2021,
 * arXiv 2106.09685, section 4.1): the same predictions from a plain ViTModel and the regression head.
 */
public final class MergedSafetensors {
    private MergedSafetensors() {}

    /**
     * Writes the merged model as a model directory without {@code adapter/}.
     *
     * @throws IllegalArgumentException when the place is taken by anything that is not a model directory
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public static void write(Path directory, TrainedModel model) {
        ModelDirectory.write(directory, merge(model));
    }

    /** The same model without adapters. */
    public static TrainedModel merge(TrainedModel model) {
        LoraConfig lora = model.config().lora();
        if (lora == null) {
            return model;
        }
        Map<String, FloatArray> weights = new HashMap<>(model.weights());
        lora.adapters().forEach((module, adapter) -> {
            FloatArray a = weights.remove(Parameters.loraA(module));
            FloatArray b = weights.remove(Parameters.loraB(module));
            String name = module + ".weight";
            FloatArray base = weights.get(name);
            if (a == null || b == null || base == null) {
                throw new IllegalStateException("a trained model has all its weights, but not those of " + name);
            }
            weights.put(name, merge(base, a, b, adapter.scaling()));
        });
        ModelConfig config =
                new ModelConfig(model.config().vit(), null, model.config().outputs());
        return new TrainedModel(config, weights, model.card());
    }

    /** {@code W + scaling B A}, summed in double: W [out, in], A [rank, in], B [out, rank]. */
    private static FloatArray merge(FloatArray base, FloatArray a, FloatArray b, double scaling) {
        int out = base.shape()[0];
        int in = base.shape()[1];
        int rank = a.shape()[0];
        FloatArray merged = FloatArray.zeros(out, in);
        double[] row = new double[in];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                row[i] = base.data()[o * in + i];
            }
            for (int r = 0; r < rank; r++) {
                double factor = scaling * b.data()[o * rank + r];
                for (int i = 0; i < in; i++) {
                    row[i] += factor * a.data()[r * in + i];
                }
            }
            for (int i = 0; i < in; i++) {
                merged.data()[o * in + i] = (float) row[i];
            }
        }
        return merged;
    }
}
