package org.chirplens.experiments.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.experiments.verify.Check;
import org.chirplens.experiments.verify.Tolerance;

/** The lines of a verification for people: a block per folder, a line per array, counts at the end. */
final class CheckTable {
    /** Columns that most terminals can show. */
    private static final int WIDTH = 140;
    /** Longer names lose their middle; {@code --json} has them in full. */
    private static final int LONGEST_NAME = 89;

    private CheckTable() {}

    static String of(List<Check> checks) {
        Map<String, List<Check>> folders = new LinkedHashMap<>();
        for (Check check : checks) {
            String folder = check.name().substring(0, Math.max(0, check.name().lastIndexOf('/')));
            folders.computeIfAbsent(folder, key -> new ArrayList<>()).add(check);
        }
        StringBuilder text = new StringBuilder();
        folders.values().forEach(block -> text.append(block(block)).append('\n'));
        return text.append(counts(checks)).toString();
    }

    private static String block(List<Check> checks) {
        int width = checks.stream()
                .mapToInt(check -> shortened(check.name()).length())
                .max()
                .orElse(0);
        String row = "%-" + width + "s  %9s  %9s  %-16s  %s";
        StringBuilder text = new StringBuilder(format(row, "", "abs error", "rel error", "tolerance", "status"));
        checks.forEach(check -> text.append('\n').append(line(row, check)));
        return text.append('\n').toString();
    }

    private static String line(String row, Check check) {
        Tolerance tolerance = check.tolerance();
        boolean compared = tolerance != null;
        String line = format(
                row,
                shortened(check.name()),
                compared ? number(check.maxAbsError(), "%.1e") : "",
                compared ? number(check.maxRelError(), "%.1e") : "",
                tolerance == null
                        ? ""
                        : number(tolerance.bound(), "%.0e") + " "
                                + tolerance.measure().text(),
                check.status().text());
        String note = check.note();
        if (note == null) {
            return line;
        }
        String behind = line + " (" + note + ")";
        return behind.length() <= WIDTH ? behind : line + "\n    (" + note + ")";
    }

    private static String counts(List<Check> checks) {
        return String.format(
                Locale.ROOT,
                "%d ok, %d failed, %d not checked",
                count(checks, Check.Status.OK),
                count(checks, Check.Status.FAILED),
                count(checks, Check.Status.NOT_CHECKED));
    }

    private static long count(List<Check> checks, Check.Status status) {
        return checks.stream().filter(check -> check.status() == status).count();
    }

    /** A long parameter name without some words after its first: the last ones tell parameters apart. */
    private static String shortened(String name) {
        int first = name.indexOf('.');
        int cut = first + 1;
        while (first > 0 && cut > 0 && first + 3 + name.length() - cut > LONGEST_NAME) {
            cut = name.indexOf('.', cut) + 1;
        }
        return name.length() <= LONGEST_NAME || cut <= 0
                ? name
                : name.substring(0, first) + ".…." + name.substring(cut);
    }

    private static String number(double value, String format) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1000;
        return String.format(Locale.ROOT, whole ? "%.0f" : format, value);
    }

    private static String format(String row, String... cells) {
        return String.format(Locale.ROOT, row, (Object[]) cells).stripTrailing();
    }
}
