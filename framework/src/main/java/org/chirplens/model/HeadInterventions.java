package org.chirplens.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Squeeze;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * The part of a model's graph by which heads are ablated: inputs that mask or replace what a head writes, and the residual
 * stream with one head at a time replaced. In a graph for training nothing intervenes.
 *
 * <p>Shapes are named as in {@link VisionTransformer}.
 */
final class HeadInterventions {
    /**
     * The hidden size from which it is less work to split the first product of an MLP into what heads have in common and what is of each:
     * saved are 2 (D - d - 1) operations for each of its results, which then go through memory instead of through the product's own
     * bias and GELU. At 144 that takes 4 % more of a sweep's time, at 768 4 % less. Only with the kernels of {@link Kernels#ONEDNN}, whose products are of float32 factors: the parts round otherwise
     * than the product of the pass without ablation, with which the variants are compared.
     */
    private static final int SPLIT_FROM = 512;

    private final Ops tf;
    private final VitConfig vit;
    private final Layers layers;
    private final AdaptedLayers adapted;
    private final boolean training;
    private final boolean splits;
    private final Operand<TFloat32> headMask;
    private final Operand<TFloat32> replacement;
    private final Operand<TFloat32> rowMask;
    /** The CLS token's residual stream entering each layer, each [B, 1, D]. */
    private final List<Operand<TFloat32>> clsStream = new ArrayList<>();
    /** What each layer's heads, replaced one at a time, change in it, each [H, B, D]. */
    private final List<Operand<TFloat32>> clsChanges = new ArrayList<>();

    HeadInterventions(Ops tf, VitConfig vit, Layers layers, AdaptedLayers adapted, boolean training, Kernels kernels) {
        this.tf = tf;
        this.vit = vit;
        this.layers = layers;
        this.adapted = adapted;
        this.training = training;
        splits = kernels == Kernels.ONEDNN && vit.hiddenSize() >= SPLIT_FROM;
        headMask = neutral(Fetches.HEAD_MASK, 1f, 1, vit.numLayers(), vit.numHeads());
        replacement = neutral(Fetches.CONTEXT_REPLACEMENT, 0f, 1, vit.numLayers(), vit.numHeads(), 1, vit.headSize());
        rowMask = neutral(Fetches.QKV_ROW_MASK, 1f, QkvRowMask.Rows.values().length, vit.numLayers(), vit.hiddenSize());
    }

    private Operand<TFloat32> neutral(String name, float value, int... shape) {
        long[] free = new long[shape.length];
        for (int i = 0; i < shape.length; i++) {
            free[i] = i == 0 || (i == 3 && shape.length == 5) ? -1 : shape[i];
        }
        return tf.withName(name)
                .placeholderWithDefault(tf.fill(tf.constant(shape), tf.constant(value)), Shape.of(free));
    }

    /** The head mask, float [1 or B, L, H]. */
    Operand<TFloat32> headMask() {
        return headMask;
    }

    /** Leaves the masked rows of a layer's projections to queries, keys and values out. */
    AdaptedLayers.Parameter withoutMaskedRows(int l) {
        return (rows, stored) -> training ? stored : kept(rows, l, stored);
    }

    /** A weight [D, in] or a bias [D] without its masked rows. */
    private Operand<TFloat32> kept(QkvRowMask.Rows rows, int l, Operand<TFloat32> parameter) {
        int d = vit.hiddenSize();
        int[] shape = rows == QkvRowMask.Rows.BIAS ? new int[] {d} : new int[] {d, 1};
        Operand<TFloat32> mask =
                tf.slice(rowMask, tf.constant(new int[] {rows.ordinal(), l, 0}), tf.constant(new int[] {1, 1, d}));
        return tf.math.mul(parameter, layers.reshape(mask, shape));
    }

    /** {@code m context + (1 - m) r} [B, H, R, d], the one formula of every ablation of a head. */
    Operand<TFloat32> masked(int l, Operand<TFloat32> context, Operand<TFloat32> r) {
        if (training) {
            return context;
        }
        Operand<TFloat32> mask = tf.slice(
                headMask, tf.constant(new int[] {0, l, 0}), tf.constant(new int[] {-1, 1, -1})); // [B or 1, 1, H]
        mask = layers.reshape(mask, -1, vit.numHeads(), 1, 1);
        Operand<TFloat32> rest = tf.math.mul(tf.math.sub(tf.constant(1f), mask), r);
        return add(tf.math.mul(mask, context), rest);
    }

    /** A layer's part of the replacement [1 or B, H, 1 or T, d], named. */
    Operand<TFloat32> nameReplacement(int l) {
        Operand<TFloat32> own = tf.slice(
                replacement, tf.constant(new int[] {0, l, 0, 0, 0}), tf.constant(new int[] {-1, 1, -1, -1, -1}));
        return named(Fetches.contextReplacement(l), tf.squeeze(own, Squeeze.axis(List.of(1L))));
    }

    /** Remembers the CLS token's residual stream entering a layer [B, 1, D]. */
    void enter(Operand<TFloat32> cls) {
        clsStream.add(cls);
    }

    /**
     * Adds the residual stream with one head at a time at m = 0: behind the block [H B, T, D], or behind the attention of the last one
     * [H B, 1, D]. The stream behind the attention is linear in the contexts, so a head's share is added to it,
     * {@code (r - context_h) W_O,h'}, and nothing is computed again.
     *
     * @param rest what the variants go through yet, from [H B, R, D] to the same: the block's MLP, or nothing in the last block
     */
    void addHeadVariants(
            int l,
            Operand<TFloat32> context,
            Operand<TFloat32> r,
            Operand<TFloat32> residual,
            UnaryOperator<Operand<TFloat32>> rest) {
        if (training) {
            return;
        }
        int rows = (int) context.shape().get(2);
        Operand<TFloat32> weight = headOutputs(l); // [H, d, D]
        Operand<TFloat32> difference = byHead(tf.math.sub(r, context)); // [H, B R, d]
        Operand<TFloat32> change = layers.batchProduct(difference, weight); // [H, B R, D]
        Operand<TFloat32> variants = add(change, layers.reshape(residual, 1, -1, vit.hiddenSize()));
        boolean last = l == vit.numLayers() - 1;
        clsChanges.add(
                last
                        ? change
                        : layers.batchProduct(
                                byHead(tf.math.sub(layers.clsOfHeads(r), layers.clsOfHeads(context))), weight));
        Operand<TFloat32> behind = !last && splits
                ? layers.reshape(splitMlp(l, residual, difference, weight, variants), -1, rows, vit.hiddenSize())
                : rest.apply(layers.reshape(variants, -1, rows, vit.hiddenSize()));
        named(Fetches.headVariants(l), behind);
    }

    /**
     * {@code x + W2 gelu(W1 LayerNorm(x) + b)} of streams that differ in one head, {@code x = s + c W_O,h'}. With LayerNorm's weight w and
     * bias v, G = W1 diag(w) less the mean of each of its rows, and the deviation a = sqrt(var + eps) of x, the GELU's argument is
     * {@code (G s + (G W_O,h) c + a (W1 v + b)) / a}: what is of s is computed once for all heads, and the rest from d + 1 numbers instead of D.
     *
     * @param residual s [B, T, D]
     * @param difference c of each head [H, B T, d]
     * @param weight W_O,h' [H, d, D]
     * @param variants x [H, B T, D]
     * @return [H, B T, D]
     */
    private Operand<TFloat32> splitMlp(
            int l,
            Operand<TFloat32> residual,
            Operand<TFloat32> difference,
            Operand<TFloat32> weight,
            Operand<TFloat32> variants) {
        int h = vit.numHeads();
        int d = vit.hiddenSize();
        int m = vit.mlpSize();
        String norm = Parameters.layer(l) + ".layernorm_after";
        String intermediate = Parameters.intermediate(l);
        Operand<TFloat32> first = adapted.merged(intermediate); // W1 [M, D]
        Operand<TFloat32> g = tf.math.mul(first, layers.parameter(norm + ".weight"));
        g = tf.math.sub(g, tf.math.mean(g, tf.constant(-1), Mean.keepDims(true))); // [M, D]
        Operand<TFloat32> offset = add(
                layers.product(layers.reshape(layers.parameter(norm + ".bias"), 1, d), first),
                adapted.bias(intermediate)); // [1, M]
        Operand<TFloat32> ofHeads = layers.product(layers.reshape(weight, -1, d), g); // [H d, M]
        Operand<TFloat32> factors = tf.concat(
                List.of(
                        layers.reshape(ofHeads, h, vit.headSize(), m),
                        tf.broadcastTo(offset, tf.constant(new int[] {h, 1, m}))),
                tf.constant(1)); // [H, d + 1, M]
        Operand<TFloat32> deviation = layers.deviation(variants); // [H, B T, 1]
        Operand<TFloat32> own =
                layers.batchProduct(tf.concat(List.of(difference, deviation), tf.constant(2)), factors); // [H, B T, M]
        Operand<TFloat32> shared = layers.product(layers.reshape(residual, -1, d), g); // [B T, M]

        // gelu(y) = e (1 + erf(e)) / sqrt(2) for e = y / sqrt(2): W2 takes the last factor, as every pass over an array
        // of this size counts.
        Operand<TFloat32> half = tf.constant((float) Math.sqrt(0.5));
        Operand<TFloat32> e = tf.math.mul(add(own, shared), tf.math.div(half, deviation));
        Operand<TFloat32> z = tf.math.mul(e, add(tf.math.erf(e), tf.constant(1f)));
        Operand<TFloat32> second = tf.math.mul(adapted.merged(Parameters.mlpOutput(l)), half); // [D, M]
        z = layers.linearPlus(
                layers.reshape(z, -1, m),
                second,
                adapted.bias(Parameters.mlpOutput(l)),
                layers.reshape(variants, -1, d)); // [H B T, D]
        return layers.reshape(z, h, -1, d);
    }

    /** The rows of the attention's output projection that read each head, W_O,h' [H, d, D]. */
    Operand<TFloat32> headOutputs(int l) {
        Operand<TFloat32> weight = adapted.merged(Parameters.attentionOutput(l)); // [D, D]
        return layers.reshape(layers.transpose(weight, 1, 0), vit.numHeads(), vit.headSize(), vit.hiddenSize());
    }

    /** [B, H, R, d] to [H, B R, d]. */
    private Operand<TFloat32> byHead(Operand<TFloat32> context) {
        return layers.reshape(layers.transpose(context, 1, 0, 2, 3), vit.numHeads(), -1, vit.headSize());
    }

    /** Names {@link Fetches#CLS_STREAM} and {@link Fetches#DIRECT_VARIANTS}: last [B, 1, D]. */
    void nameClsStream(Operand<TFloat32> last) {
        if (training) {
            return;
        }
        int d = vit.hiddenSize();
        List<Operand<TFloat32>> stream = new ArrayList<>(clsStream);
        stream.add(last);
        named(Fetches.CLS_STREAM, layers.reshape(tf.stack(stream), stream.size(), -1, d)); // [L + 1, B, D]
        Operand<TFloat32> changes = tf.stack(clsChanges); // [L, H, B, D]
        Operand<TFloat32> variants = add(changes, layers.reshape(last, 1, 1, -1, d));
        named(Fetches.DIRECT_VARIANTS, layers.reshape(variants, -1, 1, d)); // [L H B, 1, D]
    }

    private Operand<TFloat32> add(Operand<TFloat32> a, Operand<TFloat32> b) {
        return tf.math.add(a, b);
    }

    private Operand<TFloat32> named(String name, Operand<TFloat32> x) {
        return tf.withName(name).identity(x);
    }
}
