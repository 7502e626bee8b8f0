package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.chirplens.model.FloatArray;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever file comes from a stranger, it is either read or refused with a message that names it, and it does not make
 * us take much more memory than its own length. Every input follows from the seed and its number in a failure's message.
 */
class MutationTest {
    private static final long SEED = 20250324;
    private static final int INPUTS = 20_000;

    /** Bytes that may be allocated: a factor of the input's length, and what any reading takes, loaded classes included. */
    private static final long FACTOR = 64;

    private static final long CONSTANT = 4_000_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path directory;

    MutationTest(@TempDir Path directory) {
        this.directory = directory;
    }

    private interface Reading {
        void read(Path file);
    }

    /**
     * A format and files of it.
     *
     * @param file where inputs are written
     * @param bases what is mutated
     * @param packing makes the input of the mutated bytes
     */
    private record Format(String name, Path file, List<byte[]> bases, UnaryOperator<byte[]> packing, Reading reading) {}

    @Test
    void everyInputIsReadOrRefusedByNameInBoundedMemory() throws IOException {
        List<Format> formats = formats();
        List<byte[]> all =
                formats.stream().flatMap(format -> format.bases().stream()).toList();
        for (Format format : formats) {
            for (byte[] base : format.bases()) {
                byte[] valid = format.packing().apply(base);
                assertThat(refusal(format, valid, format.name() + ", unchanged"))
                        .isNull();
            }
        }
        Map<String, Integer> refused = new HashMap<>();
        for (int input = 0; input < INPUTS; input++) {
            Format format = formats.get(input % formats.size());
            String where = format.name() + ", seed " + SEED + ", input " + input;
            Random random = new Random(SEED + 1_000_003L * input);
            byte[] base = format.bases().get(random.nextInt(format.bases().size()));
            byte[] mutated = format.packing().apply(new Mutation(random).apply(base, all));
            if (refusal(format, mutated, where) != null) {
                refused.merge(format.name(), 1, Integer::sum);
            }
        }
        int each = INPUTS / formats.size();
        for (Format format : formats) {
            assertThat(refused.getOrDefault(format.name(), 0))
                    .as("inputs of %s that were refused, of %d", format.name(), each)
                    .isBetween(each / 5, each - 1);
        }
    }

    private static @Nullable String refusal(Format format, byte[] input, String where) throws IOException {
        Files.write(format.file(), input);
        long thread = Thread.currentThread().getId();
        long before = THREADS.getThreadAllocatedBytes(thread);
        String refusal = null;
        try {
            format.reading().read(format.file());
        } catch (IllegalArgumentException e) {
            refusal = String.valueOf(e.getMessage());
        } catch (RuntimeException | Error e) {
            throw new AssertionError(where + ": must be read or refused", e);
        }
        long allocated = THREADS.getThreadAllocatedBytes(thread) - before;
        assertThat(allocated)
                .as("%s: bytes allocated for %d", where, input.length)
                .isLessThan(FACTOR * input.length + CONSTANT);
        if (refusal != null) {
            assertThat(refusal).as(where).startsWith(format.file() + ": ");
        }
        return refusal;
    }

    private List<Format> formats() throws IOException {
        List<Format> formats = new ArrayList<>();
        List<byte[]> zips = torch("plain.pth", "half.pth", "views.pth", "module.pth", "protocol4.pth");
        formats.add(format("torch zip", "zip.pth", zips, TensorFiles::read));
        formats.add(new Format(
                "torch pickle in a sound zip",
                directory.resolve("pickle.pth"),
                List.of(pickle(1), pickle(2)),
                pickle -> ZipWriter.torch(pickle, new byte[24]).end(),
                TorchFile::read));
        List<byte[]> legacy = torch("legacy.pth", "legacy_protocol4.pth", "legacy_views.pth");
        formats.add(format("legacy torch", "legacy.pth", legacy, TorchFile::read));

        Path weights = directory.resolve("weights.safetensors");
        Safetensors.write(weights, tensors(), Map.of("who", "a test"));
        formats.add(format("safetensors", "x.safetensors", List.of(Files.readAllBytes(weights)), TensorFiles::read));
        Path arrays = directory.resolve("arrays.safetensors");
        Safetensors.writeArrays(arrays, arrays(), Map.of());
        formats.add(format(
                "safetensors arrays", "y.safetensors", List.of(Files.readAllBytes(arrays)), Safetensors::readArrays));
        formats.add(format("npy", "x.npy", List.of(npy("<i4"), npy("|u1")), Npy::read));

        Path sharded = Files.createDirectory(directory.resolve("sharded"));
        ShardedModel.write(sharded, tensors(), 2);
        Path index = sharded.resolve(ShardedModel.INDEX);
        formats.add(format(
                "index", index.toString(), List.of(Files.readAllBytes(index)), file -> TensorFiles.readModel(sharded)));

        Path adapter = Files.createDirectory(directory.resolve("adapter")).resolve(PeftAdapter.CONFIG_FILE);
        ParameterNames names = ParameterNames.ofAdapter(adapter, Set.of());
        VitConfig vit = HuggingFaceConfig.read(Recorded.path("config_a/model/backbone_vitmodel/config.json"));
        byte[] settings = recorded("adapter/adapter_config.json");
        formats.add(format("adapter_config", adapter.toString(), List.of(settings), file -> new PeftModules(
                        PeftSettings.read(file), names)
                .adapters(vit)));
        byte[] config = recorded("backbone_vitmodel/config.json");
        formats.add(format("config", "config.json", List.of(config), HuggingFaceConfig::read));
        Path card = directory.resolve("card.json");
        ModelCardFile.write(card, ModelCard.bare());
        formats.add(format("model card", "chirplens.json", List.of(Files.readAllBytes(card)), ModelCardFile::read));
        return formats;
    }

    private Format format(String name, String file, List<byte[]> bases, Reading reading) {
        return new Format(name, directory.resolve(file), bases, UnaryOperator.identity(), reading);
    }

    private static List<byte[]> torch(String... names) throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (String name : names) {
            files.add(Files.readAllBytes(Path.of("src/test/resources/torch").resolve(name)));
        }
        return files;
    }

    private static byte[] recorded(String name) throws IOException {
        return Files.readAllBytes(Recorded.path("config_a/model").resolve(name));
    }

    /** A dict of one float32 tensor [size, 3], transposed, and its metadata. */
    private static byte[] pickle(int size) {
        return new PickleWriter()
                .global("collections", "OrderedDict")
                .raw(")R(")
                .text("weight")
                .tensor(6, 0, new long[] {3, size}, new long[] {1, 3})
                .raw("q\u0001u}")
                .text("_metadata")
                .raw("}sb")
                .end();
    }

    private static Map<String, FloatArray> tensors() {
        Map<String, FloatArray> tensors = new LinkedHashMap<>();
        tensors.put("encoder.weight", new FloatArray(new int[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
        tensors.put("encoder.bias", new FloatArray(new int[] {2}, new float[] {-1, 1}));
        tensors.put("scale", new FloatArray(new int[] {}, new float[] {0.5f}));
        tensors.put("none", FloatArray.zeros(3, 0));
        return tensors;
    }

    private static Map<String, NumericArray> arrays() {
        return Map.of(
                "f64", new NumericArray(DType.F64, new int[] {2}, new double[] {1, -1}),
                "i64", new NumericArray(DType.I64, new int[] {1, 2}, new double[] {1, -1}),
                "u8", new NumericArray(DType.U8, new int[] {3}, new double[] {1, 2, 255}),
                "bool", new NumericArray(DType.BOOL, new int[] {2}, new double[] {0, 1}));
    }

    private static byte[] npy(String descr) {
        int count = descr.equals("|u1") ? 16 : 4;
        String header = "\u0093NUMPY\u0001\u0000F\u0000"
                + String.format(
                        "%-69s\n",
                        "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (2, " + count / 2 + "), }");
        return (header + "\u0001".repeat(16)).getBytes(StandardCharsets.ISO_8859_1);
    }
}
