package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Reads {@code training.csv}. */
final class TrainingHistory {
    private TrainingHistory() {}

    /** The epochs; the number of validation images is not in the table and stays 0. */
    static List<EpochRecord> read(Path file, List<Target> targets) {
        List<EpochRecord> epochs = new ArrayList<>();
        CsvTable.read(file, row -> {
            List<TargetMetrics> metrics = new ArrayList<>();
            for (Target target : targets) {
                metrics.add(new TargetMetrics(
                        row.numberIfAny("r_" + target.key()),
                        // Tables of earlier versions lack it.
                        row.has("r2_" + target.key()) ? row.numberIfAny("r2_" + target.key()) : Double.NaN,
                        row.number("mae_" + target.key()),
                        row.number("rmse_" + target.key())));
            }
            epochs.add(new EpochRecord(
                    (int) row.number("epoch"),
                    (long) row.number("images"),
                    row.number("train_loss"),
                    new RegressionMetrics(0, row.number("val_loss"), metrics),
                    row.number("learning_rate"),
                    row.number("seconds")));
        });
        return epochs;
    }
}
