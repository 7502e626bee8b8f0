package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.dataset.Condition;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.WholeFile;
import org.chirplens.training.Predictions;

/** The table of predictions that metrics are of. */
public final class PredictionFiles {
    private PredictionFiles() {}

    /**
     * Writes a row per image: its name, the true and the predicted values in their units, and the conditions that its
     * set tells.
     */
    static void write(Path file, Predictions predictions, ImageSet images, TargetScaling scaling) {
        List<Condition> conditions = ConditionFiles.known(images, predictions.indices()[0]);
        WholeFile.writeText(file, out -> {
            out.write("image" + titles(scaling.targets()));
            for (Condition condition : conditions) {
                out.write("," + condition.key());
            }
            out.write('\n');
            for (int i = 0; i < predictions.indices().length; i++) {
                int index = predictions.indices()[i];
                out.write(CsvTable.cell(images.name(index)));
                for (int t = 0; t < scaling.targets().size(); t++) {
                    physical(out, scaling, t, predictions.labels()[i][t]);
                    physical(out, scaling, t, predictions.predictions()[i][t]);
                }
                for (Condition condition : conditions) {
                    out.write("," + ConditionFiles.cell(condition, condition.of(images, index)));
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

    /** Appends a value in its unit, with as many digits as it takes to read the same standardised value back. */
    static void exact(Writer out, TargetScaling scaling, int target, float standardised) throws IOException {
        double physical = scaling.toPhysical(target, standardised);
        String text = Float.toString((float) physical);
        boolean same = (float) scaling.standardise(target, Double.parseDouble(text)) == standardised;
        out.write(",");
        out.write(same ? text : Double.toString(physical));
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
