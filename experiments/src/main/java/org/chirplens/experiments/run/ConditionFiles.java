package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.dataset.Condition;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.WholeFile;
import org.chirplens.report.ConditionErrors;
import org.chirplens.report.ConditionErrors.Bin;
import org.chirplens.report.ConditionErrors.Errors;
import org.chirplens.report.ErrorByCondition;
import org.chirplens.report.Figure;
import org.chirplens.training.Predictions;
import org.chirplens.training.TargetMetrics;

/** Errors by noise and chirp, as a figure and a table, from the columns of conditions in a table of predictions. */
public final class ConditionFiles {
    private static final String NAME = "error_by_condition";

    private ConditionFiles() {}

    /** The conditions that a set tells of an image; of all its images alike. */
    static List<Condition> known(ImageSet images, int index) {
        return List.of(Condition.values()).stream()
                .filter(condition -> Double.isFinite(condition.of(images, index)))
                .toList();
    }

    /** A condition's value as a cell: a number, or the name of a category. */
    static String cell(Condition condition, double value) {
        List<String> names = condition.categories();
        return names.isEmpty() ? Float.toString((float) value) : names.get((int) value);
    }

    /** Sorts the images of a table of predictions by every condition that it has a column of. */
    static List<ConditionErrors> read(Path table, TargetScaling scaling) {
        Predictions predictions = PredictionFiles.read(table, scaling);
        Map<Condition, double[]> columns = new LinkedHashMap<>();
        int[] next = {0};
        CsvTable.read(table, row -> {
            for (Condition condition : Condition.values()) {
                if (row.has(condition.key())) {
                    columns.computeIfAbsent(condition, c -> new double[predictions.indices().length])[next[0]] =
                            value(row, condition);
                }
            }
            next[0]++;
        });
        return columns.entrySet().stream()
                .map(column -> ConditionErrors.of(column.getKey(), column.getValue(), predictions, scaling))
                .toList();
    }

    private static double value(CsvTable row, Condition condition) {
        List<String> names = condition.categories();
        return names.isEmpty() ? row.number(condition.key()) : names.indexOf(row.oneOf(condition.key(), names));
    }

    /** The figure; none where nothing is known of the images. */
    static Map<String, Figure> figure(
            List<ConditionErrors> conditions, Predictions predictions, TargetScaling scaling) {
        double[] overall = predictions.metrics(scaling).targets().stream()
                .mapToDouble(TargetMetrics::mae)
                .toArray();
        return conditions.isEmpty()
                ? Map.of()
                : Map.of(NAME, ErrorByCondition.draw(scaling.targets(), overall, conditions));
    }

    /** Writes the table of the figure's numbers beside it: a row for each condition, part of its range, and target. */
    static void write(Path directory, List<ConditionErrors> conditions, List<Target> targets) {
        List<String> rows = new ArrayList<>();
        rows.add("condition,category,from,to,images,target,mean_absolute_error,ci_low,ci_high,lower_quartile,median,"
                + "upper_quartile");
        for (ConditionErrors condition : conditions) {
            for (Bin bin : condition.bins()) {
                IntStream.range(0, targets.size())
                        .mapToObj(t -> row(
                                condition.condition(),
                                bin,
                                targets.get(t),
                                bin.targets().get(t)))
                        .forEach(rows::add);
            }
        }
        if (!conditions.isEmpty()) {
            WholeFile.writeText(directory.resolve(NAME + ".csv"), String.join("\n", rows) + "\n");
        }
    }

    private static String row(Condition condition, Bin bin, Target target, Errors errors) {
        String range = bin.name().isEmpty() ? number(bin.from()) + "," + number(bin.to()) : ",";
        StringBuilder row = new StringBuilder(
                condition.key() + "," + bin.name() + "," + range + "," + bin.images() + "," + target.key());
        DoubleStream.of(
                        errors.mean(),
                        errors.interval().low(),
                        errors.interval().high(),
                        errors.lowerQuartile(),
                        errors.median(),
                        errors.upperQuartile())
                .forEach(value -> row.append(',').append(number(value)));
        return row.toString();
    }

    /** Seven digits say more than the predictions do; empty where there is no number. */
    private static String number(double value) {
        return Double.isFinite(value) ? Float.toString((float) value) : "";
    }
}
