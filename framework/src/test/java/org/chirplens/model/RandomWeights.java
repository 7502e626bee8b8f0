package org.chirplens.model;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;

/** Weights for tests: every tensor random and non-zero, so that no term of a formula is hidden by a zero. */
public final class RandomWeights {
    private RandomWeights() {}

    /** Normal values of scale 0.2; LayerNorm weights about 1. */
    public static Map<String, FloatArray> of(ModelConfig config, long seed) {
        Random random = new Random(seed);
        Map<String, FloatArray> weights = new LinkedHashMap<>();
        Parameters.shapes(config).forEach((name, shape) -> {
            FloatArray array = FloatArray.zeros(shape);
            boolean layerNorm = name.contains("layernorm") && name.endsWith("weight");
            for (int i = 0; i < array.data().length; i++) {
                array.data()[i] = (float) (0.2 * random.nextGaussian() + (layerNorm ? 1 : 0));
            }
            weights.put(name, array);
        });
        return weights;
    }

    /** Normal pixel values [images, 3, imageSize, imageSize]. */
    public static float[] pixels(VitConfig vit, int images, long seed) {
        Random random = new Random(seed);
        float[] pixels = new float[images * VitConfig.CHANNELS * vit.imageSize() * vit.imageSize()];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (float) random.nextGaussian();
        }
        return pixels;
    }
}
