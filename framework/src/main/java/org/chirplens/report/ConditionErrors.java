package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.dataset.Condition;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Interval;
import org.chirplens.training.Predictions;

/**
 * How large errors are in images of one condition, such as a noise level.
 *
 * @param condition what the images are sorted by
 * @param bins the parts of its range that hold an image, or its categories, in order
 */
public record ConditionErrors(Condition condition, List<Bin> bins) {
    /** The most parts of a range. */
    private static final int MOST_BINS = 8;

    public ConditionErrors {
        bins = List.copyOf(bins);
    }

    /**
     * Images that are alike.
     *
     * @param name of the category; empty for a part of a range
     * @param from start of the part, in the condition's unit; a category has its number here and the next one in {@code to}
     * @param to end of the part, which belongs to the next one, if there is one
     * @param images how many they are
     * @param targets their absolute errors, for each target
     */
    public record Bin(String name, double from, double to, int images, List<Errors> targets) {
        public Bin {
            targets = List.copyOf(targets);
        }
    }

    /**
     * Absolute errors in a target's unit.
     *
     * @param mean their mean
     * @param interval of the mean, see {@link Bootstrap#ofMean}
     * @param lowerQuartile a quarter of them is below
     * @param median half of them is below
     * @param upperQuartile three quarters of them are below
     */
    public record Errors(double mean, Interval interval, double lowerQuartile, double median, double upperQuartile) {
        static Errors of(double[] errors) {
            double[] sorted = DoubleStream.of(errors).sorted().toArray();
            return new Errors(
                    DoubleStream.of(errors).average().orElse(Double.NaN),
                    Bootstrap.STANDARD.ofMean(errors).bca(),
                    Bootstrap.quantile(sorted, 0.25),
                    Bootstrap.quantile(sorted, 0.5),
                    Bootstrap.quantile(sorted, 0.75));
        }
    }

    /**
     * Sorts images into parts of round width, at most {@value #MOST_BINS}, or by category.
     *
     * @param values the condition of each image, at least one of them finite; images whose value is not are left out
     * @param predictions what is predicted for these images
     */
    public static ConditionErrors of(
            Condition condition, double[] values, Predictions predictions, TargetScaling scaling) {
        List<String> names = condition.categories();
        Bins bins = names.isEmpty() ? covering(values) : new Bins(0, 1, names.size());
        List<Bin> filled = new ArrayList<>();
        for (int b = 0; b < bins.count(); b++) {
            int bin = b;
            int[] members = IntStream.range(0, values.length)
                    .filter(i -> Double.isFinite(values[i]) && bins.of(values[i]) == bin)
                    .toArray();
            if (members.length > 0) {
                filled.add(new Bin(
                        names.isEmpty() ? "" : names.get(b),
                        bins.from() + b * bins.width(),
                        bins.from() + (b + 1) * bins.width(),
                        members.length,
                        errors(members, predictions, scaling)));
            }
        }
        return new ConditionErrors(condition, filled);
    }

    private static Bins covering(double[] values) {
        double[] known =
                DoubleStream.of(values).filter(Double::isFinite).sorted().toArray();
        if (known.length == 0) {
            throw new IllegalArgumentException("a condition must be known for at least 1 image, found none");
        }
        return Bins.covering(known[0], known[known.length - 1], MOST_BINS);
    }

    private static List<Errors> errors(int[] images, Predictions predictions, TargetScaling scaling) {
        return IntStream.range(0, scaling.targets().size())
                .mapToObj(t -> Errors.of(IntStream.of(images)
                        .mapToDouble(i -> predictions.absoluteError(i, t, scaling))
                        .toArray()))
                .toList();
    }
}
