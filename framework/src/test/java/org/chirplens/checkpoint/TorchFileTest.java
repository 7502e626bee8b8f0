package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that PyTorch wrote: the recorded models, and those of resources/torch/make_torch_files.py. */
class TorchFileTest {
    private static final Path GENUINE = Path.of("src/test/resources/torch");
    private static final Path MODEL = Recorded.path("config_a/model");

    private final Path directory;

    TorchFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void pytorchModelBinHoldsTheBitsOfTheSafetensorsFileBesideIt() {
        Map<String, FloatArray> safetensors = Safetensors.read(MODEL.resolve("backbone_classifier/model.safetensors"));

        Map<String, FloatArray> torch = TorchFile.read(MODEL.resolve("backbone_classifier/pytorch_model.bin"));

        assertThat(torch.keySet()).isEqualTo(safetensors.keySet());
        torch.forEach((name, tensor) -> assertSame(name, tensor, get(safetensors, name)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"best_vit_regression.pth", "best_vit_regression_legacy_peft.pth"})
    void theTrainingScriptsFileHoldsTheBitsOfBackboneAdapterAndHead(String file) {
        Map<String, FloatArray> parts = new HashMap<>();
        Safetensors.read(MODEL.resolve("backbone_vitmodel/model.safetensors"))
                .forEach((name, tensor) -> parts.put("vit.base_model.model." + name, tensor));
        Safetensors.read(MODEL.resolve("adapter/adapter_model.safetensors"))
                .forEach((name, tensor) -> parts.put("vit." + name, tensor));
        Safetensors.read(MODEL.resolve("regression_head.safetensors"))
                .forEach((name, tensor) -> parts.put("regression_head." + name, tensor));

        Map<String, FloatArray> torch = TorchFile.read(MODEL.resolve(file));

        assertThat(torch).hasSameSizeAs(parts);
        torch.forEach((name, tensor) -> assertSame(
                name, tensor, get(parts, name.replace(".base_layer.", ".").replace(".default.", "."))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain.pth", "protocol4.pth", "legacy.pth", "legacy_protocol4.pth"})
    void bothContainersAndProtocolsGiveTheSameTensorsInTheirOrder(String file) {
        Map<String, FloatArray> tensors = TorchFile.read(GENUINE.resolve(file));

        assertThat(tensors.keySet()).containsExactly("matrix", "vector", "scalar", "none");
        assertIs(get(tensors, "matrix"), new int[] {2, 3}, 0, 1 / 8f, 2 / 8f, 3 / 8f, 4 / 8f, 5 / 8f);
        assertIs(get(tensors, "vector"), new int[] {4}, -2 / 8f, -1 / 8f, 0, 1 / 8f);
        assertIs(get(tensors, "scalar"), new int[] {}, 0.5f);
        assertIs(get(tensors, "none"), new int[] {3, 0});
    }

    @Test
    void halfPrecisionIsWidened() {
        Map<String, FloatArray> tensors = TorchFile.read(GENUINE.resolve("half.pth"));

        assertIs(get(tensors, "half"), new int[] {2, 3}, 0, 1 / 8f, 2 / 8f, 3 / 8f, 4 / 8f, 5 / 8f);
        assertIs(get(tensors, "bfloat"), new int[] {2, 3}, 0, 1 / 8f, 2 / 8f, 3 / 8f, 4 / 8f, 5 / 8f);
        assertIs(get(tensors, "subnormal"), new int[] {1}, 0x1p-24f);
    }

    @ParameterizedTest
    @ValueSource(strings = {"views.pth", "legacy_views.pth"})
    void viewsIntoOneStorageAreCopiedIntoCOrder(String file) {
        Map<String, FloatArray> tensors = TorchFile.read(GENUINE.resolve(file));

        assertIs(get(tensors, "transposed"), new int[] {3, 2}, 0, 6 / 8f, 1 / 8f, 7 / 8f, 2 / 8f, 8 / 8f);
        assertIs(get(tensors, "column"), new int[] {4}, 5 / 8f, 11 / 8f, 17 / 8f, 23 / 8f);
        assertIs(get(tensors, "row_end"), new int[] {2}, 21 / 8f, 22 / 8f);
        assertIs(get(tensors, "every_other"), new int[] {2, 2}, 7 / 8f, 10 / 8f, 13 / 8f, 16 / 8f);
    }

    @Test
    void tiedWeightsAreReadUnderEachOfTheirNames() {
        Map<String, FloatArray> tensors = TorchFile.read(GENUINE.resolve("tied.pth"));

        assertThat(tensors.keySet()).containsExactly("first", "second", "same");
        tensors.values().forEach(tensor -> assertIs(tensor, new int[] {2, 2}, 0, 1 / 8f, 2 / 8f, 3 / 8f));
    }

    @ParameterizedTest
    @ValueSource(strings = {"module.pth", "parameters.pth"})
    void modulesMetadataAndParametersAreNoMoreThanTheirTensors(String file) {
        Map<String, FloatArray> tensors = TorchFile.read(GENUINE.resolve(file));

        assertThat(tensors.keySet()).containsExactly("0.weight", "0.bias", "1.weight", "1.bias");
        assertIs(get(tensors, "0.weight"), new int[] {2, 2}, 0, 1 / 8f, 2 / 8f, 3 / 8f);
        assertIs(get(tensors, "1.bias"), new int[] {2}, 3 / 8f, 4 / 8f);
    }

    @Test
    void theFilesThatLaterVersionsAddAreAllowed() throws IOException {
        byte[] pickle = new PickleWriter()
                .raw('}')
                .text("w")
                .tensor(1, 0, new long[] {1}, new long[] {1})
                .raw('s')
                .end();
        ZipWriter zip = ZipWriter.torch(pickle, new byte[] {0, 0, -128, 63})
                .add("model/byteorder", "little")
                .add("model/.format_version", "1")
                .add("model/.storage_alignment", "64")
                .add("model/.data/serialization_id", "0123456789");
        Path file = Files.write(directory.resolve("later.pth"), zip.end());

        assertIs(get(TorchFile.read(file), "w"), new int[] {1}, 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "double.pth|wide: weights must be F32, F16 or BF16, found F64; convert it to F32 first",
                "integer.pth|count: weights must be F32, F16 or BF16, found I64; convert it to F32 first",
                "training.pth|must hold a dict of tensors, found also state_dict (a dict), optimizer (a dict),"
                        + " epoch (an integer), loss (a float); save the state_dict alone",
                "module_object.pth|names torch.nn.modules.container.Sequential; a checkpoint may name only"
            })
    void whatIsNotAStateDictOfWeightsIsRefusedByName(String name, String message) {
        Path file = GENUINE.resolve(name);
        assertThatThrownBy(() -> TorchFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(message);
    }

    private static void assertIs(FloatArray found, int[] shape, float... values) {
        assertThat(found.shape()).containsExactly(shape);
        assertThat(found.data()).containsExactly(values);
    }

    private static void assertSame(String name, FloatArray found, FloatArray expected) {
        assertThat(found.shape()).as(name).isEqualTo(expected.shape());
        assertThat(found.data()).as(name).isEqualTo(expected.data());
    }
}
