package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.checkpoint.Recorded.get;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    private final Path directory;

    SafetensorsTest(@TempDir Path directory) {
        this.directory = directory;
    }

    @Test
    void weightsComeBackBitForBitWhateverTheirSize() {
        Random random = new Random(7);
        Map<String, FloatArray> weights = new LinkedHashMap<>();
        weights.put("scalar", new FloatArray(new int[0], new float[] {-0.0f}));
        weights.put("none", new FloatArray(new int[] {3, 0}, new float[0]));
        weights.put("larger than the buffer", random(random, 3, 100_003));
        weights.put("\u00e9\"\\", random(random, 5));

        Path file = directory.resolve("a/weights.safetensors");
        Safetensors.write(file, weights, Map.of("who", "a test"));

        Map<String, FloatArray> read = Safetensors.read(file);
        assertThat(read.keySet()).isEqualTo(weights.keySet());
        weights.forEach((name, weight) -> {
            assertThat(get(read, name).shape()).isEqualTo(weight.shape());
            assertThat(get(read, name).data()).isEqualTo(weight.data());
        });
        assertThat(file.getParent()).isDirectoryNotContaining("glob:**.tmp");
    }

    @Test
    void bytesDoNotDependOnTheOrderOfTheMap() throws IOException {
        FloatArray one = random(new Random(1), 3);
        FloatArray two = random(new Random(2), 2, 2);
        Map<String, FloatArray> forward = new LinkedHashMap<>();
        forward.put("one", one);
        forward.put("two", two);
        Map<String, FloatArray> backward = new LinkedHashMap<>();
        backward.put("two", two);
        backward.put("one", one);

        Safetensors.write(directory.resolve("f"), forward, Map.of());
        Safetensors.write(directory.resolve("b"), backward, Map.of());

        assertThat(directory.resolve("f")).hasSameBinaryContentAs(directory.resolve("b"));
        byte[] bytes = Files.readAllBytes(directory.resolve("f"));
        assertThat(bytes[0] % 8).as("the tensors are aligned").isZero();
        assertThat(new String(bytes, 8, 40, java.nio.charset.StandardCharsets.UTF_8))
                .as("transformers refuses a file without it")
                .startsWith("{\"__metadata__\":{\"format\":\"pt\"}");
    }

    @Test
    void writingARecordedFileAgainGivesTheSameTensors() {
        Path recorded = Recorded.path("config_a/model/backbone_vitmodel/model.safetensors");
        Map<String, FloatArray> weights = Safetensors.read(recorded);

        Safetensors.write(directory.resolve("again"), weights, Map.of());

        assertThat(directory.resolve("again")).hasSameBinaryContentAs(recorded);
    }

    @Test
    void recordedBundlesOfSeveralFormatsSurviveARoundTrip() {
        Map<String, NumericArray> bundle = Safetensors.readArrays(Recorded.path("config_a/ablation/all.safetensors"));
        assertThat(get(bundle, "label_mean").dtype()).isEqualTo(DType.F64);
        assertThat(get(bundle, "input").shape()).containsExactly(40, 3, 32, 32);

        Safetensors.writeArrays(directory.resolve("bundle"), bundle, Map.of());

        Map<String, NumericArray> again = Safetensors.readArrays(directory.resolve("bundle"));
        assertThat(again.keySet()).isEqualTo(bundle.keySet());
        bundle.forEach((name, array) -> {
            assertThat(get(again, name).dtype()).isEqualTo(array.dtype());
            assertThat(get(again, name).data()).isEqualTo(array.data());
        });
    }

    @Test
    void everyNumberFormatIsDecoded() throws IOException {
        String header = "{\"f16\":{\"dtype\":\"F16\",\"shape\":[4],\"data_offsets\":[0,8]},"
                + "\"bf16\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[8,10]},"
                + "\"i64\":{\"dtype\":\"I64\",\"shape\":[1],\"data_offsets\":[10,18]},"
                + "\"i32\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[18,22]},"
                + "\"u8\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[22,23]},"
                + "\"bool\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[23,25]}}";
        // 1, the smallest subnormal, the largest finite half, -infinity; pi in bfloat16; -2; -3; 255; true, false
        byte[] data = {
            0,
            0x3c,
            1,
            0,
            (byte) 0xff,
            0x7b,
            0,
            (byte) 0xfc,
            0x49,
            0x40,
            -2,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -1,
            -3,
            -1,
            -1,
            -1,
            -1,
            1,
            0
        };
        Path file = SafetensorsFiles.write(directory.resolve("all"), header, data);

        Map<String, NumericArray> arrays = Safetensors.readArrays(file);

        assertThat(get(arrays, "f16").data()).containsExactly(1, 0x1p-24, 65504, Double.NEGATIVE_INFINITY);
        assertThat(get(arrays, "bf16").data()).containsExactly(3.140625);
        assertThat(get(arrays, "i64").data()).containsExactly(-2);
        assertThat(get(arrays, "i32").data()).containsExactly(-3);
        assertThat(get(arrays, "u8").data()).containsExactly(255);
        assertThat(get(arrays, "bool").data()).containsExactly(1, 0);
    }

    @Test
    void halfPrecisionWeightsAreWidened() throws IOException {
        String header = "{\"f16\":{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,4]},"
                + "\"bf16\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[4,6]}}";
        Path file = SafetensorsFiles.write(
                directory.resolve("half"), header, new byte[] {0, 0x3c, 0, (byte) 0x80, 0x49, 0x40});

        assertThat(get(Safetensors.read(file), "f16").data()).containsExactly(1f, -0f);
        assertThat(get(Safetensors.read(file), "bf16").data()).containsExactly(3.140625f);
    }

    @Test
    void doublesAreNotTakenForWeights() {
        NumericArray doubles = new NumericArray(DType.F64, new int[] {1}, new double[] {1});
        Safetensors.writeArrays(directory.resolve("doubles"), Map.of("w", doubles), Map.of());

        assertThatThrownBy(() -> Safetensors.read(directory.resolve("doubles")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("doubles: w: weights must be F32, F16 or BF16, found F64");
    }

    @Test
    void aValueThatItsFormatCannotHoldIsNotWritten() {
        NumericArray wrong = new NumericArray(DType.U8, new int[] {1}, new double[] {256});

        assertThatThrownBy(() -> Safetensors.writeArrays(directory.resolve("x"), Map.of("w", wrong), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("U8 values must be whole and in [0.0, 255.0], found 256.0");
        assertThat(directory).isEmptyDirectory();
    }

    private static FloatArray random(Random random, int... shape) {
        FloatArray array = FloatArray.zeros(shape);
        for (int i = 0; i < array.data().length; i++) {
            array.data()[i] = (float) random.nextGaussian();
        }
        return array;
    }
}
