package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Npy;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.checkpoint.Safetensors;
import org.jspecify.annotations.Nullable;

/**
 * The arrays of a folder: those of {@code all.safetensors} and those of its {@code .npy} files. An array that is in both
 * must be the same bit by bit, for nobody could say which of the two was meant.
 *
 * @param values what can be used, by name
 * @param problems what cannot, by array or file name, each with the reason
 */
record RecordedArrays(Map<String, NumericArray> values, Map<String, String> problems) {
    private static final String ALL = "all.safetensors";
    private static final String NPY = ".npy";

    /** Reads what there is; a folder that does not exist holds nothing. */
    static RecordedArrays read(Path folder) {
        RecordedArrays arrays = new RecordedArrays(new TreeMap<>(), new TreeMap<>());
        if (!Files.exists(folder)) {
            return arrays;
        }
        if (Files.exists(folder.resolve(ALL))) {
            try {
                arrays.values.putAll(Safetensors.readArrays(folder.resolve(ALL)));
            } catch (IllegalArgumentException | UncheckedIOException e) {
                arrays.problems.put(ALL, reason(e));
            }
        }
        try {
            npyFiles(folder).forEach(arrays::add);
        } catch (UncheckedIOException e) {
            arrays.problems.put("*" + NPY, reason(e));
        }
        return arrays;
    }

    private static List<Path> npyFiles(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(NPY))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }

    private void add(Path file) {
        String fileName = file.getFileName().toString();
        String name = fileName.substring(0, fileName.length() - NPY.length());
        NumericArray other = values.remove(name);
        try {
            NumericArray array = Npy.read(file);
            String difference = other == null ? null : difference(other, array);
            if (difference == null) {
                values.put(name, array);
            } else {
                problems.put(name, ALL + " and " + fileName + " differ: " + difference);
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            problems.put(name, reason(e));
        }
    }

    private static @Nullable String difference(NumericArray all, NumericArray alone) {
        if (all.dtype() != alone.dtype() || !Arrays.equals(all.shape(), alone.shape())) {
            return all + " and " + alone;
        }
        for (int i = 0; i < all.data().length; i++) {
            double one = all.data()[i];
            double two = alone.data()[i];
            if (Double.doubleToRawLongBits(one) != Double.doubleToRawLongBits(two)) {
                return one + " and " + two + " at " + Comparison.place(all.shape(), i);
            }
        }
        return null;
    }

    private static String reason(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }
}
