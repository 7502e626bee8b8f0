package org.chirplens.experiments.verify;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chirplens.checkpoint.DType;
import org.chirplens.checkpoint.Npy;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.model.SessionOptions;

/** Copies of parts of the recorded bundle, to be damaged in one place. */
record RecordedBundle(Path root) {
    static final Path REFERENCE = Path.of("../framework/src/test/resources/reference");
    /** Made by {@code tools/record_bundle.py}. */
    static final Path PLAIN_PYTORCH = Path.of("../framework/src/test/resources/bundle");

    static final Path MODEL_A = REFERENCE.resolve("config_a");

    /** Copies some folders of a bundle. */
    static RecordedBundle copy(Path from, Path to, String... parts) throws IOException {
        for (String part : parts) {
            try (Stream<Path> files = Files.walk(from.resolve(part))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
        return new RecordedBundle(to);
    }

    List<Check> verify() {
        return new BundleVerification(SessionOptions.defaults()).run(root);
    }

    /** The checks of one folder. */
    List<Check> verify(String folder) {
        return verify().stream()
                .filter(check -> check.name().startsWith(folder + "/"))
                .toList();
    }

    /** Names of the checks that failed. */
    static List<String> failed(List<Check> checks) {
        return names(checks, Check.Status.FAILED);
    }

    static List<String> names(List<Check> checks, Check.Status status) {
        return checks.stream()
                .filter(check -> check.status() == status)
                .map(Check::name)
                .toList();
    }

    static Check line(List<Check> checks, String name) {
        return checks.stream()
                .filter(check -> check.name().equals(name))
                .reduce((one, other) -> {
                    throw new AssertionError("two lines of " + name);
                })
                .orElseThrow(() -> new AssertionError("no line of " + name));
    }

    void delete(String file) throws IOException {
        Files.delete(root.resolve(file));
    }

    void replaceText(String file, String old, String replacement) throws IOException {
        String text = Files.readString(root.resolve(file), UTF_8);
        if (!text.contains(old)) {
            throw new AssertionError(file + " does not contain " + old);
        }
        Files.writeString(root.resolve(file), text.replaceFirst(java.util.regex.Pattern.quote(old), replacement));
    }

    /** Cuts a file's last bytes off. */
    void truncate(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(file));
        Files.write(root.resolve(file), Arrays.copyOf(bytes, bytes.length - 7));
    }

    /** Adds to the first values of an array in {@code all.safetensors}. */
    void addInAll(String folder, String array, double amount) throws IOException {
        Path file = root.resolve(folder).resolve("all.safetensors");
        Map<String, NumericArray> arrays = new LinkedHashMap<>(Safetensors.readArrays(file));
        arrays.put(array, plus(Objects.requireNonNull(arrays.get(array), array), 1, amount));
        Safetensors.writeArrays(file, arrays, Map.of());
    }

    /** Adds to the first values of an array in its {@code .npy} file. */
    void addInNpy(String folder, String array, int values, double amount) throws IOException {
        Path file = root.resolve(folder).resolve(array + ".npy");
        writeNpy(file, plus(Npy.read(file), values, amount));
    }

    /** Writes arrays of {@code all.safetensors} as {@code .npy} files, too. */
    void writeAsNpy(String folder, String... names) throws IOException {
        Path directory = root.resolve(folder);
        Map<String, NumericArray> arrays = Safetensors.readArrays(directory.resolve("all.safetensors"));
        for (String name : names) {
            writeNpy(directory.resolve(name + ".npy"), Objects.requireNonNull(arrays.get(name), name));
        }
    }

    private static NumericArray plus(NumericArray array, int values, double amount) {
        double[] data = array.data().clone();
        for (int i = 0; i < values; i++) {
            data[i] += data[i] + amount > 255 ? -amount : amount;
        }
        return new NumericArray(array.dtype(), array.shape(), data);
    }

    private static void writeNpy(Path file, NumericArray array) throws IOException {
        String descr =
                Map.of(DType.F32, "<f4", DType.F64, "<f8", DType.U8, "|u1").get(array.dtype());
        String shape = Arrays.stream(array.shape()).mapToObj(n -> n + ",").collect(Collectors.joining(" "));
        String dict = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (" + shape + "), }";
        byte[] header = (dict + " ".repeat(64 - (dict.length() + 11) % 64) + "\n").getBytes(US_ASCII);
        ByteBuffer bytes = ByteBuffer.allocate(
                        10 + header.length + array.dtype().bytes() * array.data().length)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length)
                .put(header);
        for (double value : array.data()) {
            switch (array.dtype()) {
                case F32 -> bytes.putFloat((float) value);
                case F64 -> bytes.putDouble(value);
                default -> bytes.put((byte) value);
            }
        }
        Files.write(file, bytes.array());
    }
}
