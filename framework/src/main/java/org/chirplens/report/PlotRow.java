package org.chirplens.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Plots of lines and points beside each other, at most three in a row, with one legend.
 *
 * @param plots at least one
 * @param keys of the legend; may be empty
 */
record PlotRow(List<Plot> plots, List<Panel.Key> keys) {
    private static final double MARGIN = 16;
    private static final double WIDTH = 290;
    private static final double HEIGHT = 240;
    private static final double TOP = 92;
    private static final double ROW_GAP = 92;
    private static final double GAP = 20;
    private static final int COLUMNS = 3;

    /**
     * A plot.
     *
     * @param title above it
     * @param equal whether both axes have the same scale and a line marks where both values are equal
     */
    record Plot(String title, String xLabel, String yLabel, List<Series> series, boolean equal) {
        Plot {
            series = List.copyOf(series);
        }

        private Scale x() {
            return equal ? covering(true, true) : covering(true, false);
        }

        private Scale y() {
            return equal ? covering(true, true) : covering(false, true);
        }

        private Scale covering(boolean xs, boolean ys) {
            double[] all = series.stream()
                    .flatMapToDouble(one -> DoubleStream.concat(
                            xs ? DoubleStream.of(one.xs()) : DoubleStream.empty(),
                            ys ? DoubleStream.of(one.ys()) : DoubleStream.empty()))
                    .filter(Double::isFinite)
                    .toArray();
            return Scale.covering(
                    DoubleStream.of(all).min().orElse(0),
                    DoubleStream.of(all).max().orElse(1),
                    6);
        }
    }

    /**
     * Values of a plot.
     *
     * @param stroke of the line through them; its width is the radius of points where there is no line
     * @param joined whether they are a line rather than points
     */
    record Series(double[] xs, double[] ys, Stroke stroke, boolean joined) {}

    PlotRow {
        plots = List.copyOf(plots);
        keys = List.copyOf(keys);
    }

    /** Draws the plots; the last two are as in {@link Canvas#finish}. */
    Figure draw(String title, String subtitle, String caption, String description) {
        int columns = plots.size() == 4 ? 2 : Math.min(COLUMNS, plots.size());
        int rows = (plots.size() + columns - 1) / columns;
        double[] rooms = new double[columns];
        for (int i = 0; i < plots.size(); i++) {
            rooms[i % columns] =
                    Math.max(rooms[i % columns], Panel.axisRoom(plots.get(i).y(), HEIGHT));
        }
        double width = Math.max(480, MARGIN + DoubleStream.of(rooms).sum() + columns * (WIDTH + GAP));
        double legend = keys.isEmpty() ? 0 : 24 + Panel.legendHeight(width - 2 * MARGIN, keys);
        double top = TOP + legend;
        Canvas canvas = new Canvas(width, top + rows * HEIGHT + (rows - 1) * ROW_GAP + 58);
        canvas.heading(title, subtitle, MARGIN + 4);
        if (!keys.isEmpty()) {
            Panel.legend(canvas, MARGIN + 4, 68, width - 2 * MARGIN, keys);
        }
        double left = MARGIN;
        for (int c = 0; c < columns; c++) {
            left += rooms[c];
            for (int i = c; i < plots.size(); i += columns) {
                int row = i / columns;
                draw(canvas, plots.get(i), left, top + row * (HEIGHT + ROW_GAP));
            }
            left += WIDTH + GAP;
        }
        return canvas.finish(title, caption, description);
    }

    private static void draw(Canvas canvas, Plot plot, double left, double top) {
        Scale x = plot.x();
        Panel panel = new Panel(canvas, left, top, WIDTH, HEIGHT, x, plot.y());
        if (plot.equal()) {
            double[] ends = {x.min(), x.max()};
            panel.line(ends, ends, Stroke.of(Palette.TEXT, 1).dashed(Stroke.DASHED));
        }
        for (Series series : plot.series()) {
            Stroke stroke = series.stroke();
            if (series.joined()) {
                panel.line(series.xs(), series.ys(), stroke);
            } else {
                panel.dots(series.xs(), series.ys(), stroke.width(), stroke.rgb(), stroke.opacity());
            }
        }
        panel.title(plot.title());
        panel.lowerAxis(plot.xLabel(), true);
        panel.leftAxis(plot.yLabel(), true);
    }
}
