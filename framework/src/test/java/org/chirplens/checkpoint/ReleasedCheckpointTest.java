package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraConfig.Adapter;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleasedCheckpointTest {
    private static final Path MODEL = Recorded.path("config_a/model");
    private static final Path CONFIG = MODEL.resolve("backbone_vitmodel/config.json");
    private static final String PREFIX = "vit.base_model.model.";

    private final Path directory;
    private final TrainedModel recorded;

    ReleasedCheckpointTest(@TempDir Path directory) {
        this.directory = directory;
        recorded = ModelDirectory.read(Recorded.modelDirectory(directory.resolve("recorded")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"best_vit_regression.pth", "best_vit_regression_legacy_peft.pth"})
    void bothNameStylesOfPeftGiveTheRecordedModel(String name) {
        TrainedModel model = read(MODEL.resolve(name));

        assertSame(model, recorded);
        assertThat(ReleasedCheckpoint.isOne(MODEL.resolve(name))).isTrue();
        assertThat(ReleasedCheckpoint.isOne(MODEL.resolve("backbone_vitmodel"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "vit.", "base_model.model.", "base_model.model.vit."})
    void anyPrefixGivesTheRecordedModel(String prefix) {
        assertSame(read(renamed(name -> name.replace(PREFIX, prefix))), recorded);
        assertSame(read(renamed(name -> Renamed.version5(name.replace(PREFIX, prefix), "layers."))), recorded);
    }

    @Test
    void theScalingComesFromTheSettingsBesideTheFileOrAsGiven() throws IOException {
        Path file = Files.copy(MODEL.resolve("best_vit_regression.pth"), directory.resolve("x.pth"));
        TrainedModel given = ReleasedCheckpoint.read(file, CONFIG, null, OptionalDouble.of(4));
        assertThat(lora(given).adapters().values()).containsOnly(new Adapter(8, 4, false));

        Path settings = Files.writeString(
                directory.resolve("adapter_config.json"),
                Files.readString(MODEL.resolve("adapter/adapter_config.json"))
                        .replace("\"use_rslora\": false", "\"use_rslora\": true")
                        .replace("\"lora_alpha\": 16", "\"lora_alpha\": 2"));
        assertThat(lora(read(file)).adapters().values()).containsOnly(new Adapter(8, 2, true));
        assertThatThrownBy(() -> ReleasedCheckpoint.read(file, CONFIG, null, OptionalDouble.of(4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(file + ": alpha must not be given as " + settings + " says it, found 4.0");
    }

    @Test
    void whatIsWrittenIsReadAsTheSameModel() throws IOException {
        VitConfig vit = new VitConfig(8, 4, 8, 2, 2, 12, 1e-6);
        Map<String, Adapter> adapters = new LinkedHashMap<>();
        adapters.put(Parameters.mlpOutput(1), new Adapter(3, 5, true));
        adapters.put(Parameters.projection(0, "key"), new Adapter(2, 5, true));
        LoraConfig mixed = new LoraConfig(adapters, 0.1);
        for (ModelConfig config : new ModelConfig[] {
            ModelConfig.fineTuned(vit, LoraConfig.released(vit)),
            ModelConfig.fineTuned(vit, mixed),
            new ModelConfig(vit, null, 3)
        }) {
            TrainedModel model = new TrainedModel(config, RandomWeights.of(config, 5), ModelCard.bare());
            Path released = directory.resolve("released");

            ReleasedCheckpoint.write(released, model);

            Path file = released.resolve(ReleasedCheckpoint.WEIGHTS_FILE);
            assertSame(ReleasedCheckpoint.read(file, null, null, OptionalDouble.empty()), model);
            assertThat(Files.exists(released.resolve("adapter_config.json"))).isEqualTo(config.lora() != null);
        }
    }

    @Test
    void theWrittenNamesAreThoseOfTheReleasedFileWithoutItsPooler() {
        ReleasedCheckpoint.write(directory.resolve("released"), recorded);

        Map<String, FloatArray> written =
                Safetensors.read(directory.resolve("released").resolve(ReleasedCheckpoint.WEIGHTS_FILE));
        Map<String, FloatArray> original =
                new LinkedHashMap<>(TorchFile.read(MODEL.resolve("best_vit_regression.pth")));
        original.keySet().removeIf(name -> name.contains("pooler"));
        assertThat(written.keySet()).isEqualTo(original.keySet());
        original.forEach(
                (name, tensor) -> assertThat(get(written, name).data()).as(name).isEqualTo(tensor.data()));
    }

    @Test
    void onlyViTB16IsKnownByItsShapes() {
        Path file = MODEL.resolve("best_vit_regression.pth");
        assertThatThrownBy(() -> ReleasedCheckpoint.read(file, null, null, OptionalDouble.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(file + ": a model that is not ViT-B/16 at 224 pixels needs its config.json")
                .hasMessageContaining("put it beside the file");
    }

    @Test
    void everyWrongTensorIsListedByTheNameInTheFile() {
        String query = PREFIX + "encoder.layer.1.attention.attention.query.";
        Path file = directory.resolve("wrong.safetensors");
        Map<String, FloatArray> tensors = new LinkedHashMap<>(TorchFile.read(MODEL.resolve("best_vit_regression.pth")));
        tensors.remove(query + "base_layer.bias");
        tensors.remove(query + "lora_B.default.weight");
        tensors.remove("regression_head.4.bias");
        tensors.put("classifier.weight", FloatArray.zeros(3));
        tensors.put("regression_head.2.bias", FloatArray.zeros(3));
        get(tensors, query + "lora_A.default.weight").data()[0] = Float.NaN;
        Safetensors.write(file, tensors, Map.of());

        assertThatThrownBy(() -> read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": tensors do not fit the model: ")
                .hasMessageContainingAll(
                        "missing " + query + "base_layer.bias [48]",
                        "missing " + query + "lora_B.default.weight [48, 8]",
                        "missing regression_head.4.bias [3]",
                        "misshapen regression_head.2.bias: expected [128], found [3]",
                        "not finite " + query + "lora_A.default.weight",
                        "unexpected classifier.weight");
    }

    @Test
    void aModelWithoutRegressionHeadIsNotOfThisKind() {
        TrainedModel bare = ModelDirectory.read(MODEL.resolve("backbone_vitmodel"));

        assertThatThrownBy(() -> ReleasedCheckpoint.write(directory.resolve("x"), bare))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a regression head");
    }

    private static TrainedModel read(Path file) {
        return ReleasedCheckpoint.read(file, CONFIG, null, OptionalDouble.empty());
    }

    private Path renamed(UnaryOperator<String> name) {
        Path file = directory.resolve("renamed.safetensors");
        Safetensors.write(file, Renamed.of(TorchFile.read(MODEL.resolve("best_vit_regression.pth")), name), Map.of());
        return file;
    }

    private static LoraConfig lora(TrainedModel model) {
        return java.util.Objects.requireNonNull(model.config().lora());
    }

    private static void assertSame(TrainedModel model, TrainedModel expected) {
        assertThat(model.config()).isEqualTo(expected.config());
        expected.weights()
                .forEach((name, weight) ->
                        assertThat(get(model.weights(), name).data()).as(name).isEqualTo(weight.data()));
    }
}
