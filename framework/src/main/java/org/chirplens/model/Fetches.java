package org.chirplens.model;

/**
 * The names of the graph's tensors that callers feed or fetch. B is the batch, L layers, H heads, T tokens, D hidden
 * size, d head size, P patch grid.
 */
public final class Fetches {
    /** Feed, float [B, 3, imageSize, imageSize]: the preprocessed images. */
    public static final String PIXELS = "pixels";
    /** Feed with default 1, float [1 or B, L, H]: 1 keeps a head, 0 ablates it. */
    public static final String HEAD_MASK = "head_mask";
    /** Feed with default 0, float [1 or B, L, H, 1 or T, d]: what an ablated head's context is replaced by. */
    public static final String CONTEXT_REPLACEMENT = "context_replacement";
    /**
     * Feed with default 1, float [3, L, D]: 1 keeps a row of the query, key and value projections of a layer, 0 sets it
     * to zero: first the rows of the base weights W, then of the adapters' B, then of the biases b.
     */
    public static final String QKV_ROW_MASK = "qkv_row_mask";
    /** float [B, H, 1, d]: {@link #context} of the last layer for the CLS token alone, which leads to the predictions. */
    public static final String CLS_CONTEXT = "cls_context";
    /**
     * float [B, 1, D]: the CLS token's residual stream that leaves the last layer, before the final LayerNorm. Feeding it
     * computes the predictions alone.
     */
    public static final String FINAL_CLS = "final_cls";
    /** float [B, 1, 1]: 1 / sqrt(variance + eps) of {@link #FINAL_CLS}. Feeding it holds the final LayerNorm's scale. */
    public static final String FINAL_SCALE = "final_scale";
    /** float [L + 1, B, D]: the CLS token's {@link #residual} entering each layer, and {@link #FINAL_CLS}. */
    public static final String CLS_STREAM = "cls_stream";
    /**
     * float [L * H * B, 1, D]: {@link #FINAL_CLS} with one head at a time replaced in what it adds to the CLS token itself,
     * while all later layers write what they did; heads of layer 0 first.
     */
    public static final String DIRECT_VARIANTS = "direct_variants";
    /** float [B, outputs]: the regression head's output, standardised. */
    public static final String PREDICTIONS = "predictions";
    /** The same numbers from {@link #LAST_HIDDEN_STATE}: every token goes through the last block, not the CLS token alone. */
    public static final String WHOLE_PREDICTIONS = "whole_predictions";
    /** float [B, T, D]: every token after the final LayerNorm. */
    public static final String LAST_HIDDEN_STATE = "last_hidden_state";
    /** float [B, L, H, P, P]: attention to each patch, averaged over the query patches, CLS row and column dropped. */
    public static final String ATTENTION_MAPS = "attention_maps";
    /**
     * Feed, float [K, T]: whose attention {@link #ATTENTION_ROWS} tells; each of the K rows weights the queries. By default one
     * row, the mean over the query patches.
     */
    public static final String ATTENTION_QUERIES = "attention_queries";
    /** float [B, L, H, K, T]: attention to every token, by the weights of {@link #ATTENTION_QUERIES}. */
    public static final String ATTENTION_ROWS = "attention_rows";
    /**
     * float [B, L, H, 3]: means over the query patches of the attention to the patch itself, of the distance to the patches
     * attended to (in patches, weighted by attention), and of the entropy of the attention to all tokens (in nats).
     */
    public static final String ATTENTION_SUMMARY = "attention_summary";
    /** float [B, L, H, T]: the length of what each token's value adds to the residual stream when fully attended to, ‖v W_O,h'‖. */
    public static final String VALUE_NORMS = "value_norms";
    /** float [B, L, T]: the CLS token's row of the attention rollout from the embeddings to each layer's end. */
    public static final String ATTENTION_ROLLOUT = "attention_rollout";

    /** Feed with default 0, float scalar, training graph only: LoRA's dropout probability in this step. */
    public static final String DROPOUT_RATE = "dropout_rate";
    /** Feed with default 0, int64 [2], training graph only: what this step's dropout masks are a function of. */
    public static final String DROPOUT_SEED = "dropout_seed";

    private Fetches() {}

    /** float [B, T, D]: the residual stream entering a layer; {@code residual(L)} leaves the last one. */
    public static String residual(int layer) {
        return "residual_" + layer;
    }

    /** float [B, H, T, T]: softmax(Q K' / sqrt(d)), before the head mask; rows are queries. */
    public static String attentionProbabilities(int layer) {
        return "attention_probabilities_" + layer;
    }

    /** float [B, H, T, d]: each head's A V, before head mask and output projection. */
    public static String context(int layer) {
        return "context_" + layer;
    }

    /**
     * float [1 or B, H, 1 or T, d]: a layer's part of {@link #CONTEXT_REPLACEMENT}, which may be fed instead of the whole.
     */
    public static String contextReplacement(int layer) {
        return "context_replacement_" + layer;
    }

    /** float [1, H, 1, d]: the bias of a layer's value projection, what a head writes that sees nothing. */
    public static String valueBias(int layer) {
        return "value_bias_" + layer;
    }

    /**
     * float [1 or B, H, 1, d]: the value bias and the mean over the tokens of the adapter's share of the values. With its
     * base query, key and value weights at zero a head has constant keys, attends to all tokens alike and has this
     * context, whatever its queries; unless its keys have an adapter.
     */
    public static String uniformAdapterContext(int layer) {
        return "uniform_adapter_context_" + layer;
    }

    /**
     * float [B, T, D]: the residual stream after a layer's attention. Feeding it resumes the forward pass there. The
     * last layer's has the CLS row only, [B, 1, D], and leads to the predictions.
     */
    public static String attentionResidual(int layer) {
        return "attention_residual_" + layer;
    }

    /**
     * float [H * B, T, D]: {@link #residual} leaving the layer with one head of it at a time replaced as {@link #HEAD_MASK} = 0
     * would, head 0's B images first. Of the last layer {@link #attentionResidual} [H * B, 1, D]; see {@link #behindHeadVariants}.
     */
    public static String headVariants(int layer) {
        return "head_variants_" + layer;
    }

    /** Where {@link #headVariants} of a layer are fed to go on with the forward pass. */
    public static String behindHeadVariants(int layer, int numLayers) {
        return layer == numLayers - 1 ? attentionResidual(layer) : residual(layer + 1);
    }
}
