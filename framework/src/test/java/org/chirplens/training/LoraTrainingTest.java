package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.MergedSafetensors;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraChoices;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What real steps of AdamW, with dropout and weight decay, do to a model with adapters on any layers. */
class LoraTrainingTest {
    private static final VitConfig VIT = new VitConfig(16, 8, 16, 2, 2, 40, 1e-12);
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);
    private static final int STEPS = 8;
    private static final int IMAGES = 6;
    private static final double RATE = 1e-2;
    private static final double DECAY = 0.1;

    /**
     * Random weights, so that every layer has a say in the loss; but B = 0, as fine-tuning starts. After the first step
     * that has moved B, A has a gradient, too.
     */
    private static Map<String, FloatArray> start(ModelConfig model) {
        Map<String, FloatArray> weights = RandomWeights.of(model, 21);
        weights.replaceAll((name, array) -> name.contains("lora_B") ? FloatArray.zeros(array.shape()) : array);
        return weights;
    }

    private static Map<String, FloatArray> trained(ModelConfig model, Map<String, FloatArray> start) {
        TrainingConfig config = TrainingConfig.released()
                .with()
                .learningRate(RATE)
                .weightDecay(DECAY)
                .build();
        float[] labels = new float[IMAGES * 3];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (i * 7 % 11 - 5) / 4f;
        }
        try (TrainingGraph graph = new TrainingGraph(model, config, OPTIONS)) {
            graph.start(start);
            for (int step = 0; step < STEPS; step++) {
                graph.step(RandomWeights.pixels(VIT, IMAGES, step), labels, null, RATE, step);
            }
            return graph.parameters();
        }
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void frozenTensorsKeepEveryBitAndEveryTrainedOneFollowsItsGradient(List<LoraTarget> targets) {
        ModelConfig model = LoraChoices.model(VIT, targets, 3, 0.1);
        Map<String, FloatArray> start = start(model);

        Map<String, FloatArray> end = trained(model, start);

        assertThat(end.keySet()).isEqualTo(Parameters.shapes(model).keySet());
        start.forEach((name, before) -> {
            float[] after = get(end, name).data();
            if (Trainable.LORA.trains(name)) {
                assertThat(moved(before.data(), after)).as(name).isGreaterThan(RATE / 10);
            } else {
                assertThat(after).as(name).containsExactly(before.data());
            }
        });
    }

    /** How far the farthest element is from where weight decay alone would have taken it. */
    private static double moved(float[] before, float[] after) {
        double farthest = 0;
        for (int i = 0; i < before.length; i++) {
            double decayed = before[i] * Math.pow(1 - RATE * DECAY, STEPS);
            farthest = Math.max(farthest, Math.abs(after[i] - decayed));
        }
        return farthest;
    }

    /**
     * Merging rounds each weight to float32 once, the adapter's path each product: predictions of order one differ by a
     * few times the float32 noise of a forward pass, 5e-6.
     */
    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void theMergedModelPredictsAsTheTrainedAdaptersDo(List<LoraTarget> targets) {
        ModelConfig model = LoraChoices.model(VIT, targets, 3, 0.1);
        TrainedModel adapted = new TrainedModel(model, trained(model, start(model)), ModelCard.bare());
        float[] pixels = RandomWeights.pixels(VIT, IMAGES, 77);

        TrainedModel merged = MergedSafetensors.merge(adapted);

        assertThat(merged.weights().keySet()).noneMatch(Parameters::isLora);
        float[][] expected = predict(adapted, pixels);
        float[][] found = predict(merged, pixels);
        float[][] backbone = predict(withoutAdapters(adapted), pixels);
        for (int i = 0; i < IMAGES; i++) {
            assertThat(found[i]).as("image %d", i).containsExactly(expected[i], within(2e-5f));
        }
        assertThat(Math.abs(backbone[0][0] - expected[0][0]))
                .as("without the adapters the prediction is another")
                .isGreaterThan(1e-3f);
    }

    private static TrainedModel withoutAdapters(TrainedModel model) {
        Map<String, FloatArray> weights = new HashMap<>(model.weights());
        weights.keySet().removeIf(Parameters::isLora);
        return new TrainedModel(new ModelConfig(VIT, null, 3), weights, model.card());
    }

    private static float[][] predict(TrainedModel model, float[] pixels) {
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), OPTIONS)) {
            return inference.predict(pixels, IMAGES);
        }
    }
}
