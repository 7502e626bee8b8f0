package org.chirplens.training;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * The gradients of an optimizer step that comes in several parts: variables of the graph that each part is added to.
 * They are zero between steps, so a checkpoint need not have them.
 */
final class GradientSum {
    private static final String PREFIX = "gradient_sum.";

    private final Ops tf;
    private final GraphParameters sums;
    private final Placeholder<TFloat32> weight;
    private final Op add;
    private final @Nullable LossScale scale;

    /**
     * @param parameters what is trained, by name
     * @param parts gradients of the loss of the images that are fed, in the order of the parameters
     * @param scale what the loss was multiplied by, or null
     */
    GradientSum(
            Ops tf,
            Map<String, Variable<TFloat32>> parameters,
            List<Operand<TFloat32>> parts,
            @Nullable LossScale scale) {
        this.tf = tf;
        this.scale = scale;
        Map<String, int[]> shapes = new LinkedHashMap<>();
        parameters.forEach((name, variable) -> shapes.put(PREFIX + name, dimensions(variable)));
        sums = new GraphParameters(tf, shapes);
        weight = tf.withName(PREFIX + "weight").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        List<Op> additions = new ArrayList<>();
        List<Variable<TFloat32>> variables = variables();
        int i = 0;
        for (Operand<TFloat32> part : parts) {
            additions.add(tf.assignAdd(variables.get(i++), tf.math.mul(part, weight)));
        }
        add = tf.withControlDependencies(additions).noOp();
    }

    /** Feed, float scalar: the share of the step's images that are in a part. */
    Placeholder<TFloat32> weight() {
        return weight;
    }

    /** Adds a part. */
    Op add() {
        return add;
    }

    /** The whole step's gradients, in the order of the parameters, freed of the loss scale. */
    List<Operand<TFloat32>> gradients() {
        List<Operand<TFloat32>> gradients = new ArrayList<>();
        for (Variable<TFloat32> sum : variables()) {
            Operand<TFloat32> value = tf.identity(sum);
            gradients.add(scale == null ? value : tf.math.div(value, scale.value()));
        }
        return gradients;
    }

    /** Sets the sums to zero, after the given operations. */
    Op clear(List<Op> after) {
        Ops later = tf.withControlDependencies(after);
        List<Op> cleared = new ArrayList<>();
        for (Variable<TFloat32> sum : variables()) {
            cleared.add(later.assign(sum, later.zerosLike(later.identity(sum))));
        }
        return tf.withControlDependencies(cleared).noOp();
    }

    GraphParameters parameters() {
        return sums;
    }

    Map<String, FloatArray> zeros() {
        Map<String, FloatArray> zeros = new LinkedHashMap<>();
        sums.variables().forEach((name, sum) -> zeros.put(name, FloatArray.zeros(dimensions(sum))));
        return zeros;
    }

    private List<Variable<TFloat32>> variables() {
        return List.copyOf(sums.variables().values());
    }

    private static int[] dimensions(Variable<TFloat32> variable) {
        return Arrays.stream(variable.shape().asArray())
                .mapToInt(Math::toIntExact)
                .toArray();
    }
}
