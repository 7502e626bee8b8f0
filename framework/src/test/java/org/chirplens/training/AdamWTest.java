package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

class AdamWTest {
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);

    @Test
    void fiveStepsEndWhereTheRecordedPyTorchRunEnds() {
        Map<String, FloatArray> recorded = RecordedTraining.steps();
        Map<String, FloatArray> start = RecordedTraining.weights();
        FloatArray input = get(RecordedTraining.images(), "input");
        FloatArray labels = get(RecordedTraining.images(), "labels_standardised");
        TrainingConfig config = TrainingConfig.released()
                .with()
                .learningRate(RecordedTraining.LEARNING_RATE)
                .build();
        try (TrainingGraph graph = new TrainingGraph(RecordedTraining.CONFIG, config, OPTIONS)) {
            graph.start(start);
            for (int step = 0; step < RecordedTraining.STEPS; step++) {
                double loss = graph.step(
                                batch(input, step), batch(labels, step), null, RecordedTraining.LEARNING_RATE, step)
                        .regression();
                assertThat(loss)
                        .as("loss of step %d", step + 1)
                        .isCloseTo(get(recorded, "losses").data()[step], within(1e-5));
            }
            Map<String, FloatArray> end = graph.state();
            start.keySet().stream().filter(Trainable.LORA::trains).forEach(name -> {
                FloatArray expected = get(recorded, "final." + RecordedTraining.recordedName(name));
                double difference = difference(get(end, name), expected);
                assertThat(difference).as(name).isLessThan(2e-6);
            });
            float[][] predictions = graph.predict(input.data(), 40);
            FloatArray expected = get(recorded, "final_predictions");
            for (int i = 0; i < expected.data().length; i++) {
                assertThat(predictions[i / 3][i % 3]).isCloseTo(expected.data()[i], within(2e-5f));
            }
        }
    }

    @Test
    void theFirstGradientIsTheRecordedOne() {
        Map<String, FloatArray> recorded = RecordedTraining.steps();
        Map<String, FloatArray> start = RecordedTraining.weights();
        FloatArray input = get(RecordedTraining.images(), "input");
        FloatArray labels = get(RecordedTraining.images(), "labels_standardised");
        try (TrainingGraph graph = new TrainingGraph(RecordedTraining.CONFIG, TrainingConfig.released(), OPTIONS)) {
            graph.start(start);
            Map<String, FloatArray> gradients = graph.gradients(batch(input, 0), batch(labels, 0), null, 0);
            assertThat(gradients.keySet())
                    .containsExactlyInAnyOrderElementsOf(start.keySet().stream()
                            .filter(Trainable.LORA::trains)
                            .toList());
            gradients.forEach((name, gradient) -> {
                FloatArray expected = get(recorded, "grad_step1." + RecordedTraining.recordedName(name));
                assertThat(difference(gradient, expected))
                        .as("gradient of %s, relative to its largest element", name)
                        .isLessThan(1e-5 * largest(expected));
            });
        }
    }

    @Test
    void lookingAtGradientsChangesNoParameter() {
        FloatArray input = get(RecordedTraining.images(), "input");
        FloatArray labels = get(RecordedTraining.images(), "labels_standardised");
        try (TrainingGraph graph = new TrainingGraph(RecordedTraining.CONFIG, TrainingConfig.released(), OPTIONS)) {
            graph.start(RecordedTraining.weights());
            graph.gradients(batch(input, 0), batch(labels, 0), null, 0);
            Map<String, FloatArray> after = graph.parameters();
            RecordedTraining.weights()
                    .forEach((name, value) ->
                            assertThat(get(after, name).data()).as(name).containsExactly(value.data()));
            assertThat(graph.state().get("adamw.step"))
                    .satisfies(step ->
                            assertThat(Objects.requireNonNull(step).data()).containsExactly(0f));
        }
    }

    @Test
    void aParameterWithoutGradientOnlyDecays() {
        // loss = 0 * w: the step is w (1 - rate * decay), three times
        float[] end = steps(3, 0.1f, 0.5, 0, 0);
        assertThat(end[0]).isCloseTo((float) (2 * Math.pow(1 - 0.05, 3)), within(1e-6f));
        assertThat(end[1]).isCloseTo((float) (-4 * Math.pow(1 - 0.05, 3)), within(1e-6f));
    }

    @Test
    void theFirstStepMovesEveryElementByTheLearningRate() {
        // m / (1 - 0.9) = g and sqrt(v / (1 - 0.999)) = |g|, so the step is rate * sign(g), whatever g's size
        float[] end = steps(1, 0.1f, 0, 1e-3f, 0);
        assertThat(end).containsExactly(new float[] {1.9f, -4.1f}, within(1e-5f));
    }

    @Test
    void clippingBoundsTheGlobalNorm() {
        // gradient (3, 3) has norm 4.24; scaled to norm 1e-8 it is as small as epsilon, and the first step halves
        float[] end = steps(1, 0.1f, 0, 3, Math.sqrt(2) * 1e-8);
        assertThat(end).containsExactly(new float[] {1.95f, -4.05f}, within(1e-3f));
    }

    @Test
    void gradientsBelowTheBoundAreNotChanged() {
        assertThat(steps(2, 0.1f, 0, 3, 100)).containsExactly(steps(2, 0.1f, 0, 3, 0), within(1e-6f));
    }

    /** Trains w = (2, -4) on the loss {@code slope * sum(w)}, beside a variable that the optimizer does not own. */
    private static float[] steps(int steps, float rate, double decay, float slope, double clip) {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphParameters parameters = new GraphParameters(tf, Map.of("w", new int[] {2}));
            GraphParameters frozen = new GraphParameters(tf, Map.of("frozen", new int[] {2}));
            var w = Objects.requireNonNull(parameters.variables().get("w"));
            AdamW optimizer = new AdamW(graph, List.of(w), tf.constant(rate), decay, 0.999, clip, null);
            Operand<TFloat32> sum = tf.math.add(
                    tf.identity(w),
                    tf.identity(Objects.requireNonNull(frozen.variables().get("frozen"))));
            Operand<TFloat32> loss = tf.reduceSum(tf.math.mul(sum, tf.constant(slope)), tf.constant(0));
            Op update = optimizer.minimize(loss, "step");
            try (Session session = OPTIONS.open(graph)) {
                FloatArray fixed = new FloatArray(new int[] {2}, new float[] {7, 8});
                parameters.assign(session, Map.of("w", new FloatArray(new int[] {2}, new float[] {2, -4})));
                frozen.assign(session, Map.of("frozen", fixed));
                optimizer.state().assign(session, optimizer.initialState());
                for (int i = 0; i < steps; i++) {
                    session.run(update);
                }
                assertThat(get(frozen.read(session), "frozen").data()).containsExactly(fixed.data());
                return get(parameters.read(session), "w").data();
            }
        }
    }

    private static float[] batch(FloatArray images, int step) {
        int size = images.data().length / images.shape()[0] * RecordedTraining.BATCH;
        return Arrays.copyOfRange(images.data(), step * size, (step + 1) * size);
    }

    private static double difference(FloatArray a, FloatArray b) {
        assertThat(a.shape()).containsExactly(b.shape());
        double largest = 0;
        for (int i = 0; i < a.data().length; i++) {
            largest = Math.max(largest, Math.abs((double) a.data()[i] - b.data()[i]));
        }
        return largest;
    }

    private static double largest(FloatArray array) {
        return difference(array, FloatArray.zeros(array.shape()));
    }
}
