package org.chirplens.training;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * The dynamic loss scale of float16 training (Micikevicius et al. 2018, arXiv 1710.03740, section 3.2): the loss is
 * multiplied by it before it is differentiated, so that small gradients do not vanish, and gradients are divided by it
 * before they are used. It starts at 2^15; gradients that are not finite halve it and their step is skipped; 2000 good
 * steps in a row double it.
 */
final class LossScale {
    static final float START = 1 << 15;
    static final int GOOD_STEPS = 2000;

    static final String SCALE = "loss_scale.value";
    static final String GOOD = "loss_scale.good_steps";

    private final Ops tf;
    private final GraphParameters parameters;

    LossScale(Ops tf) {
        this.tf = tf;
        this.parameters = new GraphParameters(tf, Map.of(SCALE, new int[0], GOOD, new int[0]));
    }

    Operand<TFloat32> value() {
        return tf.identity(variable(SCALE));
    }

    /** Whether all gradients are finite, as 1 or 0: their sum of squares is, which is so unless one exceeds 1e19. */
    Operand<TFloat32> finite(List<Operand<TFloat32>> gradients) {
        List<Operand<TFloat32>> halfSquares = new ArrayList<>();
        gradients.forEach(gradient -> halfSquares.add(tf.nn.l2Loss(gradient)));
        return tf.dtypes.cast(tf.math.isFinite(tf.math.addN(halfSquares)), TFloat32.class);
    }

    /** Counts a step that was done, and doubles the scale when it is time, after the update. */
    Op accept(Op update) {
        Ops later = tf.withControlDependencies(List.of(update));
        Operand<TFloat32> good = later.math.add(later.identity(variable(GOOD)), tf.constant(1f));
        Operand<TFloat32> full =
                tf.dtypes.cast(tf.math.greaterEqual(good, tf.constant((float) GOOD_STEPS)), TFloat32.class);
        Operand<TFloat32> doubled = tf.math.mul(later.identity(variable(SCALE)), tf.math.add(tf.constant(1f), full));
        Operand<TFloat32> rest = tf.math.mul(good, tf.math.sub(tf.constant(1f), full));
        return assign(doubled, rest);
    }

    /** Halves the scale, for a step that is skipped. */
    Op reject() {
        return assign(tf.math.mul(value(), tf.constant(0.5f)), tf.constant(0f));
    }

    /** Both values are computed before either variable changes. */
    private Op assign(Operand<TFloat32> scale, Operand<TFloat32> good) {
        Ops computed = tf.withControlDependencies(List.of(scale, good));
        return tf.withControlDependencies(
                        List.of(computed.assign(variable(SCALE), scale), computed.assign(variable(GOOD), good)))
                .noOp();
    }

    GraphParameters parameters() {
        return parameters;
    }

    /** The values before the first step. */
    static Map<String, FloatArray> initialState() {
        return Map.of(SCALE, new FloatArray(new int[0], new float[] {START}), GOOD, FloatArray.zeros());
    }

    private Variable<TFloat32> variable(String name) {
        Variable<TFloat32> variable = parameters.variables().get(name);
        if (variable == null) {
            throw new IllegalStateException("the loss scale has no variable " + name);
        }
        return variable;
    }
}
