package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Interval;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;
import org.jspecify.annotations.Nullable;

/**
 * The format of {@code metrics.json} and of {@code evaluate --json}. A number has its interval beside it, as
 * {@code "mae": x, "mae_ci": [low, high]}; what is not defined is null. {@code mse} is on standardised labels, that of a
 * target in the square of its unit.
 */
public final class MetricsJson {
    private static final String CI = "_ci";

    private MetricsJson() {}

    /** Metrics with intervals by {@link Bootstrap#STANDARD}. */
    public static ObjectNode of(List<Target> targets, RegressionMetrics metrics, MetricIntervals intervals) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("images", metrics.images());
        put(tree, "mse", metrics.mse(), intervals.mse());
        ObjectNode each = tree.putObject("targets");
        for (int t = 0; t < targets.size(); t++) {
            TargetMetrics of = metrics.targets().get(t);
            MetricIntervals.OfTarget ci = intervals.targets().get(t);
            ObjectNode one = each.putObject(targets.get(t).key());
            put(one, "pearson_r", of.pearsonR(), ci.pearsonR());
            put(one, "r2", of.r2(), ci.r2());
            put(one, "mae", of.mae(), ci.mae());
            put(one, "rmse", of.rmse(), ci.rmse());
            put(one, "mse", of.mse(), ci.mse());
        }
        tree.putObject("intervals")
                .put("method", "BCa bootstrap over images")
                .put("level", Bootstrap.LEVEL)
                .put("resamples", Bootstrap.STANDARD.resamples())
                .put("seed", Bootstrap.STANDARD.seed());
        return tree;
    }

    private static void put(ObjectNode tree, String name, double value, Interval interval) {
        tree.put(name, finite(value));
        tree.putArray(name + CI).add(finite(interval.low())).add(finite(interval.high()));
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    /** Reads the metrics; those that a file of an earlier version lacks are NaN. */
    public static RegressionMetrics metrics(List<Target> targets, ObjectNode tree) {
        List<TargetMetrics> metrics = new ArrayList<>();
        for (Target target : targets) {
            JsonNode one = tree.path("targets").path(target.key());
            metrics.add(new TargetMetrics(
                    number(one.path("pearson_r")),
                    number(one.path("r2")),
                    number(one.path("mae")),
                    number(one.path("rmse"))));
        }
        return new RegressionMetrics(tree.path("images").asInt(), number(tree.path("mse")), metrics);
    }

    /** Reads the intervals; those that a file of an earlier version lacks are not defined. */
    public static MetricIntervals intervals(List<Target> targets, ObjectNode tree) {
        List<MetricIntervals.OfTarget> intervals = new ArrayList<>();
        for (Target target : targets) {
            JsonNode one = tree.path("targets").path(target.key());
            intervals.add(new MetricIntervals.OfTarget(
                    interval(one, "pearson_r"), interval(one, "r2"), interval(one, "mae"), interval(one, "rmse")));
        }
        return new MetricIntervals(interval(tree, "mse"), intervals);
    }

    private static Interval interval(JsonNode tree, String name) {
        JsonNode ends = tree.path(name + CI);
        return new Interval(number(ends.path(0)), number(ends.path(1)));
    }

    private static double number(JsonNode node) {
        return node.asDouble(Double.NaN);
    }
}
