package org.chirplens.training;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.chirplens.model.VitConfig;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;

/**
 * The dense pretext task in a training graph: a linear layer on every patch token says whether the chirp's ridge passes
 * through the patch, judged by binary cross-entropy with positives weighted 5.
 */
final class PretextTask {
    private static final String WEIGHT = "pretext.weight";
    private static final String BIAS = "pretext.bias";
    private static final float POSITIVE_WEIGHT = 5;

    private final GraphParameters parameters;
    private final Placeholder<TFloat32> labels;
    private final Operand<TFloat32> loss;
    private final int width;

    /** @param lastHiddenState [B, T, D], CLS token first */
    PretextTask(Ops tf, VitConfig vit, Operand<TFloat32> lastHiddenState) {
        width = vit.hiddenSize();
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, new int[] {1, width});
        shapes.put(BIAS, new int[] {1});
        parameters = new GraphParameters(tf, shapes);
        labels = tf.withName("pretext.labels")
                .placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, vit.numPatches())));
        Operand<TFloat32> patches =
                tf.slice(lastHiddenState, tf.constant(new int[] {0, 1, 0}), tf.constant(new int[] {-1, -1, -1}));
        Operand<TFloat32> rows = tf.reshape(patches, tf.constant(new int[] {-1, width})); // [B * patches, D]
        Operand<TFloat32> logits = tf.nn.biasAdd(
                tf.linalg.matMul(rows, tf.identity(variable(WEIGHT)), MatMul.transposeB(true)),
                tf.identity(variable(BIAS)));
        loss = crossEntropy(tf, tf.reshape(logits, tf.constant(new int[] {-1, vit.numPatches()})));
    }

    /** With p = 5 for positives: -p y log s(x) - (1 - y) log(1 - s(x)) = (1 + (p - 1) y) softplus(x) - p y x. */
    private Operand<TFloat32> crossEntropy(Ops tf, Operand<TFloat32> logits) {
        Operand<TFloat32> weight = tf.math.add(tf.constant(1f), tf.math.mul(tf.constant(POSITIVE_WEIGHT - 1), labels));
        Operand<TFloat32> positive = tf.math.mul(tf.math.mul(tf.constant(POSITIVE_WEIGHT), labels), logits);
        Operand<TFloat32> elements = tf.math.sub(tf.math.mul(weight, tf.math.softplus(logits)), positive);
        return tf.math.mean(elements, tf.constant(new int[] {0, 1}));
    }

    private Variable<TFloat32> variable(String name) {
        Variable<TFloat32> variable = parameters.variables().get(name);
        if (variable == null) {
            throw new IllegalStateException("the pretext task has no variable " + name);
        }
        return variable;
    }

    /** The layer's variables. */
    GraphParameters parameters() {
        return parameters;
    }

    /** Feed, float [B, patches]: {@link PatchLabels} of each image. */
    Placeholder<TFloat32> labels() {
        return labels;
    }

    Operand<TFloat32> loss() {
        return loss;
    }

    /** PyTorch's default for a linear layer. */
    Map<String, FloatArray> initialState(long seed) {
        return Map.of(
                WEIGHT, InitialWeights.uniform(new int[] {1, width}, width, seed, WEIGHT),
                BIAS, InitialWeights.uniform(new int[] {1}, width, seed, BIAS));
    }
}
