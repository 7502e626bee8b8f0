package org.chirplens.experiments.command;

import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Metrics for people. */
final class MetricsText {
    private MetricsText() {}

    static String of(List<Target> targets, RegressionMetrics metrics) {
        TextTable table = new TextTable("target", "Pearson r", "MAE", "RMSE", "unit");
        for (int t = 0; t < targets.size(); t++) {
            Target target = targets.get(t);
            TargetMetrics of = metrics.targets().get(t);
            table.row(
                    target.title(),
                    format("%.4f", of.pearsonR()),
                    format("%.3f", of.mae()),
                    format("%.3f", of.rmse()),
                    target.unit());
        }
        return String.format(
                Locale.ROOT,
                "%,d images, mean squared error %.5f on standardised labels%n%s",
                metrics.images(),
                metrics.mse(),
                table);
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
