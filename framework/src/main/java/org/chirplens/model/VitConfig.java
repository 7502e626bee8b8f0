package org.chirplens.model;

import java.util.Locale;

/**
 * The size of a vision transformer, in the terms of Hugging Face's {@code ViTConfig}.
 *
 * @param imageSize side of the square input image, pixels; a multiple of {@code patchSize}
 * @param patchSize side of a square patch, pixels
 * @param hiddenSize width of the residual stream; a multiple of {@code numHeads}
 * @param numLayers number of encoder blocks
 * @param numHeads attention heads per block
 * @param mlpSize width of a block's hidden layer
 * @param layerNormEps what LayerNorm adds to the variance
 */
public record VitConfig(
        int imageSize, int patchSize, int hiddenSize, int numLayers, int numHeads, int mlpSize, double layerNormEps) {
    /** Colour channels of the input. */
    public static final int CHANNELS = 3;

    /** Hugging Face's default {@code layer_norm_eps}. */
    public static final double DEFAULT_LAYER_NORM_EPS = 1e-12;

    /** Far above every model that can be run, so that numbers in a broken file do not overflow or fill the memory. */
    private static final int MOST_PIXELS = 1 << 14;

    private static final int MOST_PATCHES = 1 << 10;
    private static final int MOST_WIDTH = 1 << 20;
    private static final int MOST_LAYERS = 1000;

    public VitConfig {
        in("imageSize", imageSize, MOST_PIXELS);
        in("patchSize", patchSize, MOST_PIXELS);
        in("hiddenSize", hiddenSize, MOST_WIDTH);
        in("numLayers", numLayers, MOST_LAYERS);
        in("numHeads", numHeads, MOST_WIDTH);
        in("mlpSize", mlpSize, MOST_WIDTH);
        if (imageSize % patchSize != 0) {
            throw new IllegalArgumentException(
                    "imageSize must be a multiple of patchSize " + patchSize + ", found " + imageSize);
        }
        if (imageSize / patchSize > MOST_PATCHES) {
            throw new IllegalArgumentException("imageSize must be at most " + MOST_PATCHES + " times patchSize "
                    + patchSize + ", found " + imageSize);
        }
        if (hiddenSize % numHeads != 0) {
            throw new IllegalArgumentException(
                    "hiddenSize must be a multiple of numHeads " + numHeads + ", found " + hiddenSize);
        }
        if (!(layerNormEps > 0 && layerNormEps < 1)) {
            throw new IllegalArgumentException("layerNormEps must be in (0, 1), found " + layerNormEps);
        }
    }

    /** ViT-B/16 at 224 pixels, the model of the paper. */
    public static VitConfig base16() {
        return new VitConfig(224, 16, 768, 12, 12, 3072, DEFAULT_LAYER_NORM_EPS);
    }

    /** Patches along each side of the image, P. */
    public int patchGrid() {
        return imageSize / patchSize;
    }

    /** Patches of an image, P squared. */
    public int numPatches() {
        return patchGrid() * patchGrid();
    }

    /** Tokens of an image, T: its patches and the CLS token, which comes first. */
    public int numTokens() {
        return numPatches() + 1;
    }

    /** Values of a flattened patch: channels x patchSize x patchSize. */
    public int patchValues() {
        return CHANNELS * patchSize * patchSize;
    }

    /** Width of a head's query, key and value. */
    public int headSize() {
        return hiddenSize / numHeads;
    }

    private static void in(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    name + " must be " + (value < 1 ? "at least 1" : String.format(Locale.ROOT, "at most %,d", most))
                            + ", found " + value);
        }
    }
}
