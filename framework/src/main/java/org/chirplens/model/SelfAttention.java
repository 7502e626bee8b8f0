package org.chirplens.model;

import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The part of a model's graph from the residual stream to the contexts of the heads: {@code softmax(Q K' / sqrt(d)) V} of each head, with
 * q, k, v taken from LayerNorm(x).
 *
 * <p>Shapes are named as in {@link VisionTransformer}.
 */
final class SelfAttention {
    private final Ops tf;
    private final VitConfig vit;
    private final Layers layers;
    private final AdaptedLayers adapted;
    private final HeadInterventions interventions;
    private final AttentionReductions reductions;
    private final boolean training;
    private final boolean differentiated;

    /**
     * @param training without names to fetch what heads do
     * @param differentiated whether gradients go through the graph
     */
    SelfAttention(
            Ops tf,
            VitConfig vit,
            Layers layers,
            AdaptedLayers adapted,
            HeadInterventions interventions,
            boolean training,
            boolean differentiated) {
        this.tf = tf;
        this.vit = vit;
        this.layers = layers;
        this.adapted = adapted;
        this.interventions = interventions;
        this.training = training;
        this.differentiated = differentiated;
        reductions = new AttentionReductions(tf, vit, layers);
    }

    /** Queries divided by sqrt(d), keys and values of a block, each [B, H, T, d]. */
    record Projections(Operand<TFloat32> queries, Operand<TFloat32> keys, Operand<TFloat32> values) {}

    /** What a block's attention sees: LayerNorm of the residual stream [B, T, D]. */
    Operand<TFloat32> normalised(int l, Operand<TFloat32> residual) {
        Operand<TFloat32> z = layers.layerNorm(residual, Parameters.layer(l) + ".layernorm_before");
        nameUniformContexts(l, layers.reshape(z, -1, vit.hiddenSize()));
        return z;
    }

    Projections project(int l, Operand<TFloat32> normalised) {
        Operand<TFloat32> z = layers.reshape(normalised, -1, vit.hiddenSize()); // [B T, D]
        int tokens = (int) normalised.shape().get(1);
        return new Projections(
                heads(queries(l, z, tokens), tokens),
                heads(projection(l, "key", z, tokens), tokens),
                heads(projection(l, "value", z, tokens), tokens));
    }

    /** A projection [B R, D] of some rows of each image, without the masked rows of its parameters. */
    private Operand<TFloat32> projection(int l, String which, Operand<TFloat32> z, int rowsPerImage) {
        return projection(l, which, z, rowsPerImage, interventions.withoutMaskedRows(l));
    }

    private Operand<TFloat32> projection(
            int l, String which, Operand<TFloat32> z, int rowsPerImage, AdaptedLayers.Parameter parameter) {
        return adapted.linear(Parameters.projection(l, which), z, rowsPerImage, vit.hiddenSize(), parameter);
    }

    /**
     * Queries divided by sqrt(d) [B R, D]: their parameters are, as there are fewer of them than of queries; but not where a gradient in
     * float16 goes through the product, whose range is narrow.
     */
    private Operand<TFloat32> queries(int l, Operand<TFloat32> z, int rowsPerImage) {
        Operand<TFloat32> scale = tf.constant((float) (1 / Math.sqrt(vit.headSize())));
        if (differentiated) {
            return tf.math.mul(projection(l, "query", z, rowsPerImage), scale);
        }
        AdaptedLayers.Parameter kept = interventions.withoutMaskedRows(l);
        return projection(l, "query", z, rowsPerImage, (rows, stored) -> tf.math.mul(kept.of(rows, stored), scale));
    }

    /** Names {@link Fetches#valueBias} and {@link Fetches#uniformAdapterContext}: z [B T, D]. */
    private void nameUniformContexts(int l, Operand<TFloat32> z) {
        if (training) {
            return;
        }
        String module = Parameters.projection(l, "value");
        int h = vit.numHeads();
        Operand<TFloat32> bias = layers.reshape(layers.parameter(module + ".bias"), 1, h, 1, vit.headSize());
        named(Fetches.valueBias(l), bias);
        Operand<TFloat32> mean = adapted.meanOfAdapter(module, z, vit.numTokens(), vit.hiddenSize()); // [B, D]
        Operand<TFloat32> uniform =
                mean == null ? bias : tf.math.add(layers.reshape(mean, -1, h, 1, vit.headSize()), bias); // [B, H, 1, d]
        named(Fetches.uniformAdapterContext(l), uniform);
    }

    /** [B R, D] to [B, H, R, d]. */
    private Operand<TFloat32> heads(Operand<TFloat32> x, int rowsPerImage) {
        x = layers.reshape(x, -1, rowsPerImage, vit.numHeads(), vit.headSize());
        return layers.transpose(x, 0, 2, 1, 3);
    }

    /** The contexts of every token: {@code softmax(Q K' / sqrt(d)) V} [B, H, T, d], named, and how it may be read. */
    Operand<TFloat32> contexts(int l, Projections projected) {
        Layers.Attention attention = attention(projected.queries, projected);
        Operand<TFloat32> probabilities =
                named(Fetches.attentionProbabilities(l), attention.probabilities()); // [B, H, T, T]
        if (!training) {
            reductions.add(probabilities, projected.values, interventions.headOutputs(l));
        }
        return named(Fetches.context(l), attention.context());
    }

    private Layers.Attention attention(Operand<TFloat32> queries, Projections projected) {
        return layers.attention(queries, projected.keys, projected.values);
    }

    /**
     * The CLS token's contexts [B, H, 1, d]: by the gradients that a graph has where it is differentiated, and else by the shorter way.
     *
     * @param z what the attention sees [B, T, D]
     * @param projected from it
     */
    Operand<TFloat32> clsContext(int l, Operand<TFloat32> z, Projections projected) {
        return differentiated
                ? attention(layers.clsOfHeads(projected.queries), projected).context()
                : clsContext(l, z);
    }

    /**
     * The CLS token's contexts [B, H, 1, d] from what the attention sees [B, T, D]. One query needs no keys and values of every
     * token: {@code q (W_K z + b_K)'} is {@code (q W_K) z'} but for a number that softmax takes no notice of, and
     * {@code sum p (W_V z + b_V)'} is {@code (sum p z') W_V' + b_V'}.
     */
    private Operand<TFloat32> clsContext(int l, Operand<TFloat32> z) {
        int h = vit.numHeads();
        Operand<TFloat32> cls = layers.reshape(layers.cls(z), -1, vit.hiddenSize()); // [B, D]
        Operand<TFloat32> q = heads(queries(l, cls, 1), 1); // [B, H, 1, d]
        q = layers.reshape(layers.transpose(q, 1, 0, 2, 3), h, -1, vit.headSize()); // [H, B, d]
        Operand<TFloat32> u = layers.batchProduct(q, ofHeads(l, "key")); // [H, B, D]
        Operand<TFloat32> scores = Layers.batchProduct(tf, layers.transpose(u, 1, 0, 2), z, false, true); // [B, H, T]
        Operand<TFloat32> mean = layers.batchProduct(tf.nn.softmax(scores), z); // [B, H, D]
        Operand<TFloat32> context =
                Layers.batchProduct(tf, layers.transpose(mean, 1, 0, 2), ofHeads(l, "value"), false, true); // [H, B, d]
        context = layers.reshape(layers.transpose(context, 1, 0, 2), -1, h, 1, vit.headSize());
        Operand<TFloat32> bias = adapted.bias(Parameters.projection(l, "value"), interventions.withoutMaskedRows(l));
        return tf.math.add(context, layers.reshape(bias, 1, h, 1, vit.headSize()));
    }

    /** A projection's weights by head, without masked rows, [H, d, D]. */
    private Operand<TFloat32> ofHeads(int l, String which) {
        Operand<TFloat32> weight = adapted.merged(Parameters.projection(l, which), interventions.withoutMaskedRows(l));
        return layers.reshape(weight, vit.numHeads(), vit.headSize(), vit.hiddenSize());
    }

    /** Names what was reduced of all layers' attention. */
    void nameReductions() {
        reductions.name();
    }

    private Operand<TFloat32> named(String name, Operand<TFloat32> x) {
        return tf.withName(name).identity(x);
    }
}
