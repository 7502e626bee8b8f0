package org.chirplens.training;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Interval;
import org.chirplens.statistics.Terms;

/**
 * How sure the metrics are: the {@link Bootstrap} interval of each, over the images that were predicted. It says what
 * other images of the same kind may give for this model, not what a model that is trained again would.
 *
 * @param mse of {@link RegressionMetrics#mse()}
 * @param targets one entry per target, in the order of the model's outputs
 */
public record MetricIntervals(Interval mse, List<OfTarget> targets) {
    private static final int PER_TARGET = 4;

    public MetricIntervals {
        targets = List.copyOf(targets);
    }

    /** The intervals of the components of {@link TargetMetrics}, in the same units. */
    public record OfTarget(Interval pearsonR, Interval r2, Interval mae, Interval rmse) {
        /** The interval of the mean squared error, in the square of the target's unit. */
        public Interval mse() {
            // Squares of errors are ordered as the errors are: one interval covers where the other does.
            return new Interval(rmse.low() * rmse.low(), rmse.high() * rmse.high());
        }
    }

    /**
     * Resamples the images; all targets and metrics see the same draws.
     *
     * @param scaling turns standardised values into physical units
     */
    public static MetricIntervals of(Predictions predictions, TargetScaling scaling, Bootstrap bootstrap) {
        Check.that(predictions.indices().length > 0, "there must be at least one image to resample", "none");
        ErrorSums sums = new ErrorSums(predictions.predictions(), predictions.labels(), scaling);
        Interval[] all = bootstrap.estimates(Terms.of(sums.terms()), (of, n) -> flat(sums.metrics(of, n))).stream()
                .map(Estimate::bca)
                .toArray(Interval[]::new);
        List<OfTarget> targets = new ArrayList<>();
        for (int at = 1; at < all.length; at += PER_TARGET) {
            targets.add(new OfTarget(all[at], all[at + 1], all[at + 2], all[at + 3]));
        }
        return new MetricIntervals(all[0], targets);
    }

    private static double[] flat(RegressionMetrics metrics) {
        double[] values = new double[1 + PER_TARGET * metrics.targets().size()];
        values[0] = metrics.mse();
        int at = 1;
        for (TargetMetrics of : metrics.targets()) {
            values[at++] = of.pearsonR();
            values[at++] = of.r2();
            values[at++] = of.mae();
            values[at++] = of.rmse();
        }
        return values;
    }
}
