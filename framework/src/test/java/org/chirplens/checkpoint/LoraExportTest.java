package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.stream.StreamSupport;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraChoices;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Result;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.types.TFloat32;

/** Every form of export is right for adapters on any layers. */
class LoraExportTest {
    private static final VitConfig VIT = new VitConfig(8, 4, 8, 2, 2, 12, 1e-12);
    private static final int IMAGES = 3;
    private static final float[] PIXELS = RandomWeights.pixels(VIT, IMAGES, 5);

    private final Path directory;

    LoraExportTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private static TrainedModel model(List<LoraTarget> targets) {
        ModelConfig config = LoraChoices.model(VIT, targets, 3, 0.1);
        ModelCard card = new ModelCard(
                List.of(),
                List.of(20.0, 50.0, 50.0),
                List.of(10.0, 30.0, 30.0),
                "training",
                JsonNodeFactory.instance.objectNode());
        return new TrainedModel(config, RandomWeights.of(config, 6), card);
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#all")
    void targetModulesOfAPeftAdapterMeanTheAdaptedLayersAndNoOthers(List<LoraTarget> targets) throws IOException {
        TrainedModel model = model(targets);
        PeftAdapter.write(directory.resolve("adapter"), model);

        JsonNode config = new ObjectMapper()
                .readTree(directory.resolve("adapter/adapter_config.json").toFile());
        List<String> names = StreamSupport.stream(config.path("target_modules").spliterator(), false)
                .map(JsonNode::asText)
                .toList();
        // PEFT's rule: a module is adapted when its name is one of these or ends in a dot and one of these.
        assertThat(Parameters.linearModules(VIT.numLayers()).stream()
                        .filter(module -> names.stream().anyMatch(n -> module.equals(n) || module.endsWith("." + n))))
                .containsExactlyInAnyOrderElementsOf(lora(model).adapters().keySet());
        if (targets.equals(LoraConfig.RELEASED_TARGETS)) {
            assertThat(names).containsExactly("query", "value");
        }
        PeftAdapter read = PeftAdapter.read(directory.resolve("adapter"), VIT);
        assertThat(read.lora()).isEqualTo(model.config().lora());
        assertThat(read.weights().keySet())
                .containsExactlyInAnyOrderElementsOf(model.weights().keySet().stream()
                        .filter(Parameters::isLora)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void aModelDirectoryAndAReleasedCheckpointHoldTheSameModel(List<LoraTarget> targets) {
        TrainedModel model = model(targets);
        ModelDirectory.write(directory.resolve("model"), model);
        ReleasedCheckpoint.write(directory.resolve("released"), model);

        assertSame(ModelDirectory.read(directory.resolve("model")), model);
        Path file = directory.resolve("released").resolve(ReleasedCheckpoint.WEIGHTS_FILE);
        assertSame(ReleasedCheckpoint.read(file, null, null, OptionalDouble.empty()), model);
    }

    private static void assertSame(TrainedModel found, TrainedModel expected) {
        assertThat(found.config()).isEqualTo(expected.config());
        expected.weights()
                .forEach((name, value) ->
                        assertThat(get(found.weights(), name).data()).as(name).containsExactly(value.data()));
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void aSavedModelPredictsAsTheModelDoes(List<LoraTarget> targets) {
        TrainedModel model = model(targets);
        SavedModelExport.write(directory.resolve("savedmodel"), model);

        float[][] found;
        try (SavedModelBundle bundle =
                        SavedModelBundle.load(directory.resolve("savedmodel").toString());
                TFloat32 input = InferenceModel.tensor(
                        new FloatArray(new int[] {IMAGES, 3, VIT.imageSize(), VIT.imageSize()}, PIXELS));
                Result result = bundle.function(SavedModelExport.PREDICT).call(Map.of("pixels", input))) {
            found = InferenceModel.rows((TFloat32) result.get("predictions").orElseThrow());
        }
        try (InferenceModel inference =
                new InferenceModel(model.config(), model.weights(), new SessionOptions("cpu", 1))) {
            float[][] expected = inference.predict(PIXELS, IMAGES);
            for (int i = 0; i < IMAGES; i++) {
                // The same graph, optimised by another session: a few units in the last place.
                assertThat(found[i]).containsExactly(expected[i], within(2e-6f));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void mergingAdaptersOfZeroBChangesNoBitOfTheBackbone(List<LoraTarget> targets) {
        TrainedModel model = model(targets);
        Map<String, FloatArray> weights = new LinkedHashMap<>(model.weights());
        weights.replaceAll((name, array) -> name.contains("lora_B") ? FloatArray.zeros(array.shape()) : array);

        TrainedModel merged = MergedSafetensors.merge(new TrainedModel(model.config(), weights, model.card()));

        merged.weights().forEach((name, value) -> assertThat(value.data())
                .as(name)
                .containsExactly(get(model.weights(), name).data()));
    }

    private static LoraConfig lora(TrainedModel model) {
        return Objects.requireNonNull(model.config().lora());
    }
}
