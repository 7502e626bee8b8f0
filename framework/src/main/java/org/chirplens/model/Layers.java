package org.chirplens.model;

import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/**
 * The layers that a transformer is made of, over named variables. Written in the forms that TensorFlow's oneDNN
 * kernels recognise and fuse: two-dimensional products with a bias add, the erf GELU, {@code BatchMatMulV2}.
 */
final class Layers {
    private final Ops tf;
    private final Map<String, Variable<TFloat32>> variables;
    private final double layerNormEps;

    Layers(Ops tf, Map<String, Variable<TFloat32>> variables, double layerNormEps) {
        this.tf = tf;
        this.variables = variables;
        this.layerNormEps = layerNormEps;
    }

    /** The value of a parameter. A ref variable must be read through an identity: gradients of a raw one crash. */
    Operand<TFloat32> parameter(String name) {
        Variable<TFloat32> variable = variables.get(name);
        if (variable == null) {
            throw new IllegalArgumentException("the model has no parameter " + name);
        }
        return tf.identity(variable);
    }

    /** {@code x W'}: x [N, in], W [out, in] to [N, out]. */
    Operand<TFloat32> product(Operand<TFloat32> x, Operand<TFloat32> weight) {
        return tf.linalg.matMul(x, weight, MatMul.transposeB(true));
    }

    /** {@code x W' + b}: x [N, in] to [N, out]. */
    Operand<TFloat32> linear(Operand<TFloat32> x, String prefix) {
        return linear(x, parameter(prefix + ".weight"), parameter(prefix + ".bias"));
    }

    /** {@code x W' + b}: x [N, in], W [out, in], b [out] to [N, out]. */
    Operand<TFloat32> linear(Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return tf.nn.biasAdd(product(x, weight), bias);
    }

    /** LayerNorm over the last axis, with the biased variance: (x - mean) / sqrt(var + eps) * weight + bias. */
    Operand<TFloat32> layerNorm(Operand<TFloat32> x, String prefix) {
        Operand<TFloat32> mean = tf.math.mean(x, tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> centred = tf.math.sub(x, mean);
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant((float) layerNormEps)));
        Operand<TFloat32> normalised = tf.math.mul(centred, scale);
        return tf.math.add(tf.math.mul(normalised, parameter(prefix + ".weight")), parameter(prefix + ".bias"));
    }

    /** The exact GELU: x (erf(x / sqrt 2) + 1) / 2. */
    Operand<TFloat32> gelu(Operand<TFloat32> x) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(x, tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(tf.math.add(erf, tf.constant(1f)), tf.constant(0.5f)), x);
    }

    /** Batched product over the last two axes; {@code transposeB} multiplies by the transpose of b. */
    Operand<TFloat32> batchProduct(Operand<TFloat32> a, Operand<TFloat32> b, boolean transposeB) {
        // tf.train.batchMatMul would emit BatchMatMulV3, which the oneDNN kernels do not take.
        return tf.scope()
                .env()
                .opBuilder("BatchMatMulV2", tf.scope().makeOpName("BatchMatMulV2"), tf.scope())
                .addInput(a.asOutput())
                .addInput(b.asOutput())
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
}
