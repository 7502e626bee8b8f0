package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.CsvTable;

/**
 * Prints predictions as they come, so that their number is not bounded by memory. Nothing is printed before the first
 * one, and the end is missing when a later one fails: half a JSON list does not pass for a whole one.
 */
abstract class PredictionPrinter {
    private final Console console;
    private int printed;

    PredictionPrinter(Console console) {
        this.console = console;
    }

    /** The form that the options ask for: a table for people unless CSV or JSON. */
    static PredictionPrinter of(Console console, boolean csv, List<Target> targets, ImageSet images) {
        return console.json()
                ? new Json(console, targets)
                : csv ? new Csv(console, targets) : new Table(console, targets, images);
    }

    /** Prints the values that are predicted for an image, in the targets' units. */
    final void add(String image, double[] values) {
        console.out().print((printed == 0 ? begin() : "") + row(printed, image, values));
        printed++;
    }

    /** Prints what comes after the last image. */
    final void end() {
        console.out().print(tail());
        console.out().flush();
    }

    /** What comes before the first row. */
    abstract String begin();

    /** A row, the first of number 0. */
    abstract String row(int number, String image, double[] values);

    /** What comes after the last row. */
    abstract String tail();

    /** A list of objects with the fields {@code image} and the targets' names. */
    private static final class Json extends PredictionPrinter {
        private final List<Target> targets;

        Json(Console console, List<Target> targets) {
            super(console);
            this.targets = targets;
        }

        @Override
        String begin() {
            return "[ ";
        }

        @Override
        String row(int number, String image, double[] values) {
            ObjectNode one = JsonNodeFactory.instance.objectNode().put("image", image);
            for (int t = 0; t < values.length; t++) {
                one.put(targets.get(t).key(), (float) values[t]);
            }
            return (number == 0 ? "" : ", ") + Console.text(one);
        }

        @Override
        String tail() {
            return " ]\n";
        }
    }

    /** Columns {@code image} and the targets' names. */
    private static final class Csv extends PredictionPrinter {
        private final List<Target> targets;

        Csv(Console console, List<Target> targets) {
            super(console);
            this.targets = targets;
        }

        @Override
        String begin() {
            StringBuilder titles = new StringBuilder("image");
            targets.forEach(target -> titles.append(',').append(target.key()));
            return titles.append('\n').toString();
        }

        @Override
        String row(int number, String image, double[] values) {
            StringBuilder row = new StringBuilder(CsvTable.cell(image));
            for (double value : values) {
                row.append(',').append((float) value);
            }
            return row.append('\n').toString();
        }

        @Override
        String tail() {
            return "";
        }
    }

    /** A table and, for a single image, what it says in words. */
    private static final class Table extends PredictionPrinter {
        private final List<Target> targets;
        private final int[] widths;
        private final boolean single;
        private String words = "";

        Table(Console console, List<Target> targets, ImageSet images) {
            super(console);
            this.targets = targets;
            this.single = images.size() == 1;
            widths = new int[targets.size() + 1];
            widths[0] = IntStream.range(0, images.size())
                    .map(i -> images.name(i).length())
                    .reduce("image".length(), Math::max);
            for (int t = 0; t < targets.size(); t++) {
                Target target = targets.get(t);
                // The numbers are not known yet; none is wider than one with an exponent.
                widths[t + 1] = Math.max(
                        target.title().length(),
                        target.withUnit(format(target, -1.2345e-5)).length());
            }
        }

        @Override
        String begin() {
            List<String> titles = new ArrayList<>(List.of("image"));
            targets.forEach(target -> titles.add(target.title()));
            return line(titles);
        }

        @Override
        String row(int number, String image, double[] values) {
            List<String> cells = new ArrayList<>(List.of(image));
            for (int t = 0; t < values.length; t++) {
                cells.add(value(t, values));
            }
            words = single ? "\n" + inWords(values) + "\n" : "";
            return line(cells);
        }

        @Override
        String tail() {
            return words;
        }

        private String line(List<String> cells) {
            return TextTable.line(widths, cells.toArray(String[]::new)) + "\n";
        }

        /** A sentence, as the released script has one for chirps; other targets line by line. */
        private String inWords(double[] values) {
            if (targets.equals(Target.RELEASED)) {
                return "A chirp starts at " + value(0, values) + " with a frequency of " + value(1, values)
                        + " and ends with one of " + value(2, values) + ".";
            }
            List<String> lines = new ArrayList<>();
            for (int t = 0; t < values.length; t++) {
                lines.add(targets.get(t).title() + ": " + value(t, values));
            }
            return String.join("\n", lines);
        }

        private String value(int t, double[] values) {
            return targets.get(t).withUnit(format(targets.get(t), values[t]));
        }

        /** Two decimals, as chirps have; more where a target is small. */
        private static String format(Target target, double value) {
            return String.format(Locale.ROOT, Target.RELEASED.contains(target) ? "%.2f" : "%.4g", value);
        }
    }
}
