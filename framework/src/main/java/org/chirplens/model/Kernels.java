package org.chirplens.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.exceptions.TensorFlowException;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** Which of TensorFlow's operations the layers of a graph are made of. */
enum Kernels {
    /** Those that every build of TensorFlow has, on every device; for inference. */
    COMMON,
    /**
     * Those of the oneDNN library, which run on a processor alone and have no gradients: a product takes bias, GELU and the residual stream with it, and
     * LayerNorm is one operation instead of eight that each go through memory. TensorFlow makes them of the common ones, too, but
     * not of our LayerNorm, and it needs longer for that than the first use of such a graph takes.
     */
    ONEDNN,
    /** The common ones, with gradients of our own. */
    DIFFERENTIATED;

    private static @Nullable Boolean oneDnnWorks;

    /**
     * The fastest ones for inference by some sessions.
     *
     * @param haveGpu {@link Devices#hasGpu}
     */
    static Kernels forInference(SessionOptions options, boolean haveGpu) {
        boolean processor = options.precision() == Precision.FLOAT32 && !haveGpu && !options.requiresGpu();
        return processor && oneDnnWorks(options) ? ONEDNN : COMMON;
    }

    /** Whether this build, this processor and the environment let oneDNN's operations run, found out by running them once. */
    private static synchronized boolean oneDnnWorks(SessionOptions options) {
        if (oneDnnWorks == null) {
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                Operand<TFloat32> square = tf.constant(new float[][] {{1, 2}, {3, 5}});
                Operand<TFloat32> row = tf.constant(new float[] {1, 2});
                Operand<TFloat32> product = linearPlus(tf, geluOfLinear(tf, square, square, row), square, row, square);
                try (Session session = options.open(graph, ONEDNN);
                        Result result =
                                SessionRun.of(session.runner().fetch(layerNorm(tf, product, row, row, 1e-12)))) {
                    oneDnnWorks = result.size() == 1;
                }
            } catch (TensorFlowException e) {
                oneDnnWorks = false;
            }
        }
        return oneDnnWorks;
    }

    /** {@code x W' + b} of oneDNN: x [N, in], W [out, in], b [out] to [N, out]. */
    static Operand<TFloat32> linear(Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return fusedProduct(tf, x, weight, List.of(bias), "BiasAdd");
    }

    /** {@code x W' + b + y} of oneDNN: x [N, in], W [out, in], b [out], y [N, out] to [N, out]. */
    static Operand<TFloat32> linearPlus(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias, Operand<TFloat32> y) {
        return fusedProduct(tf, x, weight, List.of(bias, y), "BiasAdd", "Add");
    }

    /** {@code gelu(x W' + b)} of oneDNN, with the exact GELU. */
    static Operand<TFloat32> geluOfLinear(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias) {
        return fusedProduct(tf, x, weight, List.of(bias), "BiasAdd", "GeluExact");
    }

    private static Operand<TFloat32> fusedProduct(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, List<Operand<TFloat32>> with, String... then) {
        return tf.scope()
                .opBuilder("_FusedMatMul", "FusedMatMul")
                .addInput(x.asOutput())
                .addInput(weight.asOutput())
                .addInputList(with.stream().map(Operand::asOutput).toArray(Output<?>[]::new))
                .setAttr("transpose_b", true)
                .setAttr("fused_ops", then)
                .build()
                .output(0);
    }

    /** LayerNorm of oneDNN over the last axis: x [N, D] or [B, T, D]. */
    static Operand<TFloat32> layerNorm(
            Ops tf, Operand<TFloat32> x, Operand<TFloat32> weight, Operand<TFloat32> bias, double eps) {
        return tf.scope()
                .opBuilder("_MklLayerNorm", "LayerNorm")
                .addInput(x.asOutput())
                .addInput(weight.asOutput())
                .addInput(bias.asOutput())
                .setAttr("epsilon", (float) eps)
                .build()
                .output(0);
    }
}
