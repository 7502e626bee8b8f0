package org.chirplens.report;

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
    private static final String TITLE = "Predicted against true";

    private PredictedVsTrue() {}

    /**
     * Draws the three panels.
     *
     * @param predictions standardised predictions [images][3]
     * @param labels standardised labels [images][3]
     * @param scaling turns both into physical units
     * @throws IllegalArgumentException when there is no image, or not one prediction for each label
     */
    public static Figure draw(float[][] predictions, float[][] labels, TargetScaling scaling) {
        if (predictions.length == 0 || predictions.length != labels.length) {
            throw new IllegalArgumentException("predictions and labels must be of the same images, at least 1, found "
                    + predictions.length + " and " + labels.length);
        }
        RegressionMetrics metrics = RegressionMetrics.of(predictions, labels, scaling);
        double[][] predicted = new double[Target.COUNT][];
        double[][] truth = new double[Target.COUNT][];
        Scale[] scales = new Scale[Target.COUNT];
        double width = MARGIN;
        for (int t = 0; t < Target.COUNT; t++) {
            predicted[t] = physical(predictions, t, scaling);
            truth[t] = physical(labels, t, scaling);
            scales[t] = scale(predicted[t], truth[t]);
            width += Panel.axisRoom(scales[t], SIDE) + SIDE + GAP;
        }
        Canvas canvas = new Canvas(width + MARGIN - GAP + 6, TOP + SIDE + 56);
        canvas.heading(TITLE, subtitle(predictions.length), MARGIN + 4);
        double left = MARGIN;
        for (Target target : Target.values()) {
            int t = target.ordinal();
            left += Panel.axisRoom(scales[t], SIDE);
            panel(canvas, left, target, scales[t], thinned(truth[t]), thinned(predicted[t]), metrics.of(target));
            left += SIDE + GAP;
        }
        return canvas.finish(
                TITLE,
                "Each point is one image; on the dashed line the prediction equals the truth. MAE is the mean absolute"
                        + " error.",
                description(metrics));
    }

    private static void panel(
            Canvas canvas,
            double left,
            Target target,
            Scale scale,
            double[] truth,
            double[] predicted,
            TargetMetrics metrics) {
        Panel panel = new Panel(canvas, left, TOP, SIDE, SIDE, scale, scale);
        double[] ends = {scale.min(), scale.max()};
        double size = truth.length > 1000 ? 1.5 : truth.length > 200 ? 2 : 2.75;
        panel.dots(
                truth, predicted, size, Palette.line(2 + target.ordinal(), 1).rgb(), truth.length > 1000 ? 0.35 : 0.55);
        panel.line(ends, ends, Stroke.of(Palette.TEXT, 1).dashed(Stroke.DASHED));
        panel.title("r = " + NumberText.fixed(metrics.pearsonR(), 3) + ", MAE = "
                + NumberText.significant(metrics.mae(), 3) + " " + target.unit());
        panel.lowerAxis("true " + target.title() + " (" + target.unit() + ")", true);
        panel.leftAxis("predicted " + target.title() + " (" + target.unit() + ")", true);
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

    private static String description(RegressionMetrics metrics) {
        StringBuilder text = new StringBuilder("Three scatter plots of " + metrics.images() + " images.");
        for (Target target : Target.values()) {
            TargetMetrics of = metrics.of(target);
            text.append(" The " + target.title() + " has r = " + NumberText.fixed(of.pearsonR(), 3)
                    + " and a mean absolute error of " + NumberText.significant(of.mae(), 3) + " " + target.unit()
                    + ".");
        }
        return text.toString();
    }
}
