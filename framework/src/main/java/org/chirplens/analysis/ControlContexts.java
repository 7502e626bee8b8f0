package org.chirplens.analysis;

import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.chirplens.model.FloatArray;

/**
 * Contexts that carry nothing of what their head has found, but look like contexts: controls for the claim that it is a
 * head's content that matters, and not that something unusual stands in its place.
 */
final class ControlContexts {
    private ControlContexts() {}

    /**
     * Noise of the same strength: for every token a vector of random direction with the norm of the head's context. It is a
     * function of the seed, the image's position, the layer and the place in the array alone.
     */
    static ContextReplacement.OfContexts noise(long seed) {
        return (first, layer, contexts) -> {
            int images = contexts.shape()[0];
            int size = contexts.shape()[3];
            int length = contexts.data().length / images;
            float[] noise = new float[contexts.data().length];
            for (int image = 0; image < images; image++) {
                // Key and counter: streams of two images or two layers never meet.
                UniformRandomProvider random =
                        RandomSource.PHILOX_4X64.create(new long[] {seed, first + image, 0, 0, 0, layer});
                ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
                for (int at = image * length; at < (image + 1) * length; at += size) {
                    fill(noise, contexts.data(), at, size, normal);
                }
            }
            return new FloatArray(contexts.shape(), noise);
        };
    }

    private static void fill(
            float[] noise, float[] contexts, int at, int size, ZigguratSampler.NormalizedGaussian normal) {
        double squares = 0;
        double drawn = 0;
        for (int i = at; i < at + size; i++) {
            double value = normal.sample();
            noise[i] = (float) value;
            drawn += value * value;
            squares += (double) contexts[i] * contexts[i];
        }
        float scale = (float) Math.sqrt(squares / drawn);
        for (int i = at; i < at + size; i++) {
            noise[i] *= scale;
        }
    }

    /** Another head's context of the same layer and image, which other one being drawn once for each layer. */
    static ContextReplacement.OfContexts otherHead(long seed) {
        return (first, layer, contexts) -> {
            int heads = contexts.shape()[1];
            int[] others = Partners.of(heads, "heads of a layer", seed + layer);
            int length = contexts.shape()[2] * contexts.shape()[3];
            float[] swapped = new float[contexts.data().length];
            for (int at = 0; at < swapped.length / length; at++) {
                int image = at / heads;
                System.arraycopy(
                        contexts.data(), (image * heads + others[at % heads]) * length, swapped, at * length, length);
            }
            return new FloatArray(contexts.shape(), swapped);
        };
    }
}
