package org.chirplens.report;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Every prediction against its label, one panel for each target, in physical units. */
public final class PredictedVsTrue {
    private static final int MOST_POINTS = 3000;
    private static final double TOP = 92;
    private static final double SIDE = 270;
    private static final double MARGIN = 16;
    private static final double GAP = 14;
    private static final int COLUMNS = 3;
    private static final double ROW = SIDE + 86;
    private static final String TITLE = "Predicted against true";

    private PredictedVsTrue() {}

    /**
     * Draws a panel for each target, at most three in a row.
     *
     * @param predictions standardised predictions [images][targets]
     * @param labels standardised labels [images][targets]
     * @param scaling turns both into physical units
     * @throws IllegalArgumentException when there is no image, or not one prediction for each label
     */
    public static Figure draw(float[][] predictions, float[][] labels, TargetScaling scaling) {
        if (predictions.length == 0 || predictions.length != labels.length) {
            throw new IllegalArgumentException("predictions and labels must be of the same images, at least 1, found "
                    + predictions.length + " and " + labels.length);
        }
        RegressionMetrics metrics = RegressionMetrics.of(predictions, labels, scaling);
        int targets = scaling.targets().size();
        double[][] predicted = new double[targets][];
        double[][] truth = new double[targets][];
        Scale[] scales = new Scale[targets];
        for (int t = 0; t < targets; t++) {
            predicted[t] = physical(predictions, t, scaling);
            truth[t] = physical(labels, t, scaling);
            scales[t] = scale(predicted[t], truth[t]);
        }
        int rows = (targets + COLUMNS - 1) / COLUMNS;
        Canvas canvas = new Canvas(width(scales), TOP + rows * ROW - ROW + SIDE + 56);
        canvas.heading(TITLE, subtitle(predictions.length), MARGIN + 4);
        double left = MARGIN;
        for (int t = 0; t < targets; t++) {
            left = t % COLUMNS == 0 ? MARGIN : left;
            left += Panel.axisRoom(scales[t], SIDE);
            int row = t / COLUMNS;
            Panel panel = new Panel(canvas, left, TOP + row * ROW, SIDE, SIDE, scales[t], scales[t]);
            int rgb = Palette.line(2 + t, 1).rgb();
            draw(panel, thinned(truth[t]), thinned(predicted[t]), scales[t], rgb);
            label(panel, scaling.targets().get(t), metrics.targets().get(t));
            left += SIDE + GAP;
        }
        return canvas.finish(
                TITLE,
                "Each point is one image; on the dashed line the prediction equals the truth. MAE is the mean absolute"
                        + " error.",
                description(metrics, scaling.targets()));
    }

    /** The width of the widest row. */
    private static double width(Scale[] scales) {
        double widest = 0;
        double width = 0;
        for (int t = 0; t < scales.length; t++) {
            width = t % COLUMNS == 0 ? MARGIN : width;
            width += Panel.axisRoom(scales[t], SIDE) + SIDE + GAP;
            widest = Math.max(widest, width);
        }
        return widest + MARGIN - GAP + 6;
    }

    private static void draw(Panel panel, double[] truth, double[] predicted, Scale scale, int rgb) {
        double[] ends = {scale.min(), scale.max()};
        double size = truth.length > 1000 ? 1.5 : truth.length > 200 ? 2 : 2.75;
        panel.dots(truth, predicted, size, rgb, truth.length > 1000 ? 0.35 : 0.55);
        panel.line(ends, ends, Stroke.of(Palette.TEXT, 1).dashed(Stroke.DASHED));
    }

    private static void label(Panel panel, Target target, TargetMetrics metrics) {
        panel.title("r = " + NumberText.fixed(metrics.pearsonR(), 3) + ", MAE = "
                + target.withUnit(NumberText.significant(metrics.mae(), 3)));
        panel.lowerAxis("true " + target.titleWithUnit(), true);
        panel.leftAxis("predicted " + target.titleWithUnit(), true);
    }

    private static String subtitle(int images) {
        int shown = thinned(new double[images]).length;
        return images + " images" + (shown < images ? ", " + shown + " of them drawn" : "");
    }

    /** Every k-th value, so that at most {@link #MOST_POINTS} are drawn: a file of every point would be too large. */
    private static double[] thinned(double[] values) {
        int every = (values.length + MOST_POINTS - 1) / MOST_POINTS;
        return IntStream.range(0, (values.length + every - 1) / every)
                .mapToDouble(i -> values[i * every])
                .toArray();
    }

    private static Scale scale(double[] predicted, double[] truth) {
        double[] all = DoubleStream.concat(DoubleStream.of(predicted), DoubleStream.of(truth))
                .filter(Double::isFinite)
                .toArray();
        return Scale.covering(
                DoubleStream.of(all).min().orElse(0), DoubleStream.of(all).max().orElse(1), 7);
    }

    private static double[] physical(float[][] standardised, int target, TargetScaling scaling) {
        double[] values = new double[standardised.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scaling.toPhysical(target, standardised[i][target]);
        }
        return values;
    }

    private static String description(RegressionMetrics metrics, List<Target> targets) {
        String plots = targets.size() == 1
                ? "A scatter plot"
                : (targets.size() == 3 ? "Three" : String.valueOf(targets.size())) + " scatter plots";
        StringBuilder text = new StringBuilder(plots + " of " + metrics.images() + " images.");
        for (int t = 0; t < targets.size(); t++) {
            Target target = targets.get(t);
            TargetMetrics of = metrics.targets().get(t);
            text.append(" The " + target.title() + " has r = " + NumberText.fixed(of.pearsonR(), 3)
                    + " and a mean absolute error of " + target.withUnit(NumberText.significant(of.mae(), 3)) + ".");
        }
        return text.toString();
    }
}
