package org.chirplens.figure;

import static org.chirplens.figure.FigureElement.COLOUR_BAR;
import static org.chirplens.figure.FigureElement.COLOUR_BAR_LABEL;
import static org.chirplens.figure.FigureElement.COLOUR_BAR_TICKS;
import static org.chirplens.figure.FigureElement.FRAME;
import static org.chirplens.figure.FigureElement.FREQUENCY_LABEL;
import static org.chirplens.figure.FigureElement.FREQUENCY_TICKS;
import static org.chirplens.figure.FigureElement.TIME_LABEL;
import static org.chirplens.figure.FigureElement.TIME_TICKS;
import static org.chirplens.figure.FigureElement.TITLE;
import static org.chirplens.figure.FigureLayout.LINE;
import static org.chirplens.figure.FigureLayout.POINT;

import org.chirplens.chirp.ChirpArray;

/**
 * Draws what surrounds the heat map. Places are those that matplotlib 3.6 computes ({@code Text._get_layout}, {@code Axis}), lines are
 * snapped to pixel rows and columns and are a little wider than a pixel, which leaves a faint shade on both sides.
 */
final class FigureElements {
    private static final double TICK_LENGTH = 5;
    /** From the end of an axis line to its tick labels: tick length and padding, 3.5 points each. */
    private static final double LABEL_DISTANCE = 7 * POINT;
    /** From tick labels to the label of their axis. */
    private static final double AXIS_LABEL_DISTANCE = 4 * POINT;

    private static final double TITLE_DISTANCE = 6 * POINT;
    private static final double LABEL_POINTS = 10;

    private static final Lettering LABELS = new Lettering(LABEL_POINTS);
    private static final Lettering TITLES = new Lettering(12);

    private final FigureStyle style;
    private final FigureLayout layout;

    private final AxisTicks timeTicks;
    private final AxisTicks frequencyTicks;

    FigureElements(FigureStyle style, FigureLayout layout) {
        this.style = style;
        this.layout = layout;
        // matplotlib reckons with labels three times as wide as they are high.
        double roomAcross = (layout.axesRight() - layout.axesLeft()) / POINT / (3 * LABEL_POINTS);
        timeTicks = AxisTicks.of(0, ChirpArray.MAX_TIME_SECONDS, Math.max(1, (int) roomAcross));
        frequencyTicks = AxisTicks.of(0, ChirpArray.MAX_FREQUENCY_HZ, roomUp());
    }

    /** How many intervals between ticks one above the other have room for. */
    private int roomUp() {
        return Math.max(1, (int) ((layout.axesBottom() - layout.axesTop()) / POINT / (2 * LABEL_POINTS)));
    }

    /** Draws one element, where the style shows it. */
    void draw(FigureElement element, Canvas canvas, ColourRange range, Caption caption) {
        if (!style.of(element).shown()) {
            return;
        }
        switch (element) {
            case TITLE -> drawTitle(canvas, caption);
            case TIME_LABEL -> drawTimeLabel(canvas, caption);
            case FREQUENCY_LABEL -> drawFrequencyLabel(canvas, caption);
            case TIME_TICKS -> drawTimeTicks(canvas, caption);
            case FREQUENCY_TICKS -> drawFrequencyTicks(canvas, caption);
            case FRAME -> drawFrame(canvas);
            case COLOUR_BAR -> drawBar(canvas);
            case COLOUR_BAR_TICKS -> drawBarTicks(canvas, range.shown(), caption);
            case COLOUR_BAR_LABEL -> drawBarLabel(canvas, range.shown(), caption);
        }
    }

    private void drawTitle(Canvas canvas, Caption caption) {
        ElementStyle title = style.of(TITLE);
        TextLine line = TITLES.line(Wording.of(title.text(), caption, "", TITLE.ordinal()));
        double x = middle(layout.axesLeft(), layout.axesRight()) - line.advance() / 2;
        canvas.enter();
        line.draw(canvas, x + title.right(), layout.axesTop() - TITLE_DISTANCE + title.down());
        canvas.leave(FigureRegion.TITLE);
    }

    private void drawTimeLabel(Canvas canvas, Caption caption) {
        ElementStyle label = style.of(TIME_LABEL);
        TextLine line = label(label, caption, "", TIME_LABEL, 0);
        double top = layout.axesBottom() + LABEL_DISTANCE + LABELS.boxHeight(LABELS.line("0")) + AXIS_LABEL_DISTANCE;
        double x = middle(layout.axesLeft(), layout.axesRight()) - line.advance() / 2;
        canvas.enter();
        line.draw(canvas, x + label.right(), top + LABELS.rise(line) + label.down());
        canvas.leave(FigureRegion.X_LABEL);
    }

    private void drawFrequencyLabel(Canvas canvas, Caption caption) {
        ElementStyle label = style.of(FREQUENCY_LABEL);
        TextLine line = label(label, caption, "", FREQUENCY_LABEL, 0);
        String widest = Integer.toString((int) ChirpArray.MAX_FREQUENCY_HZ);
        double right = layout.axesLeft() - LABEL_DISTANCE - LABELS.line(widest).advance() - AXIS_LABEL_DISTANCE;
        double x = right - LABELS.boxDescent(line);
        drawUpwards(canvas, line, x + label.right(), label.down());
        canvas.leave(FigureRegion.Y_LABEL);
    }

    private void drawTimeTicks(Canvas canvas, Caption caption) {
        ElementStyle ticks = style.of(TIME_TICKS);
        for (int i = 0; i < timeTicks.labels().size(); i++) {
            double x = layout.axesLeft()
                    + (layout.axesRight() - layout.axesLeft())
                            * timeTicks.positions().get(i)
                            / ChirpArray.MAX_TIME_SECONDS
                    + ticks.right();
            double bottom = layout.axesBottom() + ticks.down();
            TextLine line = label(ticks, caption, timeTicks.labels().get(i), TIME_TICKS, i);
            double centre = snap(x);
            canvas.enter();
            canvas.inkRectangle(centre - LINE / 2, snap(bottom), centre + LINE / 2, snap(bottom) + TICK_LENGTH);
            canvas.leave(FigureRegion.X_TICKS);
            canvas.enter();
            line.draw(canvas, x - line.advance() / 2, bottom + LABEL_DISTANCE + LABELS.rise(line));
            canvas.leave(FigureRegion.X_TICKS);
        }
    }

    private void drawFrequencyTicks(Canvas canvas, Caption caption) {
        ElementStyle ticks = style.of(FREQUENCY_TICKS);
        for (int i = 0; i < frequencyTicks.labels().size(); i++) {
            double y = height(frequencyTicks.positions().get(i) / ChirpArray.MAX_FREQUENCY_HZ) + ticks.down();
            double left = layout.axesLeft() + ticks.right();
            TextLine line = label(ticks, caption, frequencyTicks.labels().get(i), FREQUENCY_TICKS, i);
            canvas.enter();
            horizontalTick(canvas, snap(left) - TICK_LENGTH, y);
            canvas.leave(FigureRegion.Y_TICKS);
            canvas.enter();
            line.draw(canvas, left - LABEL_DISTANCE - line.advance(), y + LABELS.rise(line) / 2);
            canvas.leave(FigureRegion.Y_TICKS);
        }
    }

    private void drawBarTicks(Canvas canvas, ColourRange range, Caption caption) {
        ElementStyle style = this.style.of(COLOUR_BAR_TICKS);
        AxisTicks ticks = AxisTicks.of(range.min(), range.max(), roomUp());
        double right =
                layout.barRight() + style.right() + this.style.of(COLOUR_BAR).right();
        double down = style.down() + this.style.of(COLOUR_BAR).down();
        for (int i = 0; i < ticks.labels().size(); i++) {
            double y = height((ticks.positions().get(i) - range.min()) / (range.max() - range.min())) + down;
            TextLine line = label(style, caption, ticks.labels().get(i), COLOUR_BAR_TICKS, i);
            canvas.enter();
            horizontalTick(canvas, snap(right), y);
            canvas.leave(FigureRegion.COLOUR_BAR_TICKS);
            canvas.enter();
            line.draw(canvas, right + LABEL_DISTANCE, y + LABELS.rise(line) / 2);
            canvas.leave(FigureRegion.COLOUR_BAR_TICKS);
        }
    }

    private void drawBarLabel(Canvas canvas, ColourRange range, Caption caption) {
        ElementStyle label = style.of(COLOUR_BAR_LABEL);
        TextLine line = label(label, caption, "", COLOUR_BAR_LABEL, 0);
        double widest = AxisTicks.of(range.min(), range.max(), roomUp()).labels().stream()
                .mapToDouble(text -> LABELS.line(text).advance())
                .max()
                .orElse(0);
        double left = layout.barRight() + LABEL_DISTANCE + widest + AXIS_LABEL_DISTANCE;
        double x =
                left + LABELS.rise(line) + label.right() + style.of(COLOUR_BAR).right();
        drawUpwards(canvas, line, x, label.down() + style.of(COLOUR_BAR).down());
        canvas.leave(FigureRegion.COLOUR_BAR_LABEL);
    }

    private static TextLine label(ElementStyle style, Caption caption, String value, FigureElement element, int index) {
        int place = element.ordinal() + FigureElement.values().length * (index + 1);
        return LABELS.line(Wording.of(style.text(), caption, value, place));
    }

    /** Draws an axis label upwards, its middle in that of the axis. */
    private void drawUpwards(Canvas canvas, TextLine line, double x, double down) {
        canvas.enter();
        double start = middle(layout.axesTop(), layout.axesBottom()) + line.advance() / 2;
        line.drawUpwards(canvas, x, start + down);
    }

    /** The pixels of the colour bar's outline: left and right columns, top and bottom rows. */
    record BarOutline(int left, int right, int top, int bottom) {}

    BarOutline barOutline() {
        ElementStyle bar = style.of(COLOUR_BAR);
        return new BarOutline(
                (int) snap(layout.barLeft() + bar.right()),
                (int) snap(layout.barRight() + bar.right()),
                (int) snap(layout.axesTop() + bar.down()),
                (int) snap(layout.axesBottom() + bar.down()));
    }

    private void drawBar(Canvas canvas) {
        BarOutline outline = barOutline();
        canvas.enter();
        for (int y = outline.top; y < outline.bottom; y++) {
            // One row lies on the border of two colours but for rounding, and belongs to the upper one.
            double below = layout.axesBottom() + style.of(COLOUR_BAR).down() - (y + 0.5);
            double index = ColourMap.SIZE * below / (layout.axesBottom() - layout.axesTop()) + 1e-9;
            int colour = style.colours().rgb((int) Math.max(0, Math.min(ColourMap.SIZE - 1, index)));
            for (int x = outline.left; x < outline.right; x++) {
                canvas.set(x, y, colour);
            }
        }
        drawBarOutline(canvas, outline.left, outline.right, outline.top, outline.bottom);
        canvas.leave(FigureRegion.COLOUR_BAR);
    }

    /** One line through these pixels around the bar, whose round joins leave the corners a little lighter. */
    private static void drawBarOutline(Canvas canvas, int left, int right, int top, int bottom) {
        double side = (LINE - 1) / 2;
        for (int x : new int[] {left, right}) {
            canvas.inkRectangle(x - side, top + 2, x + 1 + side, bottom - 1);
        }
        for (int y : new int[] {top, bottom}) {
            canvas.inkRectangle(left + 2, y - side, right - 1, y + 1 + side);
        }
        drawBarCorner(canvas, left, top, -1, -1);
        drawBarCorner(canvas, right, top, 1, -1);
        drawBarCorner(canvas, left, bottom, -1, 1);
        drawBarCorner(canvas, right, bottom, 1, 1);
    }

    /** The 3 x 3 pixels around the crossing (x, y) of two lines; (outX, outY) points away from the bar. */
    private static void drawBarCorner(Canvas canvas, int x, int y, int outX, int outY) {
        int side = 14;
        canvas.ink(x, y, 231);
        canvas.ink(x + outX, y, 8);
        canvas.ink(x, y + outY, 8);
        canvas.ink(x, y - outY, 255);
        canvas.ink(x - outX, y, 255);
        canvas.ink(x + outX, y - outY, side);
        canvas.ink(x - outX, y + outY, side);
        canvas.ink(x - outX, y - outY, 2 * side);
    }

    /** The frame's four lines, each from end to end. */
    private void drawFrame(Canvas canvas) {
        ElementStyle frame = style.of(FRAME);
        double half = LINE / 2;
        double left = snap(layout.axesLeft() + frame.right());
        double right = snap(layout.axesRight() + frame.right());
        double top = snap(layout.axesTop() + frame.down());
        double bottom = snap(layout.axesBottom() + frame.down());
        box(canvas, left - half, top - half, left + half, bottom + half, FigureRegion.FRAME_LEFT);
        box(canvas, right - half, top - half, right + half, bottom + half, FigureRegion.FRAME_RIGHT);
        box(canvas, left - half, top - half, right + half, top + half, FigureRegion.FRAME_TOP);
        box(canvas, left - half, bottom - half, right + half, bottom + half, FigureRegion.FRAME_BOTTOM);
        corner(canvas, left, top, FigureRegion.CORNER_TOP_LEFT);
        corner(canvas, right, top, FigureRegion.CORNER_TOP_RIGHT);
        corner(canvas, left, bottom, FigureRegion.CORNER_BOTTOM_LEFT);
        corner(canvas, right, bottom, FigureRegion.CORNER_BOTTOM_RIGHT);
    }

    private static void box(Canvas canvas, double left, double top, double right, double bottom, FigureRegion region) {
        canvas.enter();
        canvas.inkRectangle(left, top, right, bottom);
        canvas.leave(region);
    }

    /** The pixels where two lines of the frame cross, which are drawn already. */
    private static void corner(Canvas canvas, double x, double y, FigureRegion region) {
        canvas.claim(
                (int) Math.floor(x - LINE / 2),
                (int) Math.floor(y - LINE / 2),
                (int) Math.ceil(x + LINE / 2),
                (int) Math.ceil(y + LINE / 2),
                region);
    }

    private static void horizontalTick(Canvas canvas, double left, double y) {
        double centre = snap(y);
        canvas.inkRectangle(left, centre - LINE / 2, left + TICK_LENGTH, centre + LINE / 2);
    }

    /** Vertical position at a fraction of the axes' height, from the bottom. */
    private double height(double fraction) {
        return layout.axesBottom() - fraction * (layout.axesBottom() - layout.axesTop());
    }

    private static double middle(double from, double to) {
        return (from + to) / 2;
    }

    /** The centre of the pixel row or column to which matplotlib moves a line at this position. */
    private static double snap(double position) {
        return Math.rint(position) + 0.5;
    }
}
