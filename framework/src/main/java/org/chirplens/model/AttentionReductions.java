package org.chirplens.model;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.types.TFloat32;

/**
 * The ways in which attention can be read, reduced in the graph so that no caller needs T * T numbers of every head. {@link Fetches}
 * says what each is.
 */
final class AttentionReductions {
    private final Ops tf;
    private final VitConfig vit;
    private final Layers layers;
    private final Operand<TFloat32> queries;
    private final Operand<TFloat32> distances;

    private final List<Operand<TFloat32>> maps = new ArrayList<>();
    private final List<Operand<TFloat32>> rows = new ArrayList<>();
    private final List<Operand<TFloat32>> summaries = new ArrayList<>();
    private final List<Operand<TFloat32>> valueNorms = new ArrayList<>();
    private final List<Operand<TFloat32>> rollouts = new ArrayList<>();

    /** The rollout up to the present layer, [B, T, T]. */
    private Operand<TFloat32> rollout;

    AttentionReductions(Ops tf, VitConfig vit, Layers layers) {
        this.tf = tf;
        this.vit = vit;
        this.layers = layers;
        float[][] mean = new float[1][vit.numTokens()];
        for (int token = 1; token < vit.numTokens(); token++) {
            mean[0][token] = 1f / vit.numPatches();
        }
        queries = tf.withName(Fetches.ATTENTION_QUERIES)
                .placeholderWithDefault(tf.constant(mean), Shape.of(-1, vit.numTokens()));
        distances = tf.constant(distances(vit.patchGrid()));
        rollout = tf.constant(identity(vit.numTokens()));
    }

    /** Distances between the centres of patches, in patches. */
    private static float[][] distances(int grid) {
        float[][] distances = new float[grid * grid][grid * grid];
        for (int a = 0; a < grid * grid; a++) {
            for (int b = 0; b < grid * grid; b++) {
                distances[a][b] = (float) Math.hypot(a / grid - b / grid, a % grid - b % grid);
            }
        }
        return distances;
    }

    private static float[][] identity(int size) {
        float[][] identity = new float[size][size];
        for (int i = 0; i < size; i++) {
            identity[i][i] = 1;
        }
        return identity;
    }

    /**
     * Reads the next layer.
     *
     * @param probabilities [B, H, T, T]
     * @param values [B, H, T, d]
     * @param outputs W_O,h' [H, d, D]
     */
    void add(Operand<TFloat32> probabilities, Operand<TFloat32> values, Operand<TFloat32> outputs) {
        Operand<TFloat32> patches =
                tf.slice(probabilities, tf.constant(new int[] {0, 0, 1, 1}), tf.constant(new int[] {-1, -1, -1, -1}));
        maps.add(map(patches));
        rows.add(layers.batchProduct(queries, probabilities)); // [B, H, K, T]
        summaries.add(summary(probabilities, patches));
        valueNorms.add(valueNorms(values, outputs));
        rollouts.add(rolledOut(probabilities));
    }

    /** Names what was read, for all layers. */
    void name() {
        tf.withName(Fetches.ATTENTION_MAPS).stack(maps, Stack.axis(1L));
        tf.withName(Fetches.ATTENTION_ROWS).stack(rows, Stack.axis(1L));
        tf.withName(Fetches.ATTENTION_SUMMARY).stack(summaries, Stack.axis(1L));
        tf.withName(Fetches.VALUE_NORMS).stack(valueNorms, Stack.axis(1L));
        tf.withName(Fetches.ATTENTION_ROLLOUT).stack(rollouts, Stack.axis(1L));
    }

    /** Attention from the patches to the patches, averaged over the former: [B, H, P P, P P] to [B, H, P, P]. */
    private Operand<TFloat32> map(Operand<TFloat32> patches) {
        Operand<TFloat32> map = tf.math.mean(patches, tf.constant(2)); // [B, H, P P]
        return layers.reshape(map, -1, vit.numHeads(), vit.patchGrid(), vit.patchGrid());
    }

    /** [B, H, T, T] and its part from patches to patches to [B, H, 3]. */
    private Operand<TFloat32> summary(Operand<TFloat32> probabilities, Operand<TFloat32> patches) {
        int last = 3;
        Operand<TFloat32> self = tf.linalg.matrixDiagPart(patches, tf.constant(0), tf.constant(0f)); // [B, H, P P]
        Operand<TFloat32> near = tf.sum(tf.math.mul(patches, distances), tf.constant(last));
        Operand<TFloat32> distance = tf.math.divNoNan(near, tf.sum(patches, tf.constant(last)));
        Operand<TFloat32> fromPatches =
                tf.slice(probabilities, tf.constant(new int[] {0, 0, 1, 0}), tf.constant(new int[] {-1, -1, -1, -1}));
        // A probability of 0 adds nothing.
        Operand<TFloat32> logarithms = tf.math.log(tf.math.maximum(fromPatches, tf.constant(Float.MIN_NORMAL)));
        Operand<TFloat32> entropy = tf.math.neg(tf.sum(tf.math.mul(fromPatches, logarithms), tf.constant(last)));
        return tf.stack(List.of(mean(self), mean(distance), mean(entropy)), Stack.axis(2L));
    }

    /** [B, H, P P] to [B, H]. */
    private Operand<TFloat32> mean(Operand<TFloat32> ofQueries) {
        return tf.math.mean(ofQueries, tf.constant(2));
    }

    /**
     * [B, H, T, d] and [H, d, D] to [B, H, T]: {@code ‖v W‖^2 = v (W W') v'} (Kobayashi et al. 2020, "Attention is Not Only a
     * Weight", arXiv 2004.10102, equation 7).
     */
    private Operand<TFloat32> valueNorms(Operand<TFloat32> values, Operand<TFloat32> outputs) {
        Operand<TFloat32> gram = Layers.batchProduct(tf, outputs, outputs, false, true); // [H, d, d]
        Operand<TFloat32> products = tf.math.mul(layers.batchProduct(values, gram), values); // [B, H, T, d]
        // Rounding may leave a square of nothing below 0.
        return tf.math.sqrt(tf.math.maximum(tf.sum(products, tf.constant(3)), tf.constant(0f)));
    }

    /**
     * The next product of (mean over heads + identity) / 2, as skip connections pass on what attention does not mix (Abnar and Zuidema
     * 2020, "Quantifying Attention Flow in Transformers", arXiv 2005.00928, section 3.1): [B, H, T, T] to the CLS token's row [B, T].
     */
    private Operand<TFloat32> rolledOut(Operand<TFloat32> probabilities) {
        Operand<TFloat32> mixed = layers.batchProduct(tf.math.mean(probabilities, tf.constant(1)), rollout);
        rollout = tf.math.mul(tf.math.add(mixed, rollout), tf.constant(0.5f)); // [B, T, T]
        Operand<TFloat32> cls = tf.slice(rollout, tf.constant(new int[3]), tf.constant(new int[] {-1, 1, -1}));
        return layers.reshape(cls, -1, vit.numTokens());
    }
}
