package org.chirplens.training;

import java.util.List;
import org.chirplens.model.Parameters;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * Muon (Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks"): momentum whose matrix is made
 * nearly orthogonal before it moves a weight matrix, so that a step goes as far along directions of small gradients as
 * along those of large ones. With gradient G [outputs, inputs] in a step:
 *
 * <pre>
 *   M  = 0.95 M + G
 *   W -= rate * decay * W + rate * sqrt(max(1, outputs / inputs)) * orthogonal(G + 0.95 M)
 * </pre>
 */
final class Muon {
    private static final float MOMENTUM = 0.95f;

    /** Newton-Schulz: X = a X + (b A + c A A) X with A = X X', which takes singular values of [0.003, 1] to [0.7, 1.2]. */
    private static final int ITERATIONS = 5;

    private static final float A = 3.4445f;
    private static final float B = -4.7750f;
    private static final float C = 2.0315f;
    private static final float EPSILON = 1e-7f;

    private final Operand<TFloat32> rate;

    /** @param rate scalar */
    Muon(Operand<TFloat32> rate) {
        this.rate = rate;
    }

    /** Whether a parameter is a matrix of a backbone; a kernel of the patch embedding counts as a row. */
    static boolean moves(String name, int[] shape) {
        return shape.length > 1 && Parameters.isBackboneMatrix(name);
    }

    /** @param deps waits until all gradients are complete */
    Op move(
            Ops deps,
            Variable<TFloat32> weight,
            Variable<TFloat32> momentum,
            Operand<TFloat32> gradient,
            float weightDecay) {
        Operand<TFloat32> sum =
                deps.math.add(deps.math.mul(deps.identity(momentum), deps.constant(MOMENTUM)), gradient);
        Operand<TFloat32> ahead = deps.math.add(gradient, deps.math.mul(sum, deps.constant(MOMENTUM)));
        Op remembered = deps.assign(momentum, sum);
        int outputs = (int) weight.shape().get(0);
        int inputs = (int) (weight.shape().size() / outputs);
        Operand<TFloat32> direction = orthogonal(deps, deps.reshape(ahead, deps.constant(new int[] {outputs, inputs})));
        float factor = (float) Math.sqrt(Math.max(1, (double) outputs / inputs));
        Operand<TFloat32> step = deps.math.add(
                deps.math.mul(deps.identity(weight), deps.constant(weightDecay)),
                deps.math.mul(
                        deps.reshape(direction, deps.constant(weight.shape().asArray())), deps.constant(factor)));
        return deps.withControlDependencies(List.of(remembered)).assignSub(weight, deps.math.mul(step, rate));
    }

    /** A matrix with the singular vectors of {@code x} and singular values near 1. */
    static Operand<TFloat32> orthogonal(Ops tf, Operand<TFloat32> x) {
        boolean tall = x.shape().get(0) > x.shape().get(1);
        Operand<TFloat32> wide = tall ? transposed(tf, x) : x;
        Operand<TFloat32> norm = tf.math.sqrt(tf.math.mul(tf.constant(2f), tf.nn.l2Loss(wide)));
        Operand<TFloat32> y = tf.math.div(wide, tf.math.add(norm, tf.constant(EPSILON)));
        for (int i = 0; i < ITERATIONS; i++) {
            Operand<TFloat32> square = tf.linalg.matMul(y, y, MatMul.transposeB(true));
            Operand<TFloat32> polynomial = tf.math.add(
                    tf.math.mul(square, tf.constant(B)), tf.math.mul(tf.linalg.matMul(square, square), tf.constant(C)));
            y = tf.math.add(tf.math.mul(y, tf.constant(A)), tf.linalg.matMul(polynomial, y));
        }
        return tall ? transposed(tf, y) : y;
    }

    private static Operand<TFloat32> transposed(Ops tf, Operand<TFloat32> x) {
        return tf.linalg.transpose(x, tf.constant(new int[] {1, 0}));
    }
}
