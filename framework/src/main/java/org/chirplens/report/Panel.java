package org.chirplens.report;

import java.util.Arrays;
import java.util.List;

/** A rectangle of a canvas with a value scale along each side: turns values into places and draws the axes. */
final class Panel {
    private static final Stroke SPINE = Stroke.of(Palette.AXIS, 1);
    private static final Stroke GRID = Stroke.of(Palette.GRID, 1);
    private static final double TICK = 4;

    private final Canvas canvas;
    private final double left;
    private final double top;
    private final double width;
    private final double height;
    private final Scale x;
    private final Scale y;
    private final int xTicks;
    private final int yTicks;

    Panel(Canvas canvas, double left, double top, double width, double height, Scale x, Scale y) {
        this.canvas = canvas;
        this.left = left;
        this.top = top;
        this.width = width;
        this.height = height;
        this.x = x;
        this.y = y;
        this.xTicks = ticksAcross(x, width);
        this.yTicks = ticksOver(height);
        for (Scale.Tick tick : y.ticks(yTicks)) {
            canvas.line(left, atY(tick.value()), left + width, atY(tick.value()), GRID);
        }
    }

    /** How many ticks a vertical axis of some height has at most. */
    private static int ticksOver(double height) {
        return (int) Math.max(2, height / 34);
    }

    /** The most ticks whose labels stay apart on a horizontal axis. */
    private static int ticksAcross(Scale x, double width) {
        for (int most = (int) (width / 32); most > 2; most--) {
            var ticks = x.ticks(most);
            double widest = ticks.stream()
                    .mapToDouble(tick -> TextStyle.TICK.width(tick.label()))
                    .max()
                    .orElse(0);
            if ((widest + 16) * (ticks.size() - 1) <= width) {
                return most;
            }
        }
        return 2;
    }

    /** The room that tick labels and label of a vertical axis need beside a panel. */
    static double axisRoom(Scale y, double height) {
        double widest = y.ticks(ticksOver(height)).stream()
                .mapToDouble(tick -> TextStyle.TICK.width(tick.label()))
                .max()
                .orElse(0);
        return widest + TICK + 4 + 10 + TextStyle.LABEL.size() + 4;
    }

    double atX(double value) {
        return left + width * x.fraction(value);
    }

    double atY(double value) {
        return top + height * (1 - y.fraction(value));
    }

    double bottom() {
        return top + height;
    }

    void title(String text) {
        canvas.text(text, left, top - 8, TextStyle.HEADING, width);
    }

    /** The lower axis, with tick labels and its label below, or only the ticks. */
    void lowerAxis(String label, boolean labelled) {
        double bottom = top + height;
        canvas.line(left, bottom, left + width, bottom, SPINE);
        for (Scale.Tick tick : x.ticks(xTicks)) {
            double at = atX(tick.value());
            canvas.line(at, bottom, at, bottom + TICK, SPINE);
            if (labelled) {
                canvas.text(tick.label(), at, bottom + TICK + 13, TextStyle.TICK.middle());
            }
        }
        if (labelled) {
            canvas.text(label, left + width / 2, bottom + TICK + 33, TextStyle.LABEL.middle(), width);
        }
    }

    /** The left axis, with tick labels and its label beside, or only the ticks. */
    void leftAxis(String label, boolean labelled) {
        canvas.line(left, top, left, top + height, SPINE);
        for (Scale.Tick tick : y.ticks(yTicks)) {
            double at = atY(tick.value());
            canvas.line(left - TICK, at, left, at, SPINE);
            if (labelled) {
                canvas.text(tick.label(), left - TICK - 4, at + TextStyle.TICK.centring(), TextStyle.TICK.end());
            }
        }
        if (labelled) {
            double beside = left - axisRoom(y, height) + 4 + TextStyle.LABEL.size();
            canvas.text(
                    label, beside, top + height / 2, TextStyle.LABEL.middle().turned(), height);
        }
    }

    /** A second, quiet vertical axis on the right with a scale of its own. */
    void rightAxis(Scale scale, String label, int rgb) {
        double right = left + width;
        canvas.line(right, top, right, top + height, Stroke.of(rgb, 1));
        double widest = 0;
        TextStyle style = TextStyle.TICK.coloured(Palette.AXIS);
        for (Scale.Tick tick : scale.ticks(yTicks)) {
            double at = top + height * (1 - scale.fraction(tick.value()));
            canvas.line(right, at, right + TICK, at, Stroke.of(rgb, 1));
            canvas.text(tick.label(), right + TICK + 4, at + style.centring(), style);
            widest = Math.max(widest, style.width(tick.label()));
        }
        canvas.text(
                label,
                right + TICK + 4 + widest + 10 + TextStyle.LABEL.size(),
                top + height / 2,
                TextStyle.LABEL.coloured(Palette.AXIS).middle().turned());
    }

    /** A line through values; a value that is not finite interrupts it. */
    void line(double[] xs, double[] ys, Stroke stroke) {
        line(xs, ys, y, stroke);
    }

    /** A line through values on another vertical scale. */
    void line(double[] xs, double[] ys, Scale scale, Stroke stroke) {
        int from = 0;
        for (int i = 0; i <= xs.length; i++) {
            if (i == xs.length || !Double.isFinite(ys[i])) {
                if (i - from > 1) {
                    segment(xs, ys, from, i, scale, stroke);
                }
                from = i + 1;
            }
        }
    }

    private void segment(double[] xs, double[] ys, int from, int to, Scale scale, Stroke stroke) {
        double[] px = new double[to - from];
        double[] py = new double[to - from];
        for (int i = from; i < to; i++) {
            px[i - from] = atX(xs[i]);
            py[i - from] = top + height * (1 - scale.fraction(ys[i]));
        }
        canvas.polyline(px, py, stroke);
    }

    /** A dot for each pair of finite values. */
    void dots(double[] xs, double[] ys, double radius, int rgb, double opacity) {
        int n = 0;
        double[] px = new double[xs.length];
        double[] py = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            if (Double.isFinite(xs[i]) && Double.isFinite(ys[i])) {
                px[n] = atX(xs[i]);
                py[n++] = atY(ys[i]);
            }
        }
        canvas.dots(Arrays.copyOf(px, n), Arrays.copyOf(py, n), radius, rgb, opacity);
    }

    /** An entry of a {@link #legend}: a line of this stroke, or a filled box where the stroke is wide. */
    record Key(String name, Stroke stroke, boolean isDot) {
        /** The key of a line. */
        Key(String name, Stroke stroke) {
            this(name, stroke, false);
        }

        /** The key of points of a colour and radius. */
        static Key ofDots(String name, int rgb, double radius) {
            return new Key(name, Stroke.of(rgb, 2 * radius), true);
        }
    }

    /** The width of a legend in one row. */
    static double legendWidth(List<Key> keys) {
        return keys.stream().mapToDouble(Panel::keyWidth).sum() - 18;
    }

    private static double keyWidth(Key key) {
        return 24 + TextStyle.LABEL.width(key.name()) + 18;
    }

    /** How much lower the last row of a legend is than the first. */
    static double legendHeight(double room, List<Key> keys) {
        // The legend's rows can only be counted by laying it out.
        return legend(new Canvas(1, 1), 0, 0, room, keys);
    }

    /**
     * Names of lines, in rows from the left.
     *
     * @param y middle of the first row
     * @return middle of the last row
     */
    static double legend(Canvas canvas, double x, double y, double room, List<Key> keys) {
        double at = x;
        double row = y;
        for (Key key : keys) {
            double width = keyWidth(key);
            if (at > x && at + width - 18 > x + room) {
                at = x;
                row += 20;
            }
            if (key.isDot()) {
                Stroke dot = key.stroke();
                canvas.dots(new double[] {at + 9}, new double[] {row}, dot.width() / 2, dot.rgb(), 1);
            } else {
                canvas.line(at, row, at + 18, row, key.stroke());
            }
            canvas.text(key.name(), at + 24, row + TextStyle.LABEL.centring(), TextStyle.LABEL, x + room - at - 24);
            at += width;
        }
        return row;
    }
}
