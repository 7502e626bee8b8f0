package org.chirplens.model;

import java.util.Arrays;

/**
 * A value for {@link Fetches#QKV_ROW_MASK}: which rows of the query, key and value projections are zero. The three
 * projections of a layer share it.
 */
public final class QkvRowMask {
    /** The parameters that a row belongs to, in the order of the mask's first axis. */
    public enum Rows {
        /** The base weights W. */
        BASE,
        /** The adapters' B, and with it their share of the projections. */
        LORA_B,
        /** The biases b. */
        BIAS
    }

    private final FloatArray mask; // [3, L, D]
    private final int numLayers;
    private final int hiddenSize;

    /** A mask that keeps every row. */
    public QkvRowMask(VitConfig vit) {
        numLayers = vit.numLayers();
        hiddenSize = vit.hiddenSize();
        mask = FloatArray.ones(Rows.values().length, numLayers, hiddenSize);
    }

    /**
     * Zeroes rows {@code from} to {@code to - 1} of a layer.
     *
     * @return this mask
     */
    public QkvRowMask zero(Rows rows, int layer, int from, int to) {
        int start = (rows.ordinal() * numLayers + layer) * hiddenSize;
        Arrays.fill(mask.data(), start + from, start + to, 0);
        return this;
    }

    /** The mask as it is fed, float [3, L, D]. */
    public FloatArray array() {
        return mask;
    }
}
