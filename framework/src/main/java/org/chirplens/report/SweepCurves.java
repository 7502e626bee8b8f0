package org.chirplens.report;

import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Numbers of every trial against an axis: a point for each trial, mean and spread for each value of the axis. */
final class SweepCurves {
    private static final double MARGIN = 16;
    private static final double TOP = 116;
    private static final double WIDTH = 290;
    private static final double HEIGHT = 200;
    private static final double ROW_GAP = 92;
    private static final int COLUMNS = 3;
    private static final double LOG_FROM = 15;
    private static final Stroke MEAN = Stroke.of(Palette.VERMILION, 1.75);
    private static final Stroke SPREAD = Stroke.of(Palette.VERMILION, 1.25);

    private final SweepAxis axis;
    private final List<Measure> measures;

    private SweepCurves(SweepAxis axis, List<Measure> measures) {
        this.axis = axis;
        this.measures = measures;
    }

    /**
     * One panel.
     *
     * @param title above the panel
     * @param label of its vertical axis, with the unit
     * @param values [trials]; NaN where a trial has none
     */
    record Measure(String title, String label, double[] values) {}

    /** Draws a panel for each measure, at most three in a row. */
    static Figure draw(String title, String caption, SweepAxis axis, List<Measure> measures) {
        return new SweepCurves(axis, measures).draw(title, caption);
    }

    private Figure draw(String title, String caption) {
        // Four panels are two and two rather than three and one.
        int columns = measures.size() == 4 ? 2 : Math.min(COLUMNS, measures.size());
        int rows = (measures.size() + columns - 1) / columns;
        double[] rooms = new double[columns];
        for (int i = 0; i < measures.size(); i++) {
            rooms[i % columns] = Math.max(rooms[i % columns], Panel.axisRoom(scale(measures.get(i)), HEIGHT));
        }
        double width = MARGIN + DoubleStream.of(rooms).sum() + columns * (WIDTH + 20);
        Canvas canvas = new Canvas(Math.max(width, 480), TOP + rows * HEIGHT + (rows - 1) * ROW_GAP + 58);
        canvas.heading(title, axis.values().length + " trials · mean over those of one " + axis.title(), MARGIN + 4);
        Panel.legend(
                canvas,
                MARGIN + 4,
                70,
                canvas.width() - 2 * MARGIN,
                List.of(
                        new Panel.Key("mean ± 1 standard deviation", MEAN),
                        Panel.Key.ofDots("one trial", Palette.BLUE, 3)));
        double left = MARGIN;
        for (int c = 0; c < columns; c++) {
            left += rooms[c];
            for (int i = c; i < measures.size(); i += columns) {
                int row = i / columns;
                panel(canvas, left, TOP + row * (HEIGHT + ROW_GAP), measures.get(i));
            }
            left += WIDTH + 20;
        }
        return canvas.finish(title, caption, description());
    }

    private void panel(Canvas canvas, double left, double top, Measure measure) {
        Panel panel = new Panel(canvas, left, top, WIDTH, HEIGHT, axis.scale(), scale(measure));
        SweepStatistics statistics = new SweepStatistics(axis, measure.values());
        double[] means = IntStream.range(0, statistics.groups())
                .mapToDouble(g -> statistics.group(g).mean())
                .toArray();
        panel.line(axis.distinct(), means, MEAN);
        for (int g = 0; g < statistics.groups(); g++) {
            SweepStatistics.Group group = statistics.group(g);
            if (group.n() > 1) {
                spread(canvas, panel, scale(measure), axis.distinct()[g], group);
            }
        }
        panel.dots(axis.distinct(), means, 3.5, Palette.VERMILION, 1);
        panel.dots(axis.values(), measure.values(), 2.75, Palette.BLUE, 0.7);
        panel.title(measure.title());
        panel.lowerAxis(axis.title(), true);
        panel.leftAxis(measure.label(), true);
    }

    private static void spread(Canvas canvas, Panel panel, Scale scale, double at, SweepStatistics.Group group) {
        double x = panel.atX(at);
        double low = panel.atY(Math.max(scale.min(), group.mean() - group.std()));
        double high = panel.atY(Math.min(scale.max(), group.mean() + group.std()));
        canvas.line(x, low, x, high, SPREAD);
        canvas.line(x - 4, low, x + 4, low, SPREAD);
        canvas.line(x - 4, high, x + 4, high, SPREAD);
    }

    private Scale scale(Measure measure) {
        double[] finite =
                DoubleStream.of(measure.values()).filter(Double::isFinite).toArray();
        double min = DoubleStream.of(finite).min().orElse(0);
        double max = DoubleStream.of(finite).max().orElse(1);
        if (min > 0 && max / min > LOG_FROM) {
            return Scale.logCovering(min, max);
        }
        SweepStatistics statistics = new SweepStatistics(axis, measure.values());
        for (int g = 0; g < statistics.groups(); g++) {
            SweepStatistics.Group group = statistics.group(g);
            if (group.n() > 1) {
                min = Math.min(min, group.mean() - group.std());
                max = Math.max(max, group.mean() + group.std());
            }
        }
        return Scale.covering(min, max, 6);
    }

    private String description() {
        StringBuilder text = new StringBuilder();
        for (Measure measure : measures) {
            SweepStatistics statistics = new SweepStatistics(axis, measure.values());
            int last = statistics.groups() - 1;
            text.append(text.isEmpty() ? "" : " ").append(measure.title()).append(": ");
            text.append(statistics.group(0).text(3) + " at " + axis.title() + " " + SweepAxis.text(axis.distinct()[0]));
            if (last > 0) {
                text.append(", " + statistics.group(last).text(3) + " at " + SweepAxis.text(axis.distinct()[last]));
            }
            text.append('.');
        }
        return text.toString();
    }
}
