package org.chirplens.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.TensorFlow;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.IdentityN;
import org.tensorflow.op.core.Sum;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Layers of a training graph with gradients of our own. What TensorFlow derives from their many small operations costs
 * a narrow model as much time as its matrix products: it passes over every array several times more than is needed, and
 * multiplies batches with {@code BatchMatMulV3}, which the oneDNN kernels do not take.
 *
 * <p>A value is handed on by an {@code IdentityN} that also has the layer's inputs; TensorFlow has no gradient for this
 * operation, so that ours can be registered. It finds its formula by the operation's name and everything else among the
 * operation's inputs: it holds no state.
 */
final class OwnGradients {
    private static final String GELU = "own_gradient.gelu";
    private static final String LAYER_NORM = "own_gradient.layer_norm";
    private static final String ATTENTION = "own_gradient.attention";

    private static final float ROOT_HALF = (float) Math.sqrt(0.5);
    private static final float NORMAL_DENSITY = (float) (1 / Math.sqrt(2 * Math.PI));

    static {
        TensorFlow.registerCustomGradient(IdentityN.Inputs.class, OwnGradients::gradients);
    }

    private OwnGradients() {}

    /** The value, whose gradient goes to the inputs by the formula of that name. */
    @SuppressWarnings("unchecked") // an IdentityN's outputs have the types of its inputs
    private static <T extends TNumber> Operand<T> withGradient(
            Ops tf, String formula, Operand<T> value, List<Operand<?>> inputs) {
        List<Operand<?>> all = new ArrayList<>();
        all.add(tf.stopGradient(value));
        all.addAll(inputs);
        return (Operand<T>) tf.withName(formula).identityN(all).output().get(0);
    }

    private static List<Operand<?>> gradients(Ops tf, IdentityN.Inputs node, List<Output<?>> arriving) {
        List<Operand<?>> inputs = new ArrayList<>();
        node.input.forEach(inputs::add);
        String name = node.getOutputs().op().name();
        // Something must be returned for every input; what arrives at a stopped one goes nowhere.
        List<Operand<?>> gradients = new ArrayList<>();
        inputs.forEach(input -> gradients.add(arriving.get(0)));
        if (name.contains(GELU)) {
            gradients.set(
                    1, geluGradient(tf, float32(arriving.get(0)), float32(inputs.get(1)), float32(inputs.get(2))));
        } else if (name.contains(LAYER_NORM)) {
            List<Operand<TFloat32>> values =
                    inputs.stream().map(OwnGradients::float32).toList();
            layerNormGradients(tf, float32(arriving.get(0)), values, gradients);
        } else if (name.contains(ATTENTION)) {
            attentionGradients(tf, inputs, gradients);
        } else {
            return List.copyOf(arriving); // an IdentityN of somebody else
        }
        return gradients;
    }

    @SuppressWarnings("unchecked")
    private static Operand<TFloat32> float32(Operand<?> x) {
        return (Operand<TFloat32>) x;
    }

    /** {@code x F(x)} with the normal distribution function F(x) = (erf(x / sqrt 2) + 1) / 2. */
    static Operand<TFloat32> gelu(Ops tf, Operand<TFloat32> x) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant(ROOT_HALF)));
        Operand<TFloat32> distribution = tf.math.mul(tf.math.add(erf, tf.constant(1f)), tf.constant(0.5f));
        return withGradient(tf, GELU, tf.math.mul(distribution, x), List.of(x, tf.stopGradient(distribution)));
    }

    /** {@code dy (F(x) + x f(x))} with the normal density f. */
    private static Operand<TFloat32> geluGradient(
            Ops tf, Operand<TFloat32> dy, Operand<TFloat32> x, Operand<TFloat32> distribution) {
        Operand<TFloat32> density = tf.math.exp(tf.math.mul(tf.math.square(x), tf.constant(-0.5f)));
        density = tf.math.mul(tf.math.mul(density, tf.constant(NORMAL_DENSITY)), x);
        return tf.math.mul(tf.math.add(density, distribution), dy);
    }

    /** {@code w n + b} with n = (x - mean) / sqrt(variance + eps) over the last axis: x [N, D], w and b [D]. */
    static Operand<TFloat32> layerNorm(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> w, Operand<TFloat32> b, double eps) {
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> centred = tf.math.sub(x, mean);
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant((float) eps))); // [N, 1]
        Operand<TFloat32> normalised = tf.math.mul(centred, scale);
        Operand<TFloat32> y = tf.math.add(tf.math.mul(normalised, w), b);
        return withGradient(tf, LAYER_NORM, y, List.of(x, w, b, tf.stopGradient(normalised), tf.stopGradient(scale)));
    }

    /** With g = dy w: dx = scale (g - mean(g) - n mean(g n)), dw = sum of dy n and db = sum of dy over the rows. */
    private static void layerNormGradients(
            Ops tf, Operand<TFloat32> dy, List<Operand<TFloat32>> inputs, List<Operand<?>> gradients) {
        Operand<TFloat32> w = inputs.get(2);
        Operand<TFloat32> normalised = inputs.get(4);
        Operand<TFloat32> scale = inputs.get(5);
        Operand<TFloat32> product = tf.math.mul(dy, normalised);
        Operand<TFloat32> g = tf.math.mul(dy, w);
        Operand<TFloat32> mean = tf.math.mean(g, tf.constant(-1), Mean.keepDims(true)); // [N, 1]
        Operand<TFloat32> along = tf.math.mean(tf.math.mul(product, w), tf.constant(-1), Mean.keepDims(true)); // [N, 1]
        Operand<TFloat32> dx = tf.math.sub(tf.math.sub(g, mean), tf.math.mul(normalised, along));
        gradients.set(1, tf.math.mul(dx, scale));
        gradients.set(2, tf.nn.biasAddGrad(product));
        gradients.set(3, tf.nn.biasAddGrad(dy));
    }

    /**
     * {@code P V} [B, H, R, d] with the gradients of {@code P = softmax(Q K')}, whose values are given.
     *
     * @param q [B, H, R, d], scaled
     * @param k [B, H, T, d]
     * @param v [B, H, T, d]
     * @param p [B, H, R, T]
     */
    static <T extends TNumber> Operand<T> attention(Ops tf, Operand<T> q, Operand<T> k, Operand<T> v, Operand<T> p) {
        Operand<T> context = Layers.batchProduct(tf, p, v, false, false);
        return withGradient(tf, ATTENTION, context, List.of(q, k, v, tf.stopGradient(p), tf.stopGradient(context)));
    }

    /**
     * With C = P V: dV = P' dC, dP = dC V', dS = P (dP - rowsum(dP P)), dQ = dS K, dK = dS' Q. The row sums are taken as
     * those of dC C, which are equal (Dao et al. 2022, arXiv 2205.14135, equation 4) and shorter, and are subtracted
     * within the product that forms dP, from one column more.
     */
    @SuppressWarnings("unchecked") // all inputs are of the type that attention was given
    private static <T extends TNumber> void attentionGradients(
            Ops tf, List<Operand<?>> inputs, List<Operand<?>> gradients) {
        Operand<T> dContext = (Operand<T>) gradients.get(0);
        Operand<T> q = (Operand<T>) inputs.get(1);
        Operand<T> k = (Operand<T>) inputs.get(2);
        Operand<T> v = (Operand<T>) inputs.get(3);
        Operand<T> p = (Operand<T>) inputs.get(4);
        Operand<T> context = (Operand<T>) inputs.get(5);
        Class<T> type = dContext.type();
        Operand<TFloat32> products =
                tf.math.mul(Layers.as(tf, dContext, TFloat32.class), Layers.as(tf, context, TFloat32.class));
        Operand<TFloat32> sums = tf.math.neg(tf.sum(products, tf.constant(-1), Sum.keepDims(true)));
        Operand<T> wide = tf.concat(List.of(dContext, Layers.as(tf, sums, type)), tf.constant(-1)); // [B, H, R, d + 1]
        Operand<T> ones = tf.onesLike(tf.slice(v, tf.constant(new int[4]), tf.constant(new int[] {-1, -1, -1, 1})));
        Operand<T> wideV = tf.concat(List.of(v, ones), tf.constant(-1)); // [B, H, T, d + 1]
        Operand<T> dScores = tf.math.mul(p, Layers.batchProduct(tf, wide, wideV, false, true)); // [B, H, R, T]
        gradients.set(1, Layers.batchProduct(tf, dScores, k, false, false));
        gradients.set(2, Layers.batchProduct(tf, dScores, q, true, false));
        gradients.set(3, Layers.batchProduct(tf, p, dContext, true, false));
    }
}
