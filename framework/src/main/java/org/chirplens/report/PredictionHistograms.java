package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.HeadId;

/** How the distribution of a prediction changes with each head ablated, as Figure 3 of the paper. */
public final class PredictionHistograms {
    private static final int MOST_BINS = 40;
    private static final double GAP = 18;
    private static final double MARGIN = 16;
    private static final double TOP = 92;
    private static final double TITLE = 30;

    private final HeadAblation ablation;
    private final int output;
    private final Target target;
    private final TargetScaling scaling;
    private final Bins bins;
    private final int columns;
    private final double width;
    private final double height;

    private PredictionHistograms(HeadAblation ablation, TargetScaling scaling, int output) {
        this.ablation = ablation;
        this.output = output;
        this.target = scaling.targets().get(output);
        this.scaling = scaling;
        double[] all = DoubleStream.concat(
                        DoubleStream.of(physical(ablation.baseline())),
                        ablation.heads().stream()
                                .flatMapToDouble(id -> DoubleStream.of(physical(ablation.predictions(id)))))
                .filter(Double::isFinite)
                .toArray();
        this.bins = Bins.covering(
                DoubleStream.of(all).min().orElse(0), DoubleStream.of(all).max().orElse(1), MOST_BINS);
        int layers = ablation.numLayers();
        this.columns = layers <= 3 ? layers : layers == 4 ? 2 : layers <= 9 ? 3 : 4;
        this.width = columns < 3 ? 380 : columns == 3 ? 300 : 240;
        this.height = columns < 3 ? 200 : 140;
    }

    /**
     * Draws a panel for each layer with a line for each head, over the distribution without ablation.
     *
     * @param ablation the predictions
     * @param scaling turns them into physical units
     * @param output which of the model's outputs to show; the paper shows the first, the start time
     */
    public static Figure draw(HeadAblation ablation, TargetScaling scaling, int output) {
        return new PredictionHistograms(ablation, scaling, output).draw();
    }

    private Figure draw() {
        int layers = ablation.numLayers();
        int rows = (layers + columns - 1) / columns;
        double[][] heights = ablation.heads().stream()
                .map(id -> Bins.steps(bins.counts(physical(ablation.predictions(id)))))
                .toArray(double[][]::new);
        double[] baseline = Bins.steps(bins.counts(physical(ablation.baseline())));
        Scale x = Scale.linear(bins.from(), bins.to());
        List<Scale> scales = IntStream.range(0, layers)
                .mapToObj(layer -> countScale(baseline, heights, layer))
                .toList();
        double room = scales.stream()
                .mapToDouble(scale -> Panel.axisRoom(scale, height))
                .max()
                .orElse(0);
        double left = MARGIN + room;
        double pitch = width + room + 8;
        double canvasWidth = Math.max(480, left + columns * pitch - room - 8 + MARGIN);
        Canvas canvas = new Canvas(canvasWidth, legendTop(rows) + 20 * legendRows(canvasWidth - left - MARGIN) + 8);
        heading(canvas);
        for (int layer = 0; layer < layers; layer++) {
            int column = layer % columns;
            int row = layer / columns;
            double top = TOP + row * (height + TITLE + GAP);
            Panel panel = new Panel(canvas, left + column * pitch, top, width, height, x, scales.get(layer));
            panel.title("layer " + (layer + 1));
            draw(canvas, panel, baseline, heights, layer);
            panel.lowerAxis("predicted " + target.titleWithUnit(), layer + columns >= layers);
            panel.leftAxis("images", true);
        }
        Panel.legend(canvas, left, legendTop(rows), canvasWidth - left - MARGIN, keys());
        return finish(canvas);
    }

    private void draw(Canvas canvas, Panel panel, double[] baseline, double[][] heights, int layer) {
        double[] edges = bins.edges();
        canvas.area(
                DoubleStream.of(edges).map(panel::atX).toArray(),
                DoubleStream.of(baseline).map(panel::atY).toArray(),
                Palette.BASELINE,
                0.75);
        for (int head = 0; head < ablation.numHeads(); head++) {
            panel.line(edges, heights[layer * ablation.numHeads() + head], Palette.line(head, 1));
        }
    }

    /**
     * The scale of one panel. Each has its own: a head whose ablation gathers all predictions in one bin would leave
     * nothing to see in the others.
     */
    private Scale countScale(double[] baseline, double[][] heights, int layer) {
        int heads = ablation.numHeads();
        double most = IntStream.range(layer * heads, (layer + 1) * heads)
                .mapToObj(i -> heights[i])
                .flatMapToDouble(DoubleStream::of)
                .max()
                .orElse(1);
        most = Math.max(most, DoubleStream.of(baseline).max().orElse(1));
        return Scale.covering(0, Math.max(1, most), 4);
    }

    private double legendTop(int rows) {
        return TOP + rows * (height + TITLE + GAP) - TITLE - GAP + 66;
    }

    private int legendRows(double room) {
        return (int) Math.round(Panel.legendHeight(room, keys()) / 20) + 1;
    }

    private List<Panel.Key> keys() {
        List<Panel.Key> keys = new ArrayList<>();
        keys.add(new Panel.Key("no head ablated", new Stroke(Palette.BASELINE, 10, 0.75, Stroke.SOLID)));
        IntStream.range(0, ablation.numHeads())
                .forEach(head -> keys.add(new Panel.Key("head " + (head + 1), Palette.line(head, 2))));
        return keys;
    }

    private void heading(Canvas canvas) {
        canvas.heading(title(), ablation.protocol() + " · " + ablation.labels().length + " images", MARGIN);
    }

    private String title() {
        return "Predicted " + target.title() + " with each head ablated";
    }

    private Figure finish(Canvas canvas) {
        HeadId most = ablation.heads().stream()
                .max((a, b) -> Double.compare(shift(a), shift(b)))
                .orElse(new HeadId(0, 0));
        return canvas.finish(
                title(),
                "One panel per layer: the grey area is how the predictions are distributed with the whole model, each"
                        + " line with one head ablated"
                        + (ablation.isCumulative()
                                ? " as the published code does it, with the damage of all heads before it."
                                : "; a line that leaves the grey shows a head that this prediction depends on."),
                ablation.numLayers() + " histograms of the predicted " + target.title() + " over "
                        + ablation.labels().length + " images. Ablating " + most.title()
                        + " moves the predictions the most, by "
                        + target.withUnit(NumberText.significant(shift(most), 3)) + " on average.");
    }

    /** Mean absolute change of the prediction with one head ablated, in the target's unit. */
    private double shift(HeadId id) {
        double[] with = physical(ablation.predictions(id));
        double[] without = physical(ablation.baseline());
        return IntStream.range(0, with.length)
                .mapToDouble(i -> Math.abs(with[i] - without[i]))
                .average()
                .orElse(0);
    }

    private double[] physical(float[][] predictions) {
        double[] values = new double[predictions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = scaling.toPhysical(output, predictions[i][output]);
        }
        return values;
    }
}
