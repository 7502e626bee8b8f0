package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDirectoryTest {
    private final Path temporary;
    private final Path recorded;

    ModelDirectoryTest(@TempDir Path temporary) {
        this.temporary = temporary;
        recorded = Recorded.modelDirectory(temporary.resolve("recorded"));
    }

    @Test
    void theRecordedModelIsRead() {
        TrainedModel model = ModelDirectory.read(recorded);

        assertThat(model.config().vit()).isEqualTo(new VitConfig(32, 8, 48, 3, 4, 96, 1e-12));
        assertThat(model.config().lora())
                .isEqualTo(LoraConfig.onQueryAndValue(model.config().vit(), 8, 16, 0.1));
        assertThat(model.config().regressionHead()).isTrue();
        assertThat(model.card().labelMean()).isEmpty();
        assertThat(model.weights()).hasSize((4 + 3 * 16 + 2) + 3 * 4 + 6);
    }

    @Test
    void aBackboneInHalfPrecisionComesBackRoundedAndHalfAsLarge() throws IOException {
        TrainedModel model = withCard(ModelDirectory.read(recorded));
        Path single = temporary.resolve("single");
        Path half = temporary.resolve("half");

        ModelDirectory.write(single, model);
        ModelDirectory.write(half, model, DType.F16);

        // 11 bits of significand: half a unit in the last place is 2^-11 of the value; below 2^-14 it is 2^-25.
        ModelDirectory.read(half).weights().forEach((name, read) -> {
            float[] exact = get(model.weights(), name).data();
            boolean rounded = !Parameters.isLora(name) && !Parameters.isRegressionHead(name);
            for (int i = 0; i < exact.length; i++) {
                double allowed = rounded ? Math.max(Math.abs(exact[i]) * 0x1p-11, 0x1p-25) : 0;
                assertThat((double) read.data()[i]).as(name).isCloseTo(exact[i], within(allowed));
            }
        });
        assertThat(Files.size(half.resolve("model.safetensors")))
                .isLessThan(Files.size(single.resolve("model.safetensors")) * 6 / 10);
        assertThat(Files.readString(half.resolve("config.json"))).contains("\"torch_dtype\" : \"float16\"");
        assertThat(Files.readString(single.resolve("config.json"))).contains("\"torch_dtype\" : \"float32\"");
    }

    @Test
    void aWrittenModelComesBackBitForBit() {
        TrainedModel model = withCard(ModelDirectory.read(recorded));
        Path written = temporary.resolve("runs/a/model");

        ModelDirectory.write(written, model);

        TrainedModel again = ModelDirectory.read(written);
        assertThat(again.config()).isEqualTo(model.config());
        assertThat(again.card()).isEqualTo(model.card());
        assertThat(again.weights().keySet()).isEqualTo(model.weights().keySet());
        model.weights()
                .forEach((name, weight) ->
                        assertThat(get(again.weights(), name).data()).as(name).isEqualTo(weight.data()));
        assertThat(ModelDirectory.fingerprint(written))
                .hasSize(64)
                .isEqualTo(ModelDirectory.fingerprint(again(written)));
    }

    @Test
    void tensorFilesAreTheBytesThatPeftWrote() {
        ModelDirectory.write(temporary.resolve("written"), ModelDirectory.read(recorded));

        for (String file : List.of("adapter/adapter_model.safetensors", "regression_head.safetensors")) {
            assertThat(temporary.resolve("written").resolve(file)).hasSameBinaryContentAs(recorded.resolve(file));
        }
    }

    @Test
    void aDirectoryWithoutAdapterAndHeadIsABareBackbone() {
        TrainedModel model = ModelDirectory.read(Recorded.path("config_a/model/backbone_vitmodel"));

        assertThat(model.config()).isEqualTo(ModelConfig.backbone(new VitConfig(32, 8, 48, 3, 4, 96, 1e-12)));
        assertThat(model.card()).isEqualTo(ModelCard.bare());
    }

    @Test
    void theFingerprintChangesWithWhateverPredictionsDependOn() throws IOException {
        ModelDirectory.write(recorded, withCard(ModelDirectory.read(recorded)));
        String before = ModelDirectory.fingerprint(recorded);
        Path adapter = recorded.resolve("adapter/adapter_config.json");
        Files.writeString(adapter, Files.readString(adapter).replaceFirst("(\"lora_alpha\"[ :]*)16", "$132"));
        String scaled = ModelDirectory.fingerprint(recorded);
        Path card = recorded.resolve("chirplens.json");
        String cards = Files.readString(card);
        Files.writeString(card, cards.replaceFirst("(\"label_mean\"[^\\d-]*)", "$11"));
        String shifted = ModelDirectory.fingerprint(recorded);
        assertThat(ModelDirectory.card(recorded).labelMean()).isNotEmpty();
        Files.delete(recorded.resolve("regression_head.safetensors"));
        String withoutHead = ModelDirectory.fingerprint(recorded);
        Path weights = recorded.resolve("model.safetensors");
        byte[] bytes = Files.readAllBytes(weights);
        bytes[bytes.length - 1] ^= 1;
        Files.write(weights, bytes);

        assertThat(List.of(before, scaled, shifted, withoutHead, ModelDirectory.fingerprint(recorded)))
                .doesNotHaveDuplicates();
    }

    @Test
    void anEarlierModelIsReplacedAndNothingElseIsLeftBehind() throws IOException {
        TrainedModel model = ModelDirectory.read(recorded);
        TrainedModel bare = ModelDirectory.read(Recorded.path("config_a/model/backbone_vitmodel"));
        Path written = temporary.resolve("models/written");
        ModelDirectory.write(written, model);

        ModelDirectory.write(written, bare);

        assertThat(written.resolve("adapter")).doesNotExist();
        assertThat(ModelDirectory.read(written).config()).isEqualTo(bare.config());
        try (Stream<Path> siblings = Files.list(temporary.resolve("models"))) {
            assertThat(siblings).containsExactly(written);
        }
    }

    @Test
    void whatIsNotAModelDirectoryIsNotOverwritten() throws IOException {
        TrainedModel model = ModelDirectory.read(recorded);
        Path foreign = Files.createDirectories(temporary.resolve("foreign"));
        Files.writeString(foreign.resolve("thesis.txt"), "mine");
        Files.writeString(recorded.resolve("adapter/notes.txt"), "mine too");
        Path file = Files.writeString(temporary.resolve("file"), "");

        refuses(() -> ModelDirectory.write(foreign, model), "is not a model directory", "thesis.txt");
        refuses(() -> ModelDirectory.write(recorded, model), "is not a model directory", "adapter/notes.txt");
        refuses(() -> ModelDirectory.write(file, model), "cannot take the place of a file");
        assertThat(foreign.resolve("thesis.txt")).hasContent("mine");
    }

    @Test
    void everyWrongTensorOfAFileIsListedByTheNameInTheFile() {
        Path file = recorded.resolve("adapter/adapter_model.safetensors");
        Map<String, FloatArray> tensors = new HashMap<>(Safetensors.read(file));
        String prefix = "base_model.model.encoder.layer.0.attention.attention.";
        tensors.remove(prefix + "query.lora_A.weight");
        tensors.put(prefix + "query.lora_B.weight", FloatArray.zeros(48, 4));
        tensors.put(prefix + "key.lora_A.weight", FloatArray.zeros(8, 48));
        FloatArray nan = FloatArray.zeros(8, 48);
        nan.data()[5] = Float.NaN;
        tensors.put(prefix + "value.lora_A.weight", nan);
        Safetensors.write(file, tensors, Map.of());

        refuses(
                () -> ModelDirectory.read(recorded),
                file + ": tensors do not fit the model: ",
                "missing " + prefix + "query.lora_A.weight [8, 48]",
                "misshapen " + prefix + "query.lora_B.weight: expected [48, 8], found [48, 4]",
                "unexpected " + prefix + "key.lora_A.weight",
                "not finite " + prefix + "value.lora_A.weight");
    }

    @Test
    void aMissingDirectoryIsSaidToBeNoModel() {
        refuses(() -> ModelDirectory.read(temporary.resolve("nowhere")), "nowhere is not a model", "config.json");
        refuses(() -> ModelDirectory.fingerprint(temporary), "is not a model directory");
    }

    @Test
    void aCardThatDoesNotFitIsRefused() throws IOException {
        for (String[] wrong : new String[][] {
            {
                "\"label_std\" : [ 3.0, 2.0, 1.0 ]",
                "\"label_std\" : [ 3.0, 2.0 ]",
                "label_std must be a list of 3 numbers"
            },
            {
                "\"label_std\" : [ 3.0, 2.0, 1.0 ]",
                "\"label_std\" : [ 3.0, 0, 1.0 ]",
                "label_std must have a value above 0"
            },
            {"\"format_version\" : 1", "\"format_version\" : 2", "format_version must be 1, found 2"},
            {"\"preprocessing\"", "\"preprocesing\"", "unknown fields [preprocesing]"}
        }) {
            Path file = temporary.resolve("card.json");
            ModelCardFile.write(file, withCard(ModelDirectory.read(recorded)).card());
            String json = Files.readString(file).replaceAll("\\s+", " ");
            assertThat(json).contains(wrong[0]);
            Files.writeString(file, json.replace(wrong[0], wrong[1]));
            refuses(() -> ModelCardFile.read(file), "card.json: ", wrong[2]);
        }
    }

    @Test
    void weightsThatDoNotFitTheConfigAreRefused() throws IOException {
        Path config = recorded.resolve("config.json");
        Files.writeString(config, Files.readString(config).replace("\"image_size\": 32", "\"image_size\": 64"));

        refuses(
                () -> ModelDirectory.read(recorded),
                "model.safetensors: ",
                "misshapen " + Parameters.POSITION_EMBEDDINGS + ": expected [1, 65, 48], found [1, 17, 48]");
    }

    private Path again(Path directory) {
        Path copy = temporary.resolve("again");
        ModelDirectory.write(copy, ModelDirectory.read(directory));
        return copy;
    }

    private static TrainedModel withCard(TrainedModel model) {
        ModelCard card = new ModelCard(
                List.of(),
                List.of(21.5, 1 / 3.0, 50.0),
                List.of(3.0, 2.0, 1.0),
                "imagenet",
                JsonNodeFactory.instance.objectNode().put("seed", 42));
        return new TrainedModel(model.config(), model.weights(), card);
    }

    private static void refuses(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... messages) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(messages);
    }
}
