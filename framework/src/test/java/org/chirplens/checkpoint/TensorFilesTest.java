package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFilesTest {
    private static final Path TORCH = Path.of("src/test/resources/torch");
    private static final Path CLASSIFIER = Recorded.path("config_a/model/backbone_classifier");

    private final Path directory;

    TensorFilesTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void contentDecidesAndNotTheName() throws IOException {
        Path torch = Files.copy(TORCH.resolve("plain.pth"), directory.resolve("torch.safetensors"));
        Path legacy = Files.copy(TORCH.resolve("legacy.pth"), directory.resolve("legacy.safetensors"));
        Path safetensors = directory.resolve("weights.pth");
        Safetensors.write(safetensors, TorchFile.read(torch), Map.of());

        for (Path file : new Path[] {torch, legacy, safetensors}) {
            assertThat(get(TensorFiles.read(file), "scalar").data()).containsExactly(0.5f);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0x0280, 0x0580, 0x04034b50})
    void aSafetensorsFileWhoseLengthLooksLikeAnotherFormatIsStillRead(long length) throws IOException {
        String header = "{\"w\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}";
        String padded = header + " ".repeat((int) length - header.length());
        Path file = SafetensorsFiles.write(directory.resolve("x"), padded, new byte[4]);

        assertThat(TensorFiles.read(file).keySet()).containsExactly("w");
    }

    @Test
    void aModelDirectoryIsReadInTheOrderOfItsFiles() throws IOException {
        Path index = directory.resolve(ShardedModel.INDEX);
        Path bin = Files.copy(TORCH.resolve("plain.pth"), directory.resolve("pytorch_model.bin"));
        assertThat(TensorFiles.readModel(directory).path()).isEqualTo(bin);

        ShardedModel.write(directory, Map.of("a", FloatArray.zeros(1)), 1);
        assertThat(TensorFiles.readModel(directory).path()).isEqualTo(index);
        assertThat(TensorFiles.readModel(bin).path()).isEqualTo(bin);

        Path single = directory.resolve("model.safetensors");
        Safetensors.write(single, Map.of("b", FloatArray.zeros(2)), Map.of());
        assertThat(TensorFiles.readModel(directory).path()).isEqualTo(single);
        assertThat(TensorFiles.readModel(directory).tensors().keySet()).containsExactly("b");
    }

    @Test
    void aPlaceWithoutAModelIsRefusedWithWhatItMayHave() {
        for (Path place : new Path[] {directory, directory.resolve("absent")}) {
            assertThatThrownBy(() -> TensorFiles.readModel(place))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(place + ": must be a file of tensors, or a directory with one of model.safetensors,"
                            + " model.safetensors.index.json, pytorch_model.bin, pytorch_model.bin.index.json,"
                            + " found neither");
        }
    }

    @Test
    void shardsTogetherHoldTheBitsOfTheOneFile() {
        Map<String, FloatArray> whole = Safetensors.read(CLASSIFIER.resolve("model.safetensors"));
        ShardedModel.write(directory, whole, 3);

        Map<String, FloatArray> tensors = TensorFiles.readModel(directory).tensors();

        assertThat(tensors.keySet()).isEqualTo(whole.keySet());
        whole.forEach((name, tensor) -> {
            assertThat(get(tensors, name).shape()).as(name).isEqualTo(tensor.shape());
            assertThat(get(tensors, name).data()).as(name).isEqualTo(tensor.data());
        });
    }

    @Test
    void shardsOfTorchAreReadToo() throws IOException {
        Files.copy(TORCH.resolve("tied.pth"), directory.resolve("pytorch_model-00001-of-00002.bin"));
        Files.copy(TORCH.resolve("module.pth"), directory.resolve("pytorch_model-00002-of-00002.bin"));
        Map<String, String> shardOf = new LinkedHashMap<>();
        for (String name : new String[] {"first", "second", "same"}) {
            shardOf.put(name, "pytorch_model-00001-of-00002.bin");
        }
        for (String name : new String[] {"0.weight", "0.bias", "1.weight", "1.bias"}) {
            shardOf.put(name, "pytorch_model-00002-of-00002.bin");
        }
        ShardedModel.writeIndex(directory.resolve("pytorch_model.bin.index.json"), shardOf);

        assertThat(TensorFiles.readModel(directory).tensors().keySet()).isEqualTo(shardOf.keySet());
    }

    @Test
    void everyDifferenceBetweenIndexAndShardsIsListed() throws IOException {
        FloatArray value = FloatArray.zeros(1);
        Safetensors.write(directory.resolve("one"), Map.of("a", value, "both", value, "extra", value), Map.of());
        Safetensors.write(directory.resolve("two"), Map.of("both", value), Map.of());
        Files.writeString(directory.resolve("broken"), "");
        Map<String, String> shardOf = new LinkedHashMap<>();
        shardOf.put("a", "one");
        shardOf.put("absent", "one");
        shardOf.put("both", "two");
        shardOf.put("c", "three");
        shardOf.put("d", "four");
        shardOf.put("e", "broken");
        Path index = directory.resolve("my.index.json");
        ShardedModel.writeIndex(index, shardOf);

        assertThatThrownBy(() -> TensorFiles.readModel(index))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(index + ": the files do not fit the index: ")
                .hasMessageContainingAll(
                        "unexpected extra in one",
                        "missing absent in one",
                        "duplicate both in one, by the index in two",
                        "missing file three",
                        "missing file four",
                        directory.resolve("broken") + ": a file must have at least 8 bytes, found 0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../model.safetensors",
                "/etc/passwd",
                "sub/model.safetensors",
                "sub\\\\model.safetensors",
                "..",
                ".",
                ".hidden",
                "",
                "C:model",
                "a\\u0000b",
                "\\u00e9"
            })
    void namesThatCouldLeadElsewhereAreRefused(String name) {
        Path index = directory.resolve(ShardedModel.INDEX);
        ShardedModel.writeIndex(index, Map.of("a", name));

        assertThatThrownBy(() -> TensorFiles.readModel(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(index + ": weight_map must name files in the same directory")
                .hasMessageContaining("found [\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"weight_map\": []}",
                "{\"weight_map\": {\"a\": 1}}",
                "{\"weight_map\": {\"a\": {}}}",
                "[]"
            })
    void anIndexThatIsNotOneIsRefused(String json) throws IOException {
        Path index = Files.writeString(directory.resolve(ShardedModel.INDEX), json);

        assertThatThrownBy(() -> TensorFiles.readModel(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(index + ": ");
    }

    @Test
    void aTensorTwiceInTheIndexIsRefused() throws IOException {
        Path index = Files.writeString(
                directory.resolve(ShardedModel.INDEX), "{\"weight_map\": {\"a\": \"one\", \"a\": \"two\"}}");

        assertThatThrownBy(() -> TensorFiles.readModel(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(index + ": is not valid JSON: Duplicate");
    }
}
