package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.MetricsJson;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Interval;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Metrics for people, with their intervals. */
final class MetricsText {
    private MetricsText() {}

    /** The metrics that are in a tree of {@link MetricsJson}. */
    static String of(List<Target> targets, ObjectNode tree) {
        RegressionMetrics metrics = MetricsJson.metrics(targets, tree);
        MetricIntervals intervals = MetricsJson.intervals(targets, tree);
        TextTable table = new TextTable("target", "Pearson r", "R²", "MAE", "RMSE");
        for (int t = 0; t < targets.size(); t++) {
            Target target = targets.get(t);
            TargetMetrics of = metrics.targets().get(t);
            MetricIntervals.OfTarget ci = intervals.targets().get(t);
            // Chirps are read to the millisecond; the values of other targets may be small.
            String error = Target.RELEASED.contains(target) || of.rmse() >= 1 ? "%.3f" : "%.4g";
            table.row(
                    target.title(),
                    cell("%.4f", of.pearsonR(), ci.pearsonR(), ""),
                    cell("%.4f", of.r2(), ci.r2(), ""),
                    cell(error, of.mae(), ci.mae(), target.unit()),
                    cell(error, of.rmse(), ci.rmse(), target.unit()));
        }
        return String.format(Locale.ROOT, "%,d images, mean squared error ", metrics.images())
                + cell("%.5f", metrics.mse(), intervals.mse(), "")
                + " on standardised labels\n" + table
                + (intervals.mse().isDefined() ? "\n" + note() : "");
    }

    private static String note() {
        return String.format(
                Locale.ROOT,
                "[…]: %.0f %% confidence interval over images, BCa bootstrap of %,d resamples",
                100 * Bootstrap.LEVEL,
                Bootstrap.STANDARD.resamples());
    }

    private static String cell(String format, double value, Interval interval, String unit) {
        String text = String.format(Locale.ROOT, format, value) + (unit.isEmpty() ? "" : " " + unit);
        return interval.isDefined()
                ? text
                        + String.format(
                                Locale.ROOT, " [" + format + ", " + format + "]", interval.low(), interval.high())
                : text;
    }
}
