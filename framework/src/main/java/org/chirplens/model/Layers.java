package org.chirplens.model;

import java.util.Map;
import java.util.function.UnaryOperator;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;

/**
 * The layers that a transformer is made of, over named variables. Written in the forms that TensorFlow's oneDNN
 * kernels recognise and fuse: two-dimensional products with a bias add, the erf GELU, {@code BatchMatMulV2}.
 */
final class Layers {
    private final Ops tf;
    private final Map<String, Variable<TFloat32>> variables;
    private final double layerNormEps;
    private final Precision precision;
    private final Kernels kernels;

    /**
     * @param precision of the products
     * @param kernels that the layers are made of; ONEDNN only for products in float32
     */
    Layers(
            Ops tf,
            Map<String, Variable<TFloat32>> variables,
            double layerNormEps,
            Precision precision,
            Kernels kernels) {
        this.tf = tf;
        this.variables = variables;
        this.layerNormEps = layerNormEps;
        this.precision = precision;
        this.kernels = kernels;
    }

    /** The value of a parameter. A ref variable must be read through an identity: gradients of a raw one crash. */
    Operand<TFloat32> parameter(String name) {
        Variable<TFloat32> variable = variables.get(name);
        if (variable == null) {
            throw new IllegalArgumentException("the model has no parameter " + name);
        }
        return tf.identity(variable);
    }

    /** A value in another type; one that has it already is returned as it is. */
    @SuppressWarnings("unchecked") // its type is the one asked for
    static <T extends TType> Operand<T> as(Ops tf, Operand<?> x, Class<T> type) {
        return x.type().equals(type) ? (Operand<T>) x : tf.dtypes.cast(x, type);
    }

    /** {@code x W'}: x [N, in], W [out, in] to [N, out]. */
    Operand<TFloat32> product(Operand<TFloat32> x, Operand<TFloat32> weight) {
        return as(tf, product(precision.type(), x, weight), TFloat32.class);
    }

    private <T extends TNumber> Operand<T> product(Class<T> type, Operand<TFloat32> x, Operand<TFloat32> weight) {
        return tf.linalg.matMul(as(tf, x, type), as(tf, weight, type), MatMul.transposeB(true));
    }

    /** {@code x W' + b} in float32 always: x [N, in] to [N, out]. */
    Operand<TFloat32> float32Linear(Operand<TFloat32> x, String prefix) {
        return linear(TFloat32.class, x, parameter(prefix + ".weight"), parameter(prefix + ".bias"));
    }

    /** {@code x W' + b}: x [N, in], W [out, in], b [out] to [N, out]. */
    Operand<TFloat32> linear(Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return kernels == Kernels.ONEDNN
                ? Kernels.linear(tf, x, weight, bias)
                : as(tf, linear(precision.type(), x, weight, bias), TFloat32.class);
    }

    /** {@code x W' + b + y}: x [N, in], W [out, in], b [out], y [N, out] to [N, out]. */
    Operand<TFloat32> linearPlus(
            Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias, Operand<TFloat32> y) {
        return kernels == Kernels.ONEDNN
                ? Kernels.linearPlus(tf, x, weight, bias, y)
                : tf.math.add(y, linear(x, weight, bias));
    }

    private <T extends TNumber> Operand<T> linear(
            Class<T> type, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return tf.nn.biasAdd(product(type, x, weight), as(tf, bias, type));
    }

    /** LayerNorm over the last axis, with the biased variance: (x - mean) / sqrt(var + eps) * weight + bias. */
    Operand<TFloat32> layerNorm(Operand<TFloat32> x, String prefix) {
        return kernels == Kernels.ONEDNN
                ? Kernels.layerNorm(tf, x, parameter(prefix + ".weight"), parameter(prefix + ".bias"), layerNormEps)
                : layerNorm(x, prefix, scale -> scale);
    }

    /** @param scaled passes on 1 / sqrt(var + eps) [..., 1], say under a name; not in a graph with gradients */
    Operand<TFloat32> layerNorm(Operand<TFloat32> x, String prefix, UnaryOperator<Operand<TFloat32>> scaled) {
        Operand<TFloat32> weight = parameter(prefix + ".weight");
        Operand<TFloat32> bias = parameter(prefix + ".bias");
        if (kernels == Kernels.DIFFERENTIATED) {
            return OwnGradients.layerNorm(tf, x, weight, bias, layerNormEps);
        }
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> centred = tf.math.sub(x, mean);
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant((float) layerNormEps)));
        Operand<TFloat32> normalised = tf.math.mul(centred, scaled.apply(scale));
        return tf.math.add(tf.math.mul(normalised, weight), bias);
    }

    /** {@code gelu(x W' + b)}: x [N, in], W [out, in], b [out] to [N, out]. */
    Operand<TFloat32> geluOfLinear(Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return kernels == Kernels.ONEDNN ? Kernels.geluOfLinear(tf, x, weight, bias) : gelu(linear(x, weight, bias));
    }

    /** LayerNorm's sqrt(var + eps) over the last axis [..., 1]. */
    Operand<TFloat32> deviation(Operand<TFloat32> x) {
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> squares = tf.math.squaredDifference(x, mean);
        Operand<TFloat32> variance = tf.math.mean(squares, tf.constant(-1), Mean.keepDims(true));
        return tf.math.sqrt(tf.math.add(variance, tf.constant((float) layerNormEps)));
    }

    /** The exact GELU: x (erf(x / sqrt 2) + 1) / 2. */
    Operand<TFloat32> gelu(Operand<TFloat32> x) {
        if (kernels == Kernels.DIFFERENTIATED) {
            return OwnGradients.gelu(tf, x);
        }
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(tf.math.add(erf, tf.constant(1f)), tf.constant(0.5f)), x);
    }

    /**
     * What attention computes.
     *
     * @param probabilities softmax(Q K') [B, H, R, T]
     * @param context P V [B, H, R, d]
     */
    record Attention(Operand<TFloat32> probabilities, Operand<TFloat32> context) {}

    /** Attention of scaled queries [B, H, R, d] to keys and values [B, H, T, d]. */
    Attention attention(Operand<TFloat32> queries, Operand<TFloat32> keys, Operand<TFloat32> values) {
        return attention(precision.type(), queries, keys, values);
    }

    private <T extends TNumber> Attention attention(
            Class<T> type, Operand<TFloat32> queries, Operand<TFloat32> keys, Operand<TFloat32> values) {
        Operand<T> q = as(tf, queries, type);
        Operand<T> k = as(tf, keys, type);
        Operand<T> v = as(tf, values, type);
        Operand<T> scores = batchProduct(tf, q, k, false, true);
        Operand<TFloat32> probabilities = tf.nn.softmax(as(tf, scores, TFloat32.class));
        Operand<T> p = as(tf, probabilities, type);
        Operand<T> context = kernels == Kernels.DIFFERENTIATED
                ? OwnGradients.attention(tf, q, k, v, p)
                : batchProduct(tf, p, v, false, false);
        return new Attention(probabilities, as(tf, context, TFloat32.class));
    }

    /** Batched product over the last two axes. */
    Operand<TFloat32> batchProduct(Operand<TFloat32> a, Operand<TFloat32> b) {
        return batchProduct(tf, a, b, false, false);
    }

    /** Batched product over the last two axes, of a or its transpose and b or its transpose. */
    static <T extends TNumber> Operand<T> batchProduct(
            Ops tf, Operand<T> a, Operand<T> b, boolean transposeA, boolean transposeB) {
        // tf.train.batchMatMul would emit BatchMatMulV3, which the oneDNN kernels do not take.
        return tf.scope()
                .opBuilder("BatchMatMulV2", "BatchMatMulV2")
                .addInput(a.asOutput())
                .addInput(b.asOutput())
                .setAttr("adj_x", transposeA)
                .setAttr("adj_y", transposeB)
                .build()
                .output(0);
    }

    Operand<TFloat32> reshape(Operand<TFloat32> x, int... shape) {
        return tf.reshape(x, tf.constant(shape));
    }

    Operand<TFloat32> transpose(Operand<TFloat32> x, int... axes) {
        return tf.linalg.transpose(x, tf.constant(axes));
    }

    /** The CLS token's row: [B, T, D] to [B, 1, D]. */
    Operand<TFloat32> cls(Operand<TFloat32> x) {
        return tf.slice(x, tf.constant(new int[3]), tf.constant(new int[] {-1, 1, -1}));
    }

    /** The CLS token's row of every head: [B, H, T, d] to [B, H, 1, d]. */
    Operand<TFloat32> clsOfHeads(Operand<TFloat32> x) {
        return tf.slice(x, tf.constant(new int[4]), tf.constant(new int[] {-1, -1, 1, -1}));
    }
}
