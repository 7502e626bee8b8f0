package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.op.math.Mean;
import org.tensorflow.types.TFloat32;

/** Our gradients beside those that TensorFlow derives from the plain formulas. */
class OwnGradientsTest {
    /** Both round sums of some tens of float32 terms of size 1, in another order. */
    private static final float ROUNDING = 5e-6f;

    private interface Layer {
        Operand<TFloat32> of(Ops tf, List<Operand<TFloat32>> inputs);
    }

    @Test
    void geluHasTheDerivedGradient() {
        assertSame(OwnGradientsTest::plainGelu, (tf, in) -> OwnGradients.gelu(tf, in.get(0)), new int[] {7, 33});
    }

    private static Operand<TFloat32> plainGelu(Ops tf, List<Operand<TFloat32>> in) {
        Operand<TFloat32> erf = tf.math.erf(tf.math.mul(in.get(0), tf.constant((float) Math.sqrt(0.5))));
        return tf.math.mul(tf.math.mul(tf.math.add(erf, tf.constant(1f)), tf.constant(0.5f)), in.get(0));
    }

    @Test
    void layerNormHasTheDerivedGradientsOfInputWeightAndBias() {
        assertSame(
                OwnGradientsTest::plainLayerNorm,
                (tf, in) -> OwnGradients.layerNorm(tf, in.get(0), in.get(1), in.get(2), 1e-3),
                new int[] {2, 5, 24},
                new int[] {24},
                new int[] {24});
    }

    private static Operand<TFloat32> plainLayerNorm(Ops tf, List<Operand<TFloat32>> in) {
        Operand<TFloat32> mean = tf.math.mean(in.get(0), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> centred = tf.math.sub(in.get(0), mean);
        Operand<TFloat32> variance = tf.math.mean(tf.math.square(centred), tf.constant(-1), Mean.keepDims(true));
        Operand<TFloat32> scale = tf.math.rsqrt(tf.math.add(variance, tf.constant(1e-3f)));
        return tf.math.add(tf.math.mul(tf.math.mul(centred, scale), in.get(1)), in.get(2));
    }

    @Test
    void attentionHasTheDerivedGradientsOfQueriesKeysAndValues() {
        int[] keys = {2, 3, 9, 4};
        assertSame(OwnGradientsTest::plainAttention, OwnGradientsTest::ownAttention, keys, keys, keys);
    }

    @Test
    void attentionOfOneQueryRowHasTheDerivedGradients() {
        int[] keys = {2, 3, 9, 4};
        assertSame(
                OwnGradientsTest::plainAttention, OwnGradientsTest::ownAttention, new int[] {2, 3, 1, 4}, keys, keys);
    }

    private static Operand<TFloat32> plainAttention(Ops tf, List<Operand<TFloat32>> in) {
        return Layers.batchProduct(tf, probabilities(tf, in), in.get(2), false, false);
    }

    private static Operand<TFloat32> ownAttention(Ops tf, List<Operand<TFloat32>> in) {
        return OwnGradients.attention(tf, in.get(0), in.get(1), in.get(2), probabilities(tf, in));
    }

    private static Operand<TFloat32> probabilities(Ops tf, List<Operand<TFloat32>> in) {
        return tf.nn.softmax(Layers.batchProduct(tf, in.get(0), in.get(1), false, true));
    }

    /** Compares the values, and the gradients of a sum that weights every value differently. */
    private static void assertSame(Layer plain, Layer own, int[]... shapes) {
        List<FloatArray> expected = run(plain, shapes);
        List<FloatArray> found = run(own, shapes);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).shape()).containsExactly(expected.get(i).shape());
            assertThat(found.get(i).data())
                    .as(i == 0 ? "value" : "gradient of input " + i)
                    .containsExactly(expected.get(i).data(), org.assertj.core.api.Assertions.within(ROUNDING));
        }
    }

    private static List<FloatArray> run(Layer layer, int[]... shapes) {
        Random random = new Random(11);
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            List<Operand<TFloat32>> inputs = new ArrayList<>();
            for (int[] shape : shapes) {
                inputs.add(normal(tf, random, shape));
            }
            Operand<TFloat32> value = layer.of(tf, inputs);
            int[] shape = new int[value.shape().numDimensions()];
            for (int i = 0; i < shape.length; i++) {
                shape[i] = Math.toIntExact(value.shape().get(i));
            }
            Operand<TFloat32> weighted = tf.math.mul(value, normal(tf, random, shape));
            Output<?>[] gradients = graph.addGradients(
                    tf.reduceSum(weighted, tf.range(tf.constant(0), tf.rank(weighted), tf.constant(1)))
                            .asOutput(),
                    inputs.stream().map(Operand::asOutput).toArray(Output<?>[]::new));
            try (Session session = new SessionOptions("cpu", 1).open(graph)) {
                Session.Runner runner = session.runner().fetch(value);
                for (Output<?> gradient : gradients) {
                    runner.fetch(gradient);
                }
                List<FloatArray> copies = new ArrayList<>();
                try (Result result = runner.run()) {
                    result.forEach(tensor -> copies.add(InferenceModel.copy((TFloat32) tensor.getValue())));
                }
                return copies;
            }
        }
    }

    private static Operand<TFloat32> normal(Ops tf, Random random, int[] shape) {
        float[] values = new float[Math.toIntExact(FloatArray.size(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return tf.reshape(tf.constant(values), tf.constant(shape));
    }
}
