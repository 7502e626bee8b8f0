package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadMaskGradients;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Precision;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tensorflow.Graph;
import org.tensorflow.op.Ops;

/** Whether every operation has a kernel for GPUs; what is asked of TensorFlow's GPU build needs no GPU. */
class GpuPlacementTest {
    private static final VitConfig VIT = new VitConfig(32, 8, 32, 2, 4, 64, 1e-12);
    private static final ModelConfig MODEL = ModelConfig.fineTuned(
            VIT, LoraConfig.on(VIT, List.of(LoraTarget.values()), new LoraConfig.Adapter(4, 8, false), 0.1));
    private static final ModelConfig BACKBONE = new ModelConfig(VIT, null, 3);
    private static final SessionOptions GPU = new SessionOptions("gpu", 1);
    private static final TrainingConfig TRAINING = TrainingConfig.released()
            .with()
            .batchSize(8)
            .clipNorm(1)
            .smoothL1(0.1)
            .pretext(new Pretext(0.5, 0.2, 0.3, 4))
            .build();

    private static boolean gpuBuild() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            tf.linalg.matMul(tf.constant(new float[1][1]), tf.constant(new float[1][1]));
            GPU.open(graph).close();
            return true;
        } catch (IllegalStateException e) {
            return false;
        }
    }

    @Test
    void inferenceAndItsGradientsRunOnGpusAlone() {
        assumeTrue(gpuBuild());
        Map<String, FloatArray> weights = RandomWeights.of(MODEL, 1);
        assertThatCode(() -> new InferenceModel(MODEL, weights, GPU).close()).doesNotThrowAnyException();
        assertThatCode(() -> new HeadMaskGradients(MODEL, weights, GPU).close()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void trainingRunsOnGpusAlone(Precision precision) {
        assumeTrue(gpuBuild());
        TrainingConfig whole = TRAINING.with().precision(precision).build();
        TrainingConfig inParts = whole.with().accumulate(2).build();
        TrainingConfig muon =
                whole.with().train(Trainable.BACKBONE).matrixLearningRate(0.02).build();
        assertThatCode(() -> new TrainingGraph(MODEL, whole, GPU).close()).doesNotThrowAnyException();
        assertThatCode(() -> new TrainingGraph(MODEL, inParts, GPU).close()).doesNotThrowAnyException();
        assertThatCode(() -> new TrainingGraph(BACKBONE, muon, GPU).close()).doesNotThrowAnyException();
    }

    @Test
    void anOperationWithoutAGpuKernelIsNamed() {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            tf.withName("letters").strings.upper(tf.constant("abc"));
            assertThatThrownBy(() -> GPU.open(graph))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no GPU kernel")
                    .hasMessageContaining("StringUpper");
        }
    }
}
