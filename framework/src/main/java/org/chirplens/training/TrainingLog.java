package org.chirplens.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.Target;
import org.chirplens.file.WholeFile;

/**
 * The table {@code training.csv}, one row per epoch: {@code epoch,images,train_loss,val_loss,learning_rate,seconds} and,
 * for every target, {@code r_<target>,mae_<target>,rmse_<target>,r2_<target>} on the validation images, in physical units.
 */
public final class TrainingLog {
    private TrainingLog() {}

    /**
     * Writes the whole table. It replaces an older one in one move, so that a reader never sees half a table.
     *
     * @param targets what the metrics of each epoch are of
     */
    public static void write(Path file, List<Target> targets, List<EpochRecord> epochs) {
        List<String> lines = new ArrayList<>();
        lines.add(header(targets));
        epochs.forEach(epoch -> lines.add(row(epoch)));
        WholeFile.writeText(file, String.join("\n", lines) + "\n");
    }

    private static String header(List<Target> targets) {
        StringBuilder header = new StringBuilder("epoch,images,train_loss,val_loss,learning_rate,seconds");
        for (Target target : targets) {
            String key = target.key();
            header.append(",r_" + key + ",mae_" + key + ",rmse_" + key + ",r2_" + key);
        }
        return header.toString();
    }

    /** Predictions or labels that do not differ have no correlation. */
    private static String cell(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    private static String row(EpochRecord epoch) {
        StringBuilder row = new StringBuilder();
        row.append(epoch.epoch()).append(',').append(epoch.images());
        row.append(',').append(epoch.trainLoss());
        row.append(',').append(epoch.validation().mse());
        row.append(',').append(epoch.learningRate());
        row.append(',').append(String.format(Locale.ROOT, "%.3f", epoch.seconds()));
        for (TargetMetrics target : epoch.validation().targets()) {
            row.append(',').append(cell(target.pearsonR()));
            row.append(',').append(target.mae());
            row.append(',').append(target.rmse());
            row.append(',').append(cell(target.r2()));
        }
        return row.toString();
    }
}
