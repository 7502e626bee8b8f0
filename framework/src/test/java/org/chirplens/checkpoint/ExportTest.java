package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Exported models compute the recorded numbers; 2e-5 is a few times the recordings' own float32 noise. */
class ExportTest {
    private static final double TOLERANCE = 2e-5;
    private static final Map<String, NumericArray> FORWARD =
            Safetensors.readArrays(Recorded.path("config_a/forward/all.safetensors"));
    private static final Map<String, NumericArray> ABLATION =
            Safetensors.readArrays(Recorded.path("config_a/ablation/all.safetensors"));

    private final Path directory;
    private final TrainedModel model;

    ExportTest(@TempDir Path directory) {
        this.directory = directory;
        TrainedModel recorded = ModelDirectory.read(Recorded.modelDirectory(directory.resolve("recorded")));
        ModelCard card = new ModelCard(
                List.of(),
                list(get(ABLATION, "label_mean").data()),
                list(get(ABLATION, "label_std").data()),
                "imagenet",
                JsonNodeFactory.instance.objectNode());
        model = new TrainedModel(recorded.config(), recorded.weights(), card);
    }

    @Test
    void aReloadedSavedModelComputesTheRecordedNumbers() {
        Path exported = directory.resolve("savedmodel");
        SavedModelExport.write(exported, model);

        try (SavedModelBundle bundle = SavedModelBundle.load(exported.toString())) {
            FloatArray input = get(FORWARD, "input").toFloatArray();
            Map<String, FloatArray> predicted = call(bundle, SavedModelExport.PREDICT, Map.of("pixels", input));
            assertClose(
                    get(predicted, "predictions"), get(FORWARD, "predictions").data());
            assertPhysical(predicted);

            FloatArray maps = get(call(bundle, "attention", Map.of("pixels", input)), "attention_maps");
            assertThat(maps.shape()).containsExactly(5, 3, 4, 4, 4);
            double[] recorded = get(FORWARD, "attention_maps_batch1").data();
            assertClose(normalised(maps), recorded);

            FloatArray images = get(ABLATION, "input").toFloatArray();
            FloatArray mask = ones(1, 3, 4);
            mask.data()[1 * 4 + 2] = 0;
            Map<String, FloatArray> ablated = call(bundle, "ablate", Map.of("pixels", images, "head_mask", mask));
            double[] all = get(ABLATION, "head_mask_predictions").data();
            int head = (1 * 4 + 2) * 40 * 3;
            assertClose(get(ablated, "predictions"), Arrays.copyOfRange(all, head, head + 40 * 3));
            assertPhysical(ablated);
        }
        assertThat(ModelCardFile.read(exported.resolve("assets.extra/chirplens.json")))
                .isEqualTo(model.card());
    }

    @Test
    void everyImageOfABatchMayHaveItsOwnHeadMask() {
        Path exported = directory.resolve("savedmodel");
        SavedModelExport.write(exported, model);
        float[] pixels = get(ABLATION, "input").floats();
        int values = 3 * 32 * 32;
        float[] first = Arrays.copyOf(pixels, values);
        float[] twice = Arrays.copyOf(first, 2 * values);
        System.arraycopy(first, 0, twice, values, values);
        FloatArray masks = ones(2, 3, 4);
        masks.data()[12] = 0;

        try (SavedModelBundle bundle = SavedModelBundle.load(exported.toString())) {
            FloatArray images = new FloatArray(new int[] {2, 3, 32, 32}, twice);
            FloatArray found = get(call(bundle, "ablate", Map.of("pixels", images, "head_mask", masks)), "predictions");
            double[] expected = new double[6];
            System.arraycopy(get(ABLATION, "baseline_predictions").data(), 0, expected, 0, 3);
            System.arraycopy(get(ABLATION, "head_mask_predictions").data(), 0, expected, 3, 3);
            assertClose(found, expected);
        }
    }

    @Test
    void aSavedModelReplacesAnotherButNothingElse() throws java.io.IOException {
        Path exported = directory.resolve("savedmodel");
        SavedModelExport.write(exported, model);
        SavedModelExport.write(exported, model);
        Files.writeString(exported.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> SavedModelExport.write(exported, model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a SavedModel and is not overwritten; found [notes.txt]");
    }

    @Test
    void onlyAModelWithHeadAndLabelScalingIsExported() {
        TrainedModel unscaled = new TrainedModel(model.config(), model.weights(), ModelCard.bare());
        TrainedModel bare = ModelDirectory.read(Recorded.path("config_a/model/backbone_vitmodel"));

        assertThatThrownBy(() -> SavedModelExport.write(directory.resolve("x"), unscaled))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no label_mean and label_std");
        assertThatThrownBy(() -> SavedModelExport.write(directory.resolve("x"), bare))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("only a model with a regression head");
        assertThat(directory.resolve("x")).doesNotExist();
    }

    @Test
    void mergedWeightsPredictWhatTheAdaptersDo() {
        Path merged = directory.resolve("merged");
        MergedSafetensors.write(merged, model);

        TrainedModel plain = ModelDirectory.read(merged);

        assertThat(plain.config().lora()).isNull();
        assertThat(plain.card()).isEqualTo(model.card());
        assertThat(merged.resolve("adapter")).doesNotExist();
        try (InferenceModel inference =
                new InferenceModel(plain.config(), plain.weights(), SessionOptions.defaults())) {
            float[][] rows = inference.predict(get(FORWARD, "input").floats(), 5);
            double[] recorded = get(FORWARD, "predictions").data();
            for (int i = 0; i < 15; i++) {
                assertThat((double) rows[i / 3][i % 3]).isCloseTo(recorded[i], within(TOLERANCE));
            }
        }
    }

    @Test
    void mergingAModelWithoutAdaptersChangesNothing() {
        TrainedModel merged = MergedSafetensors.merge(model);

        assertThat(MergedSafetensors.merge(merged)).isSameAs(merged);
    }

    private void assertPhysical(Map<String, FloatArray> outputs) {
        float[] standardised = get(outputs, "predictions").data();
        float[] physical = get(outputs, SavedModelExport.PREDICTIONS_PHYSICAL).data();
        for (int i = 0; i < physical.length; i++) {
            double expected = standardised[i] * model.card().labelStd().get(i % 3)
                    + model.card().labelMean().get(i % 3);
            assertThat((double) physical[i]).isCloseTo(expected, within(1e-4));
        }
    }

    private static Map<String, FloatArray> call(SavedModelBundle bundle, String name, Map<String, FloatArray> inputs) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        inputs.forEach((input, array) -> tensors.put(input, InferenceModel.tensor(array)));
        Map<String, FloatArray> outputs = new LinkedHashMap<>();
        try (Result result = bundle.function(name).call(tensors)) {
            result.forEach(entry -> outputs.put(entry.getKey(), InferenceModel.copy((TFloat32) entry.getValue())));
        } finally {
            tensors.values().forEach(Tensor::close);
        }
        return outputs;
    }

    private static void assertClose(FloatArray found, double[] expected) {
        assertThat(found.data()).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
            assertThat((double) found.data()[i]).as("value %d", i).isCloseTo(expected[i], within(TOLERANCE));
        }
    }

    /** Each map of 4 x 4 patches scaled to [0, 1], as the attention package shows it. */
    private static FloatArray normalised(FloatArray maps) {
        FloatArray scaled = FloatArray.zeros(maps.shape());
        for (int from = 0; from < maps.data().length; from += 16) {
            double[] map = new double[16];
            for (int i = 0; i < 16; i++) {
                map[i] = maps.data()[from + i];
            }
            double min = Arrays.stream(map).min().orElseThrow();
            double max = Arrays.stream(map).max().orElseThrow();
            for (int i = 0; i < 16; i++) {
                scaled.data()[from + i] = (float) ((map[i] - min) / (max - min));
            }
        }
        return scaled;
    }

    private static FloatArray ones(int... shape) {
        FloatArray ones = FloatArray.zeros(shape);
        Arrays.fill(ones.data(), 1);
        return ones;
    }

    private static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
