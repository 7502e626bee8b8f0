package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chirplens.model.FloatArray;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BackboneTest {
    private static final Path VIT_MODEL = Recorded.path("config_a/model/backbone_vitmodel");
    private static final Path CLASSIFICATION = Recorded.path("config_a/model/backbone_classifier");

    private final Path directory;

    BackboneTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void bothNameStylesGiveTheSameWeights() {
        Backbone plain = Backbone.read(VIT_MODEL);
        Backbone classification = Backbone.read(CLASSIFICATION);

        assertThat(plain.config()).isEqualTo(new VitConfig(32, 8, 48, 3, 4, 96, 1e-12));
        assertThat(plain.classifier()).isNull();
        assertThat(classification.weights().keySet()).isEqualTo(plain.weights().keySet());
        plain.weights().forEach((name, weight) -> assertThat(
                        get(classification.weights(), name).data())
                .as(name)
                .isEqualTo(weight.data()));
    }

    @Test
    void aSafetensorsFileIsReadWithTheConfigBesideIt() {
        Backbone backbone = Backbone.read(VIT_MODEL.resolve("model.safetensors"));

        assertThat(backbone.config()).isEqualTo(Backbone.read(VIT_MODEL).config());
    }

    @Test
    void everyContainerGivesTheSameWeights() throws IOException {
        Backbone expected = Backbone.read(CLASSIFICATION);
        assertSame(expected, Backbone.read(CLASSIFICATION.resolve("pytorch_model.bin")));

        Files.copy(CLASSIFICATION.resolve("config.json"), directory.resolve("config.json"));
        Files.copy(CLASSIFICATION.resolve("pytorch_model.bin"), directory.resolve("pytorch_model.bin"));
        assertSame(expected, Backbone.read(directory));

        ShardedModel.write(directory, Safetensors.read(CLASSIFICATION.resolve("model.safetensors")), 3);
        assertSame(expected, Backbone.read(directory));
        assertSame(expected, Backbone.read(directory.resolve(ShardedModel.INDEX)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"layers.", "encoder.layers."})
    void namesOfTransformers5GiveTheSameWeights(String blocks) throws IOException {
        for (Path model : new Path[] {VIT_MODEL, CLASSIFICATION}) {
            Map<String, FloatArray> tensors = Safetensors.read(model.resolve("model.safetensors"));
            Path file = directory.resolve(model.getFileName() + ".safetensors");
            Safetensors.write(file, Renamed.of(tensors, name -> Renamed.version5(name, blocks)), Map.of());

            assertSame(Backbone.read(model), Backbone.read(file, model.resolve("config.json")));
        }
    }

    @Test
    void anyPrefixOfPeftGivesTheSameWeights() {
        Map<String, FloatArray> tensors = Safetensors.read(VIT_MODEL.resolve("model.safetensors"));
        for (String prefix : List.of("base_model.model.", "vit.base_model.model.", "base_model.model.vit.")) {
            Path file = directory.resolve("prefixed.safetensors");
            Safetensors.write(file, Renamed.of(tensors, name -> prefix + name), Map.of());

            assertSame(Backbone.read(VIT_MODEL), Backbone.read(file, VIT_MODEL.resolve("config.json")));
        }
    }

    @Test
    void halfPrecisionIsWidenedWithoutLoss() throws IOException {
        Map<String, FloatArray> tensors = Safetensors.read(VIT_MODEL.resolve("model.safetensors"));
        for (DType dtype : List.of(DType.F16, DType.BF16)) {
            Path file = directory.resolve(dtype + ".safetensors");
            Map<String, FloatArray> expected = SafetensorsFiles.writeHalf(file, tensors, dtype);

            Backbone backbone = Backbone.read(file, VIT_MODEL.resolve("config.json"));

            backbone.weights().forEach((name, weight) -> assertThat(weight.data())
                    .as(dtype + " " + name)
                    .isEqualTo(get(expected, name).data()));
        }
    }

    @Test
    void aMaskTokenIsAllowedAndAClassifierOnlyBesideAPrefix() {
        Map<String, FloatArray> tensors = new HashMap<>(Safetensors.read(VIT_MODEL.resolve("model.safetensors")));
        Path file = directory.resolve("weights.safetensors");
        tensors.put("embeddings.mask_token", FloatArray.zeros(1, 1, 48));
        Safetensors.write(file, tensors, Map.of());
        assertSame(Backbone.read(VIT_MODEL), Backbone.read(file, VIT_MODEL.resolve("config.json")));

        tensors.put("classifier.weight", FloatArray.zeros(5, 48));
        Safetensors.write(file, tensors, Map.of());
        assertThatThrownBy(() -> Backbone.read(file, VIT_MODEL.resolve("config.json")))
                .hasMessageEndingWith(": tensors do not fit the model: unexpected classifier.weight");
    }

    @Test
    void theClassifierGivesTheRecordedLogits() {
        Map<String, NumericArray> forward = Safetensors.readArrays(Recorded.path("config_a/forward/all.safetensors"));
        float[] hidden = get(forward, "backbone_last_hidden_state").floats();
        double[] logits = get(forward, "backbone_classifier_logits").data();
        Backbone.Classifier classifier =
                Objects.requireNonNull(Backbone.read(CLASSIFICATION).classifier());

        for (int image = 0; image < 5; image++) {
            int cls = image * 17 * 48;
            float[] found = classifier.logits(Arrays.copyOfRange(hidden, cls, cls + 48));
            for (int i = 0; i < 5; i++) {
                assertThat((double) found[i]).isCloseTo(logits[image * 5 + i], within(2e-5));
            }
        }
    }

    @Test
    void everyWrongTensorIsListedByTheNameInTheFile() throws IOException {
        Map<String, FloatArray> tensors = new HashMap<>(Safetensors.read(CLASSIFICATION.resolve("model.safetensors")));
        tensors.remove("vit.layernorm.bias");
        tensors.put("vit.layernorm.weight", FloatArray.zeros(47));
        tensors.put("vit.encoder.layer.3.layernorm_before.weight", FloatArray.zeros(48));
        get(tensors, "vit.embeddings.cls_token").data()[0] = Float.POSITIVE_INFINITY;
        Files.copy(CLASSIFICATION.resolve("config.json"), directory.resolve("config.json"));
        Safetensors.write(directory.resolve("model.safetensors"), tensors, Map.of());

        assertThatThrownBy(() -> Backbone.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(directory.resolve("model.safetensors") + ": tensors do not fit the model: ")
                .hasMessageContainingAll(
                        "missing vit.layernorm.bias [48]",
                        "misshapen vit.layernorm.weight: expected [48], found [47]",
                        "unexpected vit.encoder.layer.3.layernorm_before.weight",
                        "not finite vit.embeddings.cls_token");
    }

    @Test
    void aClassifierWithoutItsBiasIsRefused() throws IOException {
        Map<String, FloatArray> tensors = new HashMap<>(Safetensors.read(CLASSIFICATION.resolve("model.safetensors")));
        tensors.remove("classifier.bias");
        Files.copy(CLASSIFICATION.resolve("config.json"), directory.resolve("config.json"));
        Safetensors.write(directory.resolve("model.safetensors"), tensors, Map.of());

        assertThatThrownBy(() -> Backbone.read(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "classifier.weight [classes, 48] and classifier.bias [classes] must fit together");
    }

    @Test
    void aWrittenConfigIsReadAgain() {
        for (VitConfig config : new VitConfig[] {VitConfig.base16(), new VitConfig(24, 8, 6, 1, 3, 5, 1e-6)}) {
            HuggingFaceConfig.write(directory.resolve("config.json"), config, DType.F32);
            assertThat(HuggingFaceConfig.read(directory.resolve("config.json"))).isEqualTo(config);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"gelu\"|\"gelu_new\"|hidden_act must be \"gelu\", other values are not supported, found \"gelu_new\"",
                "\"qkv_bias\": true|\"qkv_bias\": false|qkv_bias must be true",
                "\"num_channels\": 3|\"num_channels\": 1|num_channels must be 3",
                "\"model_type\": \"vit\"|\"model_type\": \"deit\"|model_type must be \"vit\"",
                "\"model_type\": \"vit\",||model_type must be \"vit\", found nothing",
                "\"pruned_heads\": {}|\"pruned_heads\": {\"0\": [1]}|pruned_heads must be {}",
                "\"hidden_size\": 48|\"hidden_size\": 48.0|hidden_size must be an integer, found 48.0",
                "\"hidden_size\": 48,||hidden_size must be an integer, found nothing",
                "\"hidden_size\": 48|\"hidden_size\": 50|hiddenSize must be a multiple of numHeads 4, found 50",
                "\"num_hidden_layers\": 3|\"num_hidden_layers\": 1000000000|numLayers must be at most 1,000, found 1000000000",
                "\"image_size\": 32|\"image_size\": 16384|imageSize must be at most 1024 times patchSize 8, found 16384",
                "\"patch_size\": 8|\"patch_size\": 5|imageSize must be a multiple of patchSize 5, found 32",
                "\"patch_size\": 8|\"patch_size\": 8, \"patch_size\": 8|Duplicate",
                "1e-12|\"1e-12\"|layer_norm_eps must be a number"
            })
    void settingsThatWeDoNotComputeAreRefusedByName(String from, String to, String message) throws IOException {
        Path file = directory.resolve("config.json");
        String json = Files.readString(VIT_MODEL.resolve("config.json"));
        assertThat(json).contains(from);
        Files.writeString(file, json.replace(from, to == null ? "" : to));

        assertThatThrownBy(() -> HuggingFaceConfig.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    private static void assertSame(Backbone expected, Backbone found) {
        assertThat(found.config()).isEqualTo(expected.config());
        assertThat(found.weights().keySet()).isEqualTo(expected.weights().keySet());
        expected.weights()
                .forEach((name, weight) ->
                        assertThat(get(found.weights(), name).data()).as(name).isEqualTo(weight.data()));
    }
}
