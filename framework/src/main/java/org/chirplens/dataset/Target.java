package org.chirplens.dataset;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.chirplens.chirp.Chirp;
import org.jspecify.annotations.Nullable;

/**
 * One of the numbers that a regression head predicts.
 *
 * @param key the name in files and JSON, such as {@code start_time}: a small letter, then small letters, digits and
 *     underscores
 * @param title the name for people, such as {@code start time}
 * @param unit the physical unit, such as {@code s}; empty for a number without
 */
public record Target(String key, String title, String unit) {
    // These come before the constants, whose names they check.
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*");

    /** Names that tables and JSON objects with a field for each target use otherwise. */
    private static final Set<String> TAKEN = Set.of("image", "increase_percent", "pooled");

    public static final Target START_TIME = new Target("start_time", "start time", "s");
    public static final Target START_FREQUENCY = new Target("start_frequency", "start frequency", "Hz");
    public static final Target END_FREQUENCY = new Target("end_frequency", "end frequency", "Hz");

    /** The targets of a chirp, in the order of the released regression head's outputs. */
    public static final List<Target> RELEASED = List.of(START_TIME, START_FREQUENCY, END_FREQUENCY);

    public Target {
        String problem = keyProblem(key);
        if (problem != null) {
            throw new IllegalArgumentException("the name of a target " + problem);
        }
        if (title.isBlank()) {
            throw new IllegalArgumentException("the title of the target " + key + " must not be blank");
        }
    }

    /** What is wrong with a text as the {@link #key} of a target, or null. */
    public static @Nullable String keyProblem(String text) {
        if (!KEY.matcher(text).matches()) {
            return "must be a small letter, then small letters, digits and underscores, found '" + text + "'";
        }
        return TAKEN.contains(text) ? "must not be one of " + new TreeSet<>(TAKEN) + ", found '" + text + "'" : null;
    }

    /** The key that a column's title makes: {@code score_raw} for {@code Score, raw}; it may break the key's rule. */
    public static String keyOf(String column) {
        return column.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_+|_+$", "");
    }

    /** The targets of a chirp, each in its {@link #unit}, in the order of {@link #RELEASED}. */
    public static double[] allOf(Chirp chirp) {
        return new double[] {chirp.startTimeSeconds(), chirp.startFrequencyHz(), chirp.endFrequencyHz()};
    }

    /**
     * Checks the targets of a model or a data set.
     *
     * @throws IllegalArgumentException when there is none, or two have one name
     */
    public static List<Target> requireDistinct(List<Target> targets) {
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("there must be at least one target, found none");
        }
        Set<String> keys = new HashSet<>();
        for (Target target : targets) {
            if (!keys.add(target.key)) {
                throw new IllegalArgumentException("targets must have names of their own, found two " + target.key);
            }
        }
        return List.copyOf(targets);
    }

    /** Whether two lists are of the same numbers in the same units and order; titles are only words. */
    public static boolean agree(List<Target> these, List<Target> others) {
        return measured(these).equals(measured(others));
    }

    private static List<String> measured(List<Target> targets) {
        return targets.stream().map(Target::measure).toList();
    }

    /** Names targets for a message: {@code start_time (s), start_frequency (Hz), end_frequency (Hz)}. */
    public static String list(List<Target> targets) {
        return String.join(", ", measured(targets));
    }

    private String measure() {
        return key + suffix();
    }

    /** The title with its unit, as on an axis: {@code start time (s)}, or the title alone. */
    public String titleWithUnit() {
        return title + suffix();
    }

    private String suffix() {
        return unit.isEmpty() ? "" : " (" + unit + ")";
    }

    /** A number with this target's unit: {@code 12.0 s}, or the number alone. */
    public String withUnit(String number) {
        return unit.isEmpty() ? number : number + " " + unit;
    }
}
