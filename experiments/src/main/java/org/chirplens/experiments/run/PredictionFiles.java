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
    public static ObjectNode json(RegressionMetrics metrics) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("images", metrics.images());
        tree.put("mse", metrics.mse());
        ObjectNode targets = tree.putObject("targets");
        for (Target target : Target.values()) {
            TargetMetrics of = metrics.of(target);
            ObjectNode one = targets.putObject(target.key());
            one.put("pearson_r", Double.isFinite(of.pearsonR()) ? of.pearsonR() : null);
            one.put("mae", of.mae());
            one.put("rmse", of.rmse());
        }
        return tree;
    }

    /** Reads what {@link #json} wrote. */
    public static RegressionMetrics metrics(ObjectNode tree) {
        List<TargetMetrics> targets = new ArrayList<>();
        for (Target target : Target.values()) {
            var one = tree.path("targets").path(target.key());
            targets.add(new TargetMetrics(
                    one.path("pearson_r").asDouble(Double.NaN),
                    one.path("mae").asDouble(),
                    one.path("rmse").asDouble()));
        }
        return new RegressionMetrics(
                tree.path("images").asInt(), tree.path("mse").asDouble(), targets);
    }

    /** Writes a row per image: its name, the true and the predicted values in their units. */
    static void write(Path file, Predictions predictions, IntFunction<String> names, TargetScaling scaling) {
        WholeFile.writeText(file, out -> {
            out.write("image");
            for (Target target : Target.values()) {
                out.write(",true_" + target.key() + ",predicted_" + target.key());
            }
            out.write('\n');
            for (int i = 0; i < predictions.indices().length; i++) {
                out.write(names.apply(predictions.indices()[i]));
                for (int t = 0; t < Target.COUNT; t++) {
                    physical(out, scaling, t, predictions.labels()[i][t]);
                    physical(out, scaling, t, predictions.predictions()[i][t]);
                }
                out.write('\n');
            }
        });
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
        float[] values = new float[Target.COUNT];
        for (Target target : Target.values()) {
            int t = target.ordinal();
            values[t] = (float) scaling.standardise(t, row.number(prefix + target.key()));
        }
        return values;
    }
}
