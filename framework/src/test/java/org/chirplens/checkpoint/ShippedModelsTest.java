package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.ChirpDirectory;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;

/** The models in {@code savedmodels/} are what their page says. */
class ShippedModelsTest {
    private static final Path MODELS = Path.of("../savedmodels");
    private static final Path TUNED = MODELS.resolve("chirp-vit");
    private static final long MOST_BYTES = 12_000_000;

    /** In s and Hz, about three times the mean errors on 160 genuine images. */
    private static final double[] BOUNDS = {3, 7.5, 7.5};

    @ParameterizedTest
    @ValueSource(strings = {"chirp-backbone", "chirp-backbone-fine", "chirp-vit"})
    void aModelDirectoryIsSmallAndTellsWhereItComesFrom(String name) throws IOException {
        Path directory = MODELS.resolve(name);
        TrainedModel model = ModelDirectory.read(directory);
        JsonNode provenance = model.card().provenance();

        assertThat(model.config().vit().numLayers()).isEqualTo(12);
        assertThat(model.config().vit().numHeads()).isEqualTo(12);
        assertThat(bytes(directory)).isLessThan(MOST_BYTES);
        assertThat(provenance.path("git_revision").asText()).matches("[0-9a-f]{12,40}");
        assertThat(provenance.at("/config/seed").isNumber()).isTrue();
        assertThat(provenance.path("versions").isObject()).isTrue();
        int epochs = provenance.at("/config/training/epochs").asInt();
        assertThat(Files.readAllLines(directory.resolve("training.csv")))
                .hasSize(1 + epochs)
                .last()
                .asString()
                .startsWith(epochs + ",");
        assertThat(directory.resolve("training.png")).isNotEmptyFile();
    }

    @Test
    void fineTuningLeftTheBackboneAsItIs() {
        Map<String, FloatArray> backbone = Safetensors.read(MODELS.resolve("chirp-backbone-fine/model.safetensors"));
        Map<String, FloatArray> tuned = Safetensors.read(TUNED.resolve("model.safetensors"));

        assertThat(tuned.keySet()).isEqualTo(backbone.keySet());
        backbone.forEach(
                (name, array) -> assertThat(get(tuned, name).data()).as(name).containsExactly(array.data()));
    }

    @Test
    void genuineImagesAreReadWell() {
        ChirpDirectory images = ChirpDirectory.open(Path.of("src/test/resources/chirps"));
        TrainedModel model = ModelDirectory.read(TUNED);
        TargetScaling scaling = TargetScaling.released(
                array(model.card().labelMean()), array(model.card().labelStd()));
        float[][] predicted;
        try (InferenceModel inference =
                new InferenceModel(model.config(), model.weights(), SessionOptions.defaults())) {
            predicted = inference.predict(pixels(model, images), images.size());
        }

        for (int i = 0; i < images.size(); i++) {
            double[] label = images.label(i);
            for (int t = 0; t < label.length; t++) {
                assertThat(scaling.toPhysical(t, predicted[i][t]))
                        .as("%s of image %d", scaling.targets().get(t).title(), i)
                        .isCloseTo(label[t], within(BOUNDS[t]));
            }
        }
    }

    /** The same operations in another order of the graph's: 1e-4 of a label's deviation is some times float32's noise. */
    @Test
    void theSavedModelPredictsWhatTheModelDirectoryDoes() {
        ChirpDirectory images = ChirpDirectory.open(Path.of("src/test/resources/chirps"));
        TrainedModel model = ModelDirectory.read(TUNED);
        float[] pixels = pixels(model, images);
        int size = model.config().vit().imageSize();
        try (InferenceModel inference = new InferenceModel(model.config(), model.weights(), SessionOptions.defaults());
                SavedModelBundle bundle =
                        SavedModelBundle.load(TUNED.resolve("savedmodel").toString());
                TFloat32 input =
                        InferenceModel.tensor(new FloatArray(new int[] {images.size(), 3, size, size}, pixels));
                Result result = bundle.function(SavedModelExport.PREDICT).call(Map.of("pixels", input))) {
            float[][] expected = inference.predict(pixels, images.size());
            float[] found = InferenceModel.copy(
                            (TFloat32) result.get("predictions").orElseThrow())
                    .data();
            for (int i = 0; i < found.length; i++) {
                assertThat(found[i]).isCloseTo(expected[i / 3][i % 3], within(1e-4f));
            }
        }
    }

    private static float[] pixels(TrainedModel model, ChirpDirectory images) {
        int[] all = IntStream.range(0, images.size()).toArray();
        Preprocessing recipe = Preprocessing.of(model.card().preprocessing());
        try (BatchReader batches = new BatchReader(
                images, all, all.length, recipe, model.config().vit().imageSize(), 1)) {
            return batches.next().pixels();
        }
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Of the model directory itself: a SavedModel in it is not counted. */
    private static long bytes(Path directory) throws IOException {
        Path savedModel = directory.resolve("savedmodel");
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(file -> Files.isRegularFile(file) && !file.startsWith(savedModel))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
