package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;

/** Importance of every head, a map of layers by heads for each value of an axis, all in one colour scale. */
final class SweepHeatMaps {
    private static final double LEFT = 78;
    private static final double TOP = 92;
    private static final double GAP = 34;
    private static final double ROW_GAP = 78;
    private static final int COLUMNS = 3;
    private static final String TITLE = "Loss increase when one head is ablated";

    private final SweepAxis axis;
    private final List<SweepTrial.Heads> heads;
    private final int layers;
    private final int perLayer;
    private final List<double[]> means;
    private final ColourMap colours;
    private final double cell;

    private SweepHeatMaps(SweepAxis axis, List<SweepTrial.Heads> heads) {
        this.axis = axis;
        this.heads = heads;
        this.layers = heads.get(0).numLayers();
        this.perLayer = heads.get(0).numHeads();
        this.means = means();
        this.colours = ColourMap.covering(
                means.stream().flatMapToDouble(DoubleStream::of).toArray());
        this.cell = Math.max(7, Math.min(30, Math.min(264.0 / perLayer, 264.0 / layers)));
    }

    /**
     * Draws a map for each value of the axis: the mean over its trials.
     *
     * @param axis of these trials
     * @param heads of each trial, by one protocol and of models of one size
     */
    static Figure draw(SweepAxis axis, List<SweepTrial.Heads> heads) {
        return new SweepHeatMaps(axis, heads).draw();
    }

    private List<double[]> means() {
        List<double[]> all = new ArrayList<>();
        for (int g = 0; g < axis.distinct().length; g++) {
            List<Integer> trials = axis.group(g);
            double[] mean = new double[layers * perLayer];
            for (int i : trials) {
                for (int h = 0; h < mean.length; h++) {
                    mean[h] += heads.get(i).increases()[h] / trials.size();
                }
            }
            all.add(mean);
        }
        return all;
    }

    private Figure draw() {
        int columns = Math.min(COLUMNS, means.size());
        int rows = (means.size() + columns - 1) / columns;
        double width = Math.max(100, perLayer * cell);
        double height = layers * cell;
        double right = LEFT + columns * width + (columns - 1) * GAP;
        double bottom = TOP + rows * height + (rows - 1) * ROW_GAP;
        double barHeight = Math.max(120, Math.min(bottom - TOP, 320));
        Canvas canvas = new Canvas(Math.max(500, right + 30 + ColourBar.ROOM), Math.max(bottom, TOP + barHeight) + 52);
        canvas.heading(
                TITLE,
                heads.get(0).protocol() + " · mean over the trials of each " + axis.title() + " · one colour scale",
                20);
        for (int g = 0; g < means.size(); g++) {
            double x = LEFT + g % columns * (width + GAP);
            int row = g / columns;
            double y = TOP + row * (height + ROW_GAP);
            map(canvas, g, x, y, g % columns == 0);
        }
        ColourBar.draw(canvas, colours, right + 30, TOP, Math.rint(barHeight), "loss increase (%)");
        return canvas.finish(TITLE + " by " + axis.title(), caption(), description());
    }

    private void map(Canvas canvas, int group, double x, double y, boolean first) {
        int trials = axis.group(group).size();
        String title =
                axis.title() + " " + SweepAxis.text(axis.distinct()[group]) + (trials > 1 ? " (" + trials + ")" : "");
        canvas.text(title, x, y - 10, TextStyle.HEADING, Math.max(100, perLayer * cell));
        canvas.rect(x - 0.5, y - 0.5, perLayer * cell + 1, layers * cell + 1, Palette.GRID);
        for (int l = 0; l < layers; l++) {
            for (int h = 0; h < perLayer; h++) {
                double value = means.get(group)[l * perLayer + h];
                canvas.rect(
                        x + h * cell + 0.5, y + (layers - 1 - l) * cell + 0.5, cell - 1, cell - 1, colours.of(value));
            }
        }
        int every = (int) Math.ceil(17 / cell);
        for (int h = 0; h < perLayer; h += every) {
            canvas.text(String.valueOf(h + 1), x + (h + 0.5) * cell, y + layers * cell + 15, TextStyle.TICK.middle());
        }
        canvas.text("head", x + perLayer * cell / 2, y + layers * cell + 33, TextStyle.LABEL.middle());
        if (first) {
            for (int l = 0; l < layers; l += every) {
                double at = y + (layers - l - 0.5) * cell + TextStyle.TICK.centring();
                canvas.text(String.valueOf(l + 1), x - 8, at, TextStyle.TICK.end());
            }
            canvas.text(
                    "layer", 38, y + layers * cell / 2, TextStyle.LABEL.middle().turned());
        }
    }

    private String caption() {
        return "Each cell is one head, with the relative growth of the loss when it alone is ablated, as the mean over the"
                + " trials of one " + axis.title()
                + " (their number in brackets); all maps share the colours of the bar.";
    }

    private String description() {
        StringBuilder text =
                new StringBuilder(means.size() + " heat maps of " + layers + " layers by " + perLayer + " heads.");
        for (int g = 0; g < means.size(); g++) {
            int most = largest(means.get(g));
            text.append(" At " + axis.title() + " " + SweepAxis.text(axis.distinct()[g])
                    + " the loss grows the most without layer "
                    + (most / perLayer + 1) + ", head " + (most % perLayer + 1) + ": "
                    + NumberText.signedPercent(means.get(g)[most]) + ".");
        }
        return text.toString();
    }

    /** The place of the largest value; the first of equal ones. */
    static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest] || Double.isNaN(values[largest])) {
                largest = i;
            }
        }
        return largest;
    }
}
