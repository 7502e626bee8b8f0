package org.chirplens.dataset;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.chirplens.chirp.Chirp;

/**
 * One of the numbers that a regression head predicts.
 *
 * @param key the name in files and JSON, such as {@code start_time}: a small letter, then small letters, digits and
 *     underscores
 * @param title the name for people, such as {@code start time}
 * @param unit the physical unit, such as {@code s}; empty for a number without
 */
public record Target(String key, String title, String unit) {
    // Before the constants, whose names it checks.
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9_]*");

    public static final Target START_TIME = new Target("start_time", "start time", "s");
    public static final Target START_FREQUENCY = new Target("start_frequency", "start frequency", "Hz");
    public static final Target END_FREQUENCY = new Target("end_frequency", "end frequency", "Hz");

    /** The targets of a chirp, in the order of the released regression head's outputs. */
    public static final List<Target> RELEASED = List.of(START_TIME, START_FREQUENCY, END_FREQUENCY);

    public Target {
        if (!isKey(key)) {
            throw new IllegalArgumentException(
                    "the name of a target must be a small letter, then small letters, digits and underscores, found '"
                            + key + "'");
        }
        if (title.isBlank()) {
            throw new IllegalArgumentException("the title of the target " + key + " must not be blank");
        }
    }

    /** Whether a text may be the {@link #key} of a target. */
    public static boolean isKey(String text) {
        return KEY.matcher(text).matches();
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
