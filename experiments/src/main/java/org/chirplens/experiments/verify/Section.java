package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Npy;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.checkpoint.Safetensors;

/**
 * One folder of recorded arrays and the checks made of them. Every array is either compared, or used as an input, or
 * listed as not yet checked.
 */
final class Section {
    private static final String ALL = "all.safetensors";

    private final String name;
    private final Map<String, NumericArray> arrays;
    private final Set<String> used = new LinkedHashSet<>();
    private final List<Check> checks = new ArrayList<>();

    private Section(String name, Map<String, NumericArray> arrays) {
        this.name = name;
        this.arrays = arrays;
    }

    /** Reads {@code all.safetensors} of a folder, or else its {@code .npy} files. */
    static Section read(String name, Path folder) {
        if (Files.isRegularFile(folder.resolve(ALL))) {
            return new Section(name, new TreeMap<>(Safetensors.readArrays(folder.resolve(ALL))));
        }
        Map<String, NumericArray> arrays = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String fileName = file.getFileName().toString();
                if (fileName.endsWith(".npy")) {
                    arrays.put(fileName.substring(0, fileName.length() - ".npy".length()), Npy.read(file));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
        return new Section(name, arrays);
    }

    boolean has(String array) {
        return arrays.containsKey(array);
    }

    /** An array that the checks start from. */
    NumericArray input(String array) {
        NumericArray found = arrays.get(array);
        if (found == null) {
            throw new IllegalArgumentException(name + ": the bundle must hold the array " + array);
        }
        used.add(array);
        return found;
    }

    /** Compares a recorded array by absolute error; does nothing when the bundle does not hold it. */
    void absolute(String array, float[] ours, double tolerance) {
        compare(array, "", widen(ours), tolerance, false);
    }

    /** Compares a recorded array by relative error; does nothing when the bundle does not hold it. */
    void relative(String array, String how, double[] ours, double tolerance) {
        compare(array, how, ours, tolerance, true);
    }

    /** Compares a recorded array by absolute error, naming how ours was computed. */
    void absolute(String array, String how, float[] ours, double tolerance) {
        compare(array, how, widen(ours), tolerance, false);
    }

    /** The checks made, and a line for every array that nothing has looked at. */
    List<Check> checks() {
        List<Check> all = new ArrayList<>(checks);
        arrays.keySet().stream()
                .filter(array -> !used.contains(array))
                .forEach(array -> all.add(Check.notYet(name + "/" + array)));
        return all;
    }

    private void compare(String array, String how, double[] ours, double tolerance, boolean relative) {
        NumericArray recorded = arrays.get(array);
        if (recorded == null) {
            return;
        }
        used.add(array);
        double abs = 0;
        double rel = 0;
        double[] theirs = recorded.data();
        boolean comparable = theirs.length == ours.length;
        for (int i = 0; comparable && i < theirs.length; i++) {
            double difference = Math.abs(theirs[i] - ours[i]);
            // max() of a NaN is NaN, which no tolerance admits.
            abs = Math.max(abs, difference);
            rel = Math.max(rel, difference == 0 ? 0 : difference / Math.abs(theirs[i]));
        }
        boolean ok = comparable && (relative ? rel : abs) <= tolerance;
        String full = name + "/" + array + (how.isEmpty() ? "" : " (" + how + ")");
        double missing = Double.POSITIVE_INFINITY;
        checks.add(new Check(
                full,
                comparable ? abs : missing,
                comparable ? rel : missing,
                tolerance,
                relative,
                ok ? Check.Status.OK : Check.Status.FAILED));
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
