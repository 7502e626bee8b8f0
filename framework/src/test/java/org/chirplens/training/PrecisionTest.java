package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.Precision;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

/** Steps in low precision and steps in parts, beside whole ones in float32. */
class PrecisionTest {
    private static final VitConfig VIT = new VitConfig(32, 8, 32, 2, 4, 64, 1e-12);
    private static final ModelConfig MODEL = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 4, 8, 0));
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);
    private static final Map<String, FloatArray> WEIGHTS = RandomWeights.of(MODEL, 5);
    private static final int IMAGES = 7;
    private static final float[] PIXELS = RandomWeights.pixels(VIT, IMAGES, 6);
    private static final float[] LABELS = normal(3 * IMAGES, 1);
    private static final ChirpCells[] CELLS =
            IntStream.range(0, IMAGES).mapToObj(PrecisionTest::cells).toArray(ChirpCells[]::new);
    private static final double RATE = 1e-3;

    private static final TrainingConfig CONFIG = TrainingConfig.released()
            .with()
            .train(Trainable.ALL)
            .batchSize(8)
            .pretext(new Pretext(0.5, 0.2, 0.3, 4))
            .clipNorm(1)
            .build();

    private static ChirpCells cells(int image) {
        int cells = VIT.imageSize() / 4 * (VIT.imageSize() / 4);
        float[] ridge = new float[cells];
        for (int i = image; i < cells; i += 3) {
            ridge[i] = 1;
        }
        return new ChirpCells(ridge, image, cells - 1 - image);
    }

    private static float[] normal(int length, double scale) {
        Random random = new Random(8);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * random.nextGaussian());
        }
        return values;
    }

    private static TrainingGraph graph(TrainingConfig config) {
        TrainingGraph graph = new TrainingGraph(MODEL, config, OPTIONS);
        graph.start(WEIGHTS);
        return graph;
    }

    private static TrainingGraph graph(Precision precision) {
        return graph(CONFIG.with().precision(precision).build());
    }

    /** Of a model all of whose ReLUs are on: one that switches changes the gradient by a jump, not by rounding. */
    private static Map<String, FloatArray> gradients(Precision precision) {
        Map<String, FloatArray> smooth = new LinkedHashMap<>(InitialWeights.fromNothing(MODEL, 7));
        for (String layer : List.of("0", "2")) {
            String bias = Parameters.REGRESSION_HEAD + "." + layer + ".bias";
            FloatArray raised = FloatArray.zeros(get(smooth, bias).shape());
            Arrays.fill(raised.data(), 5);
            smooth.put(bias, raised);
        }
        try (TrainingGraph graph = graph(precision)) {
            graph.start(smooth);
            if (precision == Precision.FLOAT16) {
                Map<String, FloatArray> state = graph.state();
                state.put(LossScale.SCALE, new FloatArray(new int[0], new float[] {1024}));
                graph.restore(smooth, state);
            }
            return graph.gradients(PIXELS, LABELS, CELLS, 0);
        }
    }

    /**
     * How far the gradients are from those of float32, as the length of the difference by the length of the gradient,
     * all parameters together. A factor that is rounded to b bits errs by at most 2^-b of itself; a dozen roundings
     * follow each other from the image to the loss and back, and add up like independent errors or worse.
     */
    private static double error(Precision precision) {
        Map<String, FloatArray> exact = gradients(Precision.FLOAT32);
        Map<String, FloatArray> rounded = gradients(precision);
        double difference = 0;
        double length = 0;
        for (String name : exact.keySet()) {
            float[] a = get(exact, name).data();
            float[] b = get(rounded, name).data();
            for (int i = 0; i < a.length; i++) {
                difference += Math.pow((double) a[i] - b[i], 2);
                length += (double) a[i] * a[i];
            }
        }
        return Math.sqrt(difference / length);
    }

    @Test
    void gradientsInBfloat16AreThoseOfFloat32ToEightBits() {
        assertThat(error(Precision.BFLOAT16)).isBetween(Math.pow(2, -11), 2 * Math.pow(2, -8));
    }

    @Test
    void gradientsInFloat16AreThoseOfFloat32ToElevenBits() {
        assertThat(error(Precision.FLOAT16)).isBetween(Math.pow(2, -17), 2 * Math.pow(2, -11));
    }

    @Test
    void anOverflowInFloat16SkipsTheStepAndHalvesTheScale() {
        // A loss of 1e8 has gradients of 1e4, which times 2^15 are above float16's 65504.
        float[] far = normal(3 * IMAGES, 1e4);
        try (TrainingGraph graph = graph(Precision.FLOAT16)) {
            Map<String, FloatArray> before = graph.state();
            double loss = graph.step(PIXELS, far, CELLS, RATE, 0).total();
            assertThat(loss).isBetween(1e7, 1e9);
            Map<String, FloatArray> after = graph.state();
            Map<String, FloatArray> expected = new LinkedHashMap<>(before);
            expected.put(LossScale.SCALE, new FloatArray(new int[0], new float[] {1 << 14}));
            assertSame(after, expected);
            for (int step = 1; step < 20 && scalar(graph, "adamw.step") == 0; step++) {
                graph.step(PIXELS, far, CELLS, RATE, step);
            }
            assertThat(scalar(graph, "adamw.step")).isOne();
            assertThat(scalar(graph, LossScale.GOOD)).isOne();
            assertThat(graph.parameters().values()).allSatisfy(value -> {
                for (float element : value.data()) {
                    assertThat(element).isFinite();
                }
            });
        }
    }

    @Test
    void gradientsThatAreNeverFiniteAreAnError() {
        try (TrainingGraph graph = graph(Precision.FLOAT16)) {
            Map<String, FloatArray> state = graph.state();
            state.put(LossScale.SCALE, new FloatArray(new int[0], new float[] {1}));
            graph.restore(WEIGHTS, state);
            assertThatThrownBy(() -> graph.step(PIXELS, normal(3 * IMAGES, 1e9), CELLS, RATE, 0))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("not finite although the loss scale is down to 1");
        }
    }

    @Test
    void twoThousandGoodStepsDoubleTheScale() {
        try (TrainingGraph graph = graph(Precision.FLOAT16)) {
            Map<String, FloatArray> state = graph.state();
            state.put(LossScale.GOOD, new FloatArray(new int[0], new float[] {LossScale.GOOD_STEPS - 2}));
            state.put(LossScale.SCALE, new FloatArray(new int[0], new float[] {64}));
            graph.restore(WEIGHTS, state);
            graph.step(PIXELS, LABELS, CELLS, RATE, 0);
            assertThat(scalar(graph, LossScale.SCALE)).isEqualTo(64);
            graph.step(PIXELS, LABELS, CELLS, RATE, 1);
            assertThat(scalar(graph, LossScale.SCALE)).isEqualTo(128);
            assertThat(scalar(graph, LossScale.GOOD)).isZero();
        }
    }

    @Test
    void aFloat16RunGoesOnFromItsStateBitByBit() {
        Map<String, FloatArray> half;
        Map<String, FloatArray> whole;
        try (TrainingGraph graph = graph(Precision.FLOAT16)) {
            // The first step is skipped, so that the scale is no longer the one at the start.
            graph.step(PIXELS, normal(3 * IMAGES, 1e4), CELLS, RATE, 0);
            graph.step(PIXELS, LABELS, CELLS, RATE, 1);
            half = graph.state();
            graph.step(PIXELS, LABELS, CELLS, RATE, 2);
            whole = graph.state();
        }
        try (TrainingGraph graph = new TrainingGraph(
                MODEL, CONFIG.with().precision(Precision.FLOAT16).build(), OPTIONS)) {
            graph.restore(WEIGHTS, half);
            graph.step(PIXELS, LABELS, CELLS, RATE, 2);
            assertSame(graph.state(), whole);
        }
    }

    @Test
    void aStepInPartsIsTheWholeStep() {
        // parts of 3, 3 and 1 images: ceil(8 / 3) each, and what is left of 7
        TrainingConfig inParts = CONFIG.with().accumulate(3).build();
        try (TrainingGraph whole = graph(CONFIG);
                TrainingGraph parts = graph(inParts)) {
            Map<String, FloatArray> expected = whole.gradients(PIXELS, LABELS, CELLS, 0);
            Map<String, FloatArray> found = parts.gradients(PIXELS, LABELS, CELLS, 0);
            expected.forEach((name, gradient) -> assertThat(get(found, name).data())
                    .as("gradient of " + name)
                    .containsExactly(gradient.data(), within(1e-6f)));
            TrainingGraph.Loss a = whole.step(PIXELS, LABELS, CELLS, RATE, 0);
            TrainingGraph.Loss b = parts.step(PIXELS, LABELS, CELLS, RATE, 0);
            assertThat(b.regression()).isCloseTo(a.regression(), within(1e-5));
            assertThat(b.total()).isCloseTo(a.total(), within(1e-5));
            assertMoved(parts.state(), whole.state());
        }
    }

    /**
     * The moments are linear in the gradient and its square; the step itself turns the last bits of gradients near zero,
     * such as those of key biases, into a part of the learning rate.
     */
    private static void assertMoved(Map<String, FloatArray> found, Map<String, FloatArray> expected) {
        expected.forEach((name, value) -> assertThat(get(found, name).data())
                .as(name)
                .containsExactly(value.data(), within(name.startsWith("adamw.") ? 1e-6f : (float) (2.1 * RATE))));
    }

    @Test
    void aPreparedStepCanBeTakenAgain() {
        for (TrainingConfig config : List.of(CONFIG, CONFIG.with().accumulate(3).build())) {
            try (TrainingGraph graph = graph(config);
                    TrainingGraph repeating = graph(config);
                    PreparedStep prepared = repeating.prepare(PIXELS, LABELS, CELLS, RATE, 0)) {
                graph.step(PIXELS, LABELS, CELLS, RATE, 0);
                graph.step(PIXELS, LABELS, CELLS, RATE, 0);
                prepared.take();
                prepared.take();
                assertSame(repeating.state(), graph.state());
            }
        }
    }

    @Test
    void partsOfAStepHaveDropoutMasksOfTheirOwnThatTheStepDetermines() {
        ModelConfig dropping = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 4, 8, 0.5));
        TrainingConfig inParts = CONFIG.with().accumulate(2).batchSize(2).build();
        float[] twice = new float[2 * PIXELS.length / IMAGES];
        System.arraycopy(PIXELS, 0, twice, 0, twice.length / 2);
        System.arraycopy(PIXELS, 0, twice, twice.length / 2, twice.length / 2);
        float[] labels = new float[6];
        ChirpCells[] cells = {cells(0), cells(0)};
        try (TrainingGraph graph = new TrainingGraph(dropping, inParts, OPTIONS);
                TrainingGraph single = new TrainingGraph(dropping, CONFIG, OPTIONS)) {
            graph.start(WEIGHTS);
            single.start(WEIGHTS);
            double both = graph.step(twice, labels, cells, RATE, 4).regression();
            graph.start(WEIGHTS);
            assertThat(graph.step(twice, labels, cells, RATE, 4).regression()).isEqualTo(both);
            float[] image = Arrays.copyOf(twice, twice.length / 2);
            double first = single.step(image, new float[3], new ChirpCells[] {cells(0)}, RATE, 4)
                    .regression();
            assertThat(both).as("equal images, other masks").isNotCloseTo(first, within(1e-6));
        }
    }

    private static double scalar(TrainingGraph graph, String name) {
        return get(graph.state(), name).data()[0];
    }

    private static void assertSame(Map<String, FloatArray> found, Map<String, FloatArray> expected) {
        assertThat(found.keySet()).isEqualTo(expected.keySet());
        expected.forEach(
                (name, value) -> assertThat(get(found, name).data()).as(name).containsExactly(value.data()));
    }
}
