package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.training.Predictions;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Metrics as JSON, and the table of predictions that they are of. */
public final class PredictionFiles {
    private PredictionFiles() {}

    /** The format of {@code metrics.json} and of {@code evaluate --json}; a correlation that is not defined is null. */
    public static ObjectNode json(List<Target> targets, RegressionMetrics metrics) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("images", metrics.images());
        tree.put("mse", metrics.mse());
        ObjectNode each = tree.putObject("targets");
        for (int t = 0; t < targets.size(); t++) {
            TargetMetrics of = metrics.targets().get(t);
            ObjectNode one = each.putObject(targets.get(t).key());
            one.put("pearson_r", Double.isFinite(of.pearsonR()) ? of.pearsonR() : null);
            one.put("mae", of.mae());
            one.put("rmse", of.rmse());
        }
        return tree;
    }

    /** Reads what {@link #json} wrote. */
    public static RegressionMetrics metrics(List<Target> targets, ObjectNode tree) {
        List<TargetMetrics> metrics = new ArrayList<>();
        for (Target target : targets) {
            var one = tree.path("targets").path(target.key());
            metrics.add(new TargetMetrics(
                    one.path("pearson_r").asDouble(Double.NaN),
                    one.path("mae").asDouble(),
                    one.path("rmse").asDouble()));
        }
        return new RegressionMetrics(
                tree.path("images").asInt(), tree.path("mse").asDouble(), metrics);
    }

    /** Writes a row per image: its name, the true and the predicted values in their units. */
    static void write(Path file, Predictions predictions, IntFunction<String> names, TargetScaling scaling) {
        WholeFile.writeText(file, out -> {
            out.write("image" + titles(scaling.targets()));
            out.write('\n');
            for (int i = 0; i < predictions.indices().length; i++) {
                out.write(CsvTable.cell(names.apply(predictions.indices()[i])));
                for (int t = 0; t < scaling.targets().size(); t++) {
                    physical(out, scaling, t, predictions.labels()[i][t]);
                    physical(out, scaling, t, predictions.predictions()[i][t]);
                }
                out.write('\n');
            }
        });
    }

    /** The titles of the columns of true and predicted values, each after a comma. */
    static String titles(List<Target> targets) {
        StringBuilder titles = new StringBuilder();
        targets.forEach(target -> titles.append(",true_" + target.key() + ",predicted_" + target.key()));
        return titles.toString();
    }

    /** Appends a value in its unit, with the digits of a float. */
    static void physical(Writer out, TargetScaling scaling, int target, float standardised) throws IOException {
        out.write(",");
        out.write(Float.toString((float) scaling.toPhysical(target, standardised)));
    }

    /** Reads the table back, standardised again; the indices are the rows' numbers. */
    static Predictions read(Path file, TargetScaling scaling) {
        List<float[]> labels = new ArrayList<>();
        List<float[]> predicted = new ArrayList<>();
        CsvTable.read(file, row -> {
            labels.add(standardised(row, "true_", scaling));
            predicted.add(standardised(row, "predicted_", scaling));
        });
        int[] indices = new int[labels.size()];
        java.util.Arrays.setAll(indices, i -> i);
        return new Predictions(indices, predicted.toArray(float[][]::new), labels.toArray(float[][]::new));
    }

    /** The standardised targets of a row whose columns are named with a prefix. */
    static float[] standardised(CsvTable row, String prefix, TargetScaling scaling) {
        return scaling.standardise(scaling.targets().stream()
                .mapToDouble(target -> row.number(prefix + target.key()))
                .toArray());
    }
}
