package org.chirplens.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.statistics.RankCorrelation;

/** What the ablation of single heads hides. Heads are in the order of their layers, and of their numbers within one. */
public final class AttributionFigures {
    private static final Stroke POINTS = Stroke.of(Palette.BLUE, 2.5).faded(0.65);
    /** Not in percent, as elsewhere: squared errors of standardised labels. */
    private static final String INCREASE = "loss increase (MSE)";

    /** The part of the points that a second plot shows where the others are so many times as far from 0. */
    private static final double NEAR = 0.9;

    private static final double CROWDED = 3;

    private AttributionFigures() {}

    /** Each head's loss increase as its gradient estimates it, against what ablating it gives. */
    public static Figure screening(double[] exact, double[] estimated) {
        double spearman = RankCorrelation.spearman(exact, estimated);
        return scatter("heads", "measured " + INCREASE, "estimated " + INCREASE, exact, estimated)
                .draw(
                        "Gradient screening against ablation",
                        exact.length + " heads · rank correlation " + NumberText.fixed(spearman, 3),
                        "Each point is one head: its loss increase, a difference of mean squared errors, by one forward and one backward pass for all heads, against"
                                + " that by ablating it; on the dashed line they are equal.",
                        "A scatter plot of " + exact.length + " heads, rank correlation "
                                + NumberText.fixed(spearman, 3) + ".");
    }

    /** Each head's effect along its own path, with all later layers held, against its whole effect. */
    public static Figure direct(double[] total, double[] direct) {
        long repaired = above(total, direct);
        return scatter("heads", INCREASE + ", total", INCREASE + ", direct", total, direct)
                .draw(
                        "Direct against total effect",
                        total.length + " heads · direct above total for " + repaired,
                        "Each point is one head: the loss increase, a difference of mean squared errors, when only its own path to the prediction is cut, later layers"
                                + " and LayerNorm held, against the one when all of it is. Above the dashed line later layers"
                                + " make up for the head; below it they pass on what it does.",
                        "A scatter plot of " + total.length + " heads; for " + repaired
                                + " of them the direct effect is the larger one.");
    }

    /** The sum of two heads' single effects against that of both together. */
    public static Figure pairs(double[] sum, double[] joint) {
        long more = above(sum, joint);
        return scatter("pairs", INCREASE + ", sum of two", INCREASE + ", joint", sum, joint)
                .draw(
                        "Pairs of the most important heads",
                        sum.length + " pairs · joint above sum for " + more,
                        "Each point is a pair of heads: the loss increase, a difference of mean squared errors, when both are ablated, against the sum of the increases"
                                + " without one of them. Above the dashed line each makes up for the other.",
                        "A scatter plot of " + sum.length + " pairs; for " + more
                                + " the joint effect is above the sum.");
    }

    private static long above(double[] xs, double[] ys) {
        return IntStream.range(0, xs.length).filter(i -> ys[i] > xs[i]).count();
    }

    /** Points by two measures in the same unit; where a few of them leave the others no room, these once more. */
    private static PlotRow scatter(String unit, String xLabel, String yLabel, double[] xs, double[] ys) {
        double[] distances = IntStream.range(0, xs.length)
                .mapToDouble(i -> Math.max(Math.abs(xs[i]), Math.abs(ys[i])))
                .toArray();
        double[] sorted = Arrays.stream(distances).sorted().toArray();
        int near = (int) Math.ceil(NEAR * sorted.length);
        List<PlotRow.Plot> plots = new ArrayList<>();
        plots.add(new PlotRow.Plot("all " + unit, xLabel, yLabel, points(xs, ys), true));
        if (near > 0 && sorted[sorted.length - 1] > CROWDED * sorted[near - 1]) {
            int[] those = IntStream.range(0, xs.length)
                    .filter(i -> distances[i] <= sorted[near - 1])
                    .toArray();
            plots.add(new PlotRow.Plot(
                    "the " + those.length + " " + unit + " closest to 0",
                    xLabel,
                    yLabel,
                    points(of(those, xs), of(those, ys)),
                    true));
        }
        return new PlotRow(plots, List.of());
    }

    private static double[] of(int[] members, double[] values) {
        return IntStream.of(members).mapToDouble(i -> values[i]).toArray();
    }

    /**
     * The error of predictions that are read from the residual stream.
     *
     * @param rmse [targets][layers + 1], each in its target's unit; place l is after l layers
     */
    public static Figure lens(List<Target> targets, double[][] rmse) {
        String title = "Regression lens";
        List<PlotRow.Plot> plots = new ArrayList<>();
        StringBuilder description = new StringBuilder();
        for (int t = 0; t < targets.size(); t++) {
            Target target = targets.get(t);
            double[] layers = new double[rmse[t].length];
            for (int l = 0; l < layers.length; l++) {
                layers[l] = l;
            }
            int last = layers.length - 1;
            plots.add(new PlotRow.Plot(
                    target.title(),
                    "layers",
                    "error, RMS" + (target.unit().isEmpty() ? "" : " (" + target.unit() + ")"),
                    List.of(new PlotRow.Series(layers, rmse[t], Palette.line(2 + t, 1.75), true)),
                    false));
            description
                    .append(t == 0 ? "" : " ")
                    .append("The error of the ")
                    .append(target.title())
                    .append(" goes from ")
                    .append(target.withUnit(NumberText.significant(rmse[t][0], 3)))
                    .append(" before the first layer to ")
                    .append(target.withUnit(NumberText.significant(rmse[t][last], 3)))
                    .append(" after the last.");
        }
        return new PlotRow(plots, List.of())
                .draw(
                        title,
                        "what the model's own last LayerNorm and head read after each layer",
                        "The root mean squared error of the prediction when the layers behind are left out: where a curve falls,"
                                + " the layer writes what the prediction needs.",
                        description.toString());
    }

    /**
     * The loss as more and more heads are ablated.
     *
     * @param sizes numbers of heads [points]
     * @param losses for each order by its name [points]; names that begin with {@code random} are a band
     */
    public static Figure cumulative(double[] sizes, Map<String, double[]> losses) {
        String title = "Ablating more and more heads";
        Map<String, Stroke> strokes = new LinkedHashMap<>();
        List<PlotRow.Series> series = new ArrayList<>();
        Stroke random = Stroke.of(Palette.BASELINE, 1);
        losses.forEach((order, values) -> {
            if (isRandom(order)) {
                series.add(new PlotRow.Series(sizes, values, random, true));
                strokes.put("random orders", random);
            }
        });
        losses.forEach((order, values) -> {
            if (!isRandom(order)) {
                Stroke stroke = Palette.line(strokes.size() % 6, 2);
                series.add(new PlotRow.Series(sizes, values, stroke, true));
                strokes.put(order.replace('_', ' '), stroke);
            }
        });
        List<Panel.Key> keys = strokes.entrySet().stream()
                .map(entry -> new Panel.Key(entry.getKey(), entry.getValue()))
                .toList();
        return new PlotRow(List.of(new PlotRow.Plot("loss", "heads ablated", "standardised MSE", series, false)), keys)
                .draw(
                        title,
                        "by importance and in random orders",
                        "The loss with as many heads ablated together; the grey lines say what to expect of heads in any"
                                + " order.",
                        "Curves of the loss over the number of ablated heads, from 0 to "
                                + (int) sizes[sizes.length - 1] + ".");
    }

    private static boolean isRandom(String order) {
        return order.startsWith("random");
    }

    /**
     * Which heads carry what.
     *
     * @param target whose prediction
     * @param layers of the model
     * @param moved for each factor by its name, how far each head moves the prediction, in the target's unit [heads]
     */
    public static Figure patching(Target target, int layers, Map<String, double[]> moved) {
        String title = "Activation patching: " + target.title();
        List<HeadMaps.Map> maps = new ArrayList<>();
        StringBuilder description = new StringBuilder();
        int perLayer = 0;
        for (Map.Entry<String, double[]> factor : moved.entrySet()) {
            double[] values = factor.getValue();
            perLayer = values.length / layers;
            String name = factor.getKey().replace('_', ' ');
            maps.add(new HeadMaps.Map(name, values));
            int most = HeadMaps.largest(values);
            description
                    .append(description.isEmpty() ? "" : " ")
                    .append("With another ")
                    .append(name)
                    .append(", layer ")
                    .append(most / perLayer + 1)
                    .append(", head ")
                    .append(most % perLayer + 1)
                    .append(" moves the prediction the most, by ")
                    .append(target.withUnit(NumberText.significant(values[most], 2)))
                    .append('.');
        }
        return new HeadMaps(
                        layers,
                        perLayer,
                        maps,
                        "moves the prediction" + (target.unit().isEmpty() ? "" : " (" + target.unit() + ")"))
                .draw(
                        title,
                        "images that differ in one factor · one head's context taken from the other image · one colour scale",
                        title,
                        "Each cell is one head: how far its context alone moves the prediction towards that for an image that"
                                + " differs in one factor, which is the share of the way times its mean length.",
                        description.toString());
    }

    private static List<PlotRow.Series> points(double[] xs, double[] ys) {
        return List.of(new PlotRow.Series(xs, ys, POINTS, false));
    }
}
