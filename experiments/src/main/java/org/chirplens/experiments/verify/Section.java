package org.chirplens.experiments.verify;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.chirplens.checkpoint.DType;
import org.chirplens.checkpoint.NumericArray;
import org.jspecify.annotations.Nullable;

/**
 * One folder of recorded arrays and the checks made of them. Every array is either compared, or used as an input, or
 * listed as not checked, with the reason. A comparison with an array that the bundle does not hold does nothing, so that a bundle may
 * hold any of them.
 */
final class Section {
    private final String name;
    private final Path folder;
    private final double looser;
    private final RecordedArrays arrays;
    private final Set<String> used = new HashSet<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final List<Check> checks = new ArrayList<>();
    private String reason = "unknown array";

    private Section(String name, Path folder, double looser) {
        this.name = name;
        this.folder = folder;
        this.looser = looser;
        this.arrays = RecordedArrays.read(folder);
        arrays.problems().forEach(this::failed);
    }

    /**
     * Reads the arrays of a folder. What cannot be read becomes a failed check.
     *
     * @param name the folder's path in the bundle
     * @param looser what every tolerance is multiplied by
     */
    static Section read(String name, Path folder, double looser) {
        return new Section(name, folder, looser);
    }

    /** A file of the folder, which need not exist. */
    Path file(String file) {
        return folder.resolve(file);
    }

    /**
     * The folder of this name beside this one.
     *
     * @throws MissingInputException when there is none
     */
    Path siblingFolder(String other) {
        Path sibling = folder.resolveSibling(other);
        if (!Files.isDirectory(sibling)) {
            throw new MissingInputException(siblingName(other), false);
        }
        return sibling;
    }

    /** The arrays of the folder of this name beside this one; none when there is no such folder. */
    Section sibling(String other) {
        return new Section(siblingName(other), folder.resolveSibling(other), looser);
    }

    private String siblingName(String other) {
        return name.substring(0, name.lastIndexOf('/') + 1) + other;
    }

    boolean has(String array) {
        return arrays.values().containsKey(array);
    }

    /** The arrays that the checks can use, sorted. */
    List<String> names() {
        return List.copyOf(arrays.values().keySet());
    }

    /**
     * An array that the checks start from.
     *
     * @throws MissingInputException when the bundle does not hold it
     * @throws IllegalArgumentException when a value is not finite
     */
    NumericArray input(String array) {
        NumericArray found = arrays.values().get(array);
        if (found == null) {
            throw new MissingInputException(
                    name + "/" + array, arrays.problems().containsKey(array));
        }
        used.add(array);
        for (int i = 0; i < found.data().length; i++) {
            if (!Double.isFinite(found.data()[i])) {
                throw new IllegalArgumentException(name + "/" + array + " must hold finite values, found "
                        + found.data()[i] + " at " + Comparison.place(found.shape(), i));
            }
        }
        return found;
    }

    /** Declares arrays that checks start from, if they can, so that they are not listed as unknown. */
    void inputs(String... inputs) {
        used.addAll(List.of(inputs));
    }

    /**
     * A file that the checks start from.
     *
     * @throws MissingInputException when the bundle does not hold it
     */
    Path inputFile(String file) {
        if (!Files.exists(file(file))) {
            throw new MissingInputException(name + "/" + file, false);
        }
        return file(file);
    }

    /** Compares a recorded array of values of a forward pass. */
    void forwardPass(String array, float[] ours) {
        forwardPass(array, "", ours);
    }

    /** Compares a recorded array of values of a forward pass, naming how ours was computed. */
    void forwardPass(String array, String how, float[] ours) {
        NumericArray recorded = arrays.values().get(array);
        if (recorded != null) {
            // An infinite one must not make the tolerance of all others infinite.
            double largest = Arrays.stream(recorded.data())
                    .map(Math::abs)
                    .filter(Double::isFinite)
                    .max()
                    .orElse(0);
            compare(array, how, widen(ours), Tolerance.ofForwardPass(largest));
        }
    }

    /** Compares a recorded array by relative error, naming how ours was computed. */
    void relative(String array, String how, double[] ours, double tolerance) {
        compare(array, how, ours, Tolerance.relative(tolerance));
    }

    /** Compares a recorded array. */
    void compare(String array, double[] ours, Tolerance tolerance) {
        compare(array, "", ours, tolerance);
    }

    /**
     * Compares a recorded array some of whose values rounding may change by more than the tolerance.
     *
     * @param allowance for each value, what is taken off its difference before it counts as an error
     */
    void compare(String array, double[] ours, Tolerance tolerance, double[] allowance) {
        compare(array, "", ours, tolerance, allowance);
    }

    private void compare(String array, String how, double[] ours, Tolerance tolerance) {
        compare(array, how, ours, tolerance, null);
    }

    private void compare(String array, String how, double[] ours, Tolerance tolerance, double @Nullable [] allowance) {
        NumericArray recorded = arrays.values().get(array);
        if (recorded != null) {
            used.add(array);
            String full = name + "/" + array + (how.isEmpty() ? "" : " (" + how + ")");
            checks.add(Comparison.of(full, recorded, ours, tolerance.times(looser), allowance));
        }
    }

    /** Compares recorded values that are no array of the folder, such as numbers of a JSON file. */
    void compareValues(String what, double[] recorded, double[] ours, Tolerance tolerance) {
        NumericArray values = new NumericArray(DType.F64, new int[] {recorded.length}, recorded);
        checks.add(Comparison.of(name + "/" + what, values, ours, tolerance.times(looser), null));
    }

    /** Adds a line for something that cannot be compared although it should. */
    void failed(String what, String why) {
        checks.add(Check.failed(name + "/" + what, why));
    }

    /** Says why an array or a file is not compared. */
    void notChecked(String what, String why) {
        reasons.put(what, why);
    }

    /**
     * Runs all checks of the folder. Whatever stops them, a failed check says so, and the walk through the bundle goes
     * on: a recorded file may be damaged in any way.
     */
    void guard(Runnable all) {
        try {
            all.run();
        } catch (MissingInputException e) {
            reason = message(e);
            if (e.array().startsWith(name + "/")
                    && !e.failed()
                    && !arrays.values().isEmpty()) {
                checks.add(Check.failed(e.array(), "missing, although the checks of this folder start from it"));
            }
        } catch (RuntimeException e) {
            checks.add(Check.failed(name, message(e)));
            reason = "not reached, see " + name;
        }
    }

    /**
     * Runs the checks of some arrays or files, if the bundle holds any of them. When an input is missing they are not
     * checked; when anything else stops them, that is a failed check.
     *
     * @param what name of the failed check
     */
    void attempt(String what, Set<String> whose, Runnable some) {
        if (whose.stream().noneMatch(one -> has(one) || Files.exists(file(one)))) {
            return;
        }
        try {
            some.run();
        } catch (MissingInputException e) {
            giveUp(whose, message(e));
        } catch (RuntimeException e) {
            failed(what, message(e));
            used.add(what);
            giveUp(whose, "not reached, see " + name + "/" + what);
        }
    }

    private void giveUp(Set<String> whose, String why) {
        whose.stream()
                .filter(one -> !used.contains(one) && (has(one) || Files.exists(file(one))))
                .forEach(one -> notChecked(one, why));
    }

    /** Our own complaints say what is wrong; other exceptions do so only together with their type. */
    private static String message(RuntimeException e) {
        boolean own = e instanceof IllegalArgumentException
                || e instanceof UncheckedIOException
                || e instanceof MissingInputException;
        return own && e.getMessage() != null ? e.getMessage() : e.toString();
    }

    /** The checks made, and a line for everything that none has looked at. */
    List<Check> checks() {
        List<Check> all = new ArrayList<>(checks);
        arrays.values().keySet().stream()
                .filter(array -> !used.contains(array))
                .forEach(array -> reasons.putIfAbsent(array, reason));
        new TreeMap<>(reasons).forEach((what, why) -> all.add(Check.notChecked(name + "/" + what, why)));
        if (all.isEmpty()) {
            all.add(Check.notChecked(name, "holds nothing that is compared"));
        }
        return all;
    }

    /** The same values as doubles. */
    static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < wide.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }
}
