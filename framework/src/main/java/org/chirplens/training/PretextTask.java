package org.chirplens.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.VitConfig;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The {@link Pretext} tasks in a training graph: one linear layer on every patch token. Its outputs are, for each of the
 * patch's q x q cells, logits of ridge, start and end, then the standardised targets.
 *
 * <p>Shapes in comments: B images, P P patches of the window that the graph sees, q cells along a patch, C = P P q q cells of the
 * window, K targets.
 */
final class PretextTask {
    private static final String WEIGHT = "pretext.weight";
    private static final String BIAS = "pretext.bias";
    private static final float POSITIVE_WEIGHT = 5;

    /** Logits of a cell: ridge, start, end. */
    private static final int CELL_OUTPUTS = 3;

    private final Ops tf;
    private final GraphParameters parameters;
    private final Placeholder<TFloat32> ridge;
    private final Placeholder<TInt32> ends;
    private final Operand<TFloat32> loss;
    private final PatchWindow window;
    private final int grid;
    private final int perPatch;
    private final int cells;
    private final int width;
    private final int outputs;

    /**
     * @param window the patches of the tokens
     * @param lastHiddenState [B, T, D], CLS token first
     * @param targets standardised labels [B, K]
     */
    PretextTask(
            Ops tf,
            VitConfig vit,
            PatchWindow window,
            Pretext pretext,
            Operand<TFloat32> lastHiddenState,
            Operand<TFloat32> targets) {
        this.tf = tf;
        this.window = window;
        grid = vit.patchGrid();
        perPatch = vit.patchSize() / pretext.cellSize();
        cells = window.patches() * perPatch * perPatch;
        width = vit.hiddenSize();
        int numTargets = (int) targets.shape().get(1);
        outputs = CELL_OUTPUTS * perPatch * perPatch + numTargets;
        Map<String, int[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHT, new int[] {outputs, width});
        shapes.put(BIAS, new int[] {outputs});
        parameters = new GraphParameters(tf, shapes);
        ridge = tf.withName("pretext.ridge").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, cells)));
        ends = tf.withName("pretext.ends").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1, 2)));

        Operand<TFloat32> answers = answers(lastHiddenState); // [B, P P, outputs]
        List<Operand<TFloat32>> losses = new ArrayList<>();
        if (pretext.ridge() > 0) {
            losses.add(weighted(pretext.ridge(), ridgeLoss(cellLogits(answers, 0))));
        }
        if (pretext.ends() > 0) {
            losses.add(weighted(pretext.ends(), crossEntropy(cellLogits(answers, 1), 0)));
            losses.add(weighted(pretext.ends(), crossEntropy(cellLogits(answers, 2), 1)));
        }
        if (pretext.labels() > 0) {
            losses.add(weighted(pretext.labels(), labelLoss(answers, targets, numTargets)));
        }
        loss = tf.math.addN(losses);
    }

    private Operand<TFloat32> answers(Operand<TFloat32> lastHiddenState) {
        Operand<TFloat32> patches = slice(lastHiddenState, new int[] {0, 1, 0}, -1, -1, -1);
        Operand<TFloat32> rows = reshape(patches, -1, width); // [B P P, D]
        Operand<TFloat32> answers = tf.nn.biasAdd(
                tf.linalg.matMul(rows, tf.identity(variable(WEIGHT)), MatMul.transposeB(true)),
                tf.identity(variable(BIAS)));
        return reshape(answers, -1, window.patches(), outputs);
    }

    /** One of the logits of every cell, in the image's order: [B, P P, outputs] to [B, C]. */
    private Operand<TFloat32> cellLogits(Operand<TFloat32> answers, int which) {
        int own = perPatch * perPatch;
        Operand<TFloat32> x = slice(answers, new int[] {0, 0, which * own}, -1, -1, own);
        x = reshape(
                x,
                -1,
                window.rows(),
                window.columns(),
                perPatch,
                perPatch); // rows of patches, patches, rows of cells, cells
        x = tf.linalg.transpose(x, tf.constant(new int[] {0, 1, 3, 2, 4}));
        return reshape(x, -1, cells);
    }

    /** With p = 5 for positives: -p y log s(x) - (1 - y) log(1 - s(x)) = (1 + (p - 1) y) softplus(x) - p y x. */
    private Operand<TFloat32> ridgeLoss(Operand<TFloat32> logits) {
        Operand<TFloat32> weight = tf.math.add(tf.constant(1f), tf.math.mul(tf.constant(POSITIVE_WEIGHT - 1), ridge));
        Operand<TFloat32> positive = tf.math.mul(tf.math.mul(tf.constant(POSITIVE_WEIGHT), ridge), logits);
        Operand<TFloat32> elements = tf.math.sub(tf.math.mul(weight, tf.math.softplus(logits)), positive);
        return tf.math.mean(elements, tf.constant(new int[] {0, 1}));
    }

    /** {@code -log softmax(x)} at the cell in which the chirp begins (0) or ends (1), mean over the images. */
    private Operand<TFloat32> crossEntropy(Operand<TFloat32> logits, int end) {
        Operand<TInt32> cell = tf.reshape(
                tf.slice(ends, tf.constant(new int[] {0, end}), tf.constant(new int[] {-1, 1})),
                tf.constant(new int[] {-1}));
        Operand<TFloat32> chosen = tf.oneHot(cell, tf.constant(cells), tf.constant(1f), tf.constant(0f)); // [B, C]
        Operand<TFloat32> each = tf.reduceSum(tf.math.mul(chosen, tf.nn.logSoftmax(logits)), tf.constant(1));
        return tf.math.neg(tf.math.mean(each, tf.constant(0)));
    }

    /** Mean over the patches of an image that the ridge passes through, where the labels can be read; mean over the images. */
    private Operand<TFloat32> labelLoss(Operand<TFloat32> answers, Operand<TFloat32> targets, int numTargets) {
        Operand<TFloat32> predicted = slice(answers, new int[] {0, 0, outputs - numTargets}, -1, -1, numTargets);
        Operand<TFloat32> squares = tf.math.squaredDifference(predicted, reshape(targets, -1, 1, numTargets));
        Operand<TFloat32> each = tf.math.mean(squares, tf.constant(2)); // [B, P P]
        Operand<TFloat32> byPatch = reshape(ridge, -1, window.rows(), perPatch, window.columns(), perPatch);
        Operand<TFloat32> crossed = tf.reduceMax(byPatch, tf.constant(new int[] {2, 4}));
        crossed = reshape(crossed, -1, window.patches()); // [B, P P]
        Operand<TFloat32> sums = tf.reduceSum(tf.math.mul(each, crossed), tf.constant(1)); // [B]
        Operand<TFloat32> counts = tf.math.maximum(tf.reduceSum(crossed, tf.constant(1)), tf.constant(1f)); // [B]
        return tf.math.mean(tf.math.div(sums, counts), tf.constant(0));
    }

    private Operand<TFloat32> weighted(double weight, Operand<TFloat32> task) {
        return tf.math.mul(tf.constant((float) weight), task);
    }

    private Operand<TFloat32> slice(Operand<TFloat32> x, int[] begin, int... size) {
        return tf.slice(x, tf.constant(begin), tf.constant(size));
    }

    private Operand<TFloat32> reshape(Operand<TFloat32> x, int... shape) {
        return tf.reshape(x, tf.constant(shape));
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

    Operand<TFloat32> loss() {
        return loss;
    }

    /**
     * Feeds where the chirps of a batch are.
     *
     * @param tensors what the caller closes after the run
     */
    void feed(Session.Runner runner, ChirpCells[] images, List<Tensor> tensors) {
        float[] ridges = new float[images.length * cells];
        int[] points = new int[images.length * 2];
        for (int i = 0; i < images.length; i++) {
            ChirpCells seen = images[i].within(window, grid, perPatch);
            System.arraycopy(seen.ridge(), 0, ridges, i * cells, cells);
            points[2 * i] = seen.start();
            points[2 * i + 1] = seen.end();
        }
        Tensor fedRidges = TFloat32.tensorOf(Shape.of(images.length, cells), DataBuffers.of(ridges, true, false));
        tensors.add(fedRidges);
        Tensor fedEnds = TInt32.tensorOf(Shape.of(images.length, 2), DataBuffers.of(points, true, false));
        tensors.add(fedEnds);
        runner.feed(ridge, fedRidges).feed(ends, fedEnds);
    }

    /** PyTorch's default for a linear layer. */
    Map<String, FloatArray> initialState(long seed) {
        return Map.of(
                WEIGHT, InitialWeights.uniform(new int[] {outputs, width}, width, seed, WEIGHT),
                BIAS, InitialWeights.uniform(new int[] {outputs}, width, seed, BIAS));
    }
}
