package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/** oneDNN's operations compute what the common ones do, on machines that have them. */
class KernelsTest {
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0));
    private static final int IMAGES = 3;

    /** Two orders of the same float32 sums, values of order 1. */
    private static final float ROUNDING = 2e-5f;

    @BeforeAll
    static void needsOneDnn() {
        boolean found = Kernels.forInference(OPTIONS, false) == Kernels.ONEDNN;
        if ("true".equals(System.getenv("CI")) && "amd64".equals(System.getProperty("os.arch"))) {
            assertTrue(found, "every x86-64 has oneDNN's operations, or the graph of them is wrong");
        }
        assumeTrue(found, "this machine has no oneDNN");
    }

    private static final List<String> FETCHES = List.of(
            Fetches.PREDICTIONS,
            Fetches.WHOLE_PREDICTIONS,
            Fetches.LAST_HIDDEN_STATE,
            Fetches.ATTENTION_MAPS,
            Fetches.headVariants(1),
            Fetches.DIRECT_VARIANTS);

    @Test
    void aModelComputesTheSameWithEitherOfThem() {
        List<FloatArray> common = computed(Kernels.COMMON);
        List<FloatArray> fused = computed(Kernels.ONEDNN);
        for (int i = 0; i < FETCHES.size(); i++) {
            assertThat(fused.get(i).shape())
                    .as(FETCHES.get(i))
                    .isEqualTo(common.get(i).shape());
            assertThat(fused.get(i).data())
                    .as(FETCHES.get(i))
                    .containsExactly(common.get(i).data(), within(ROUNDING));
        }
    }

    private static List<FloatArray> computed(Kernels kernels) {
        try (Graph graph = new Graph()) {
            VisionTransformer model =
                    VisionTransformer.forInference(Ops.create(graph), CONFIG, Precision.FLOAT32, kernels);
            try (Session session = OPTIONS.open(graph, kernels)) {
                model.parameters().assign(session, RandomWeights.of(CONFIG, 7));
                Session.Runner runner = session.runner();
                FETCHES.forEach(runner::fetch);
                float[] pixels = RandomWeights.pixels(VIT, IMAGES, 8);
                try (TFloat32 input = InferenceModel.tensor(new FloatArray(new int[] {IMAGES, 3, 24, 24}, pixels));
                        Result result = runner.feed(Fetches.PIXELS, input).run()) {
                    return IntStream.range(0, FETCHES.size())
                            .mapToObj(i -> InferenceModel.copy((TFloat32) result.get(i)))
                            .toList();
                }
            }
        }
    }

    /** Left alone, the operation adds 0.001. */
    @Test
    void layerNormAddsTheEpsilonThatItIsGiven() {
        float[] row = {1, 3};
        for (double eps : new double[] {1e-12, 0.5, 8}) {
            try (Graph graph = new Graph()) {
                Ops tf = Ops.create(graph);
                Operand<TFloat32> norm = Kernels.layerNorm(
                        tf,
                        tf.constant(new float[][] {row}),
                        tf.constant(new float[] {2, 5}),
                        tf.constant(new float[] {1, -1}),
                        eps);
                try (Session session = OPTIONS.open(graph, Kernels.ONEDNN);
                        Result result = session.runner().fetch(norm).run()) {
                    // Mean 2, variance 1.
                    double normalised = 1 / Math.sqrt(1 + eps);
                    float[] computed =
                            InferenceModel.copy((TFloat32) result.get(0)).data();
                    assertThat(computed[0]).isCloseTo((float) (1 - 2 * normalised), within(1e-6f));
                    assertThat(computed[1]).isCloseTo((float) (5 * normalised - 1), within(1e-6f));
                }
            }
        }
    }

    @Test
    void productsInLowPrecisionAreCommonOnes() {
        assertThat(Kernels.forInference(new SessionOptions("cpu", 1, Precision.BFLOAT16, 0), false))
                .isEqualTo(Kernels.COMMON);
    }
}
