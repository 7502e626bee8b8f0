package org.chirplens.figure;

import static org.chirplens.figure.FigureLayout.AXES_BOTTOM;
import static org.chirplens.figure.FigureLayout.AXES_LEFT;
import static org.chirplens.figure.FigureLayout.AXES_RIGHT;
import static org.chirplens.figure.FigureLayout.AXES_TOP;
import static org.chirplens.figure.FigureLayout.BAR_LEFT;
import static org.chirplens.figure.FigureLayout.BAR_RIGHT;
import static org.chirplens.figure.FigureLayout.HEIGHT;
import static org.chirplens.figure.FigureLayout.LINE;
import static org.chirplens.figure.FigureLayout.POINT;
import static org.chirplens.figure.FigureLayout.WIDTH;

import java.util.Arrays;
import org.chirplens.chirp.ChirpArray;

/**
 * What surrounds the heat map: frame, ticks and labels, colour bar, title. Lines are snapped to pixel rows and columns and are a
 * little wider than a pixel, which leaves a faint shade on both sides, as in matplotlib's own figures.
 */
final class FigureFrame {
    private static final double TICK_LENGTH = 5;
    /** From the end of a colour bar or axis line to its tick labels: tick length and padding, 3.5 points each. */
    private static final double LABEL_DISTANCE = 7 * POINT;
    /** From the middle of a tick to the base line of the label beside it. */
    private static final double HALF_DIGIT = 5.5;

    private static final double MIDDLE_X = (AXES_LEFT + AXES_RIGHT) / 2;

    // Base lines of text whose place never changes, and where upward text starts; measured in genuine figures.
    private static final int TIME_TICKS_BASELINE = 448;
    private static final int TIME_BASELINE = 468;
    private static final int FREQUENCY_BASELINE = 34;
    private static final int FREQUENCY_START = 296;
    private static final int INTENSITY_START = 276;
    /** From the left edge of the upward label to its base line: the height of its letters above it. */
    private static final double ASCENT = 11;

    private static final Lettering LABELS = new Lettering(10 * POINT);
    private static final Lettering TITLE = new Lettering(12 * POINT);

    private FigureFrame() {}

    /** The pixels that are the same in every figure: white paper, axis ticks and labels, colours and outline of the bar. */
    static byte[] paper() {
        Canvas canvas = new Canvas(WIDTH, HEIGHT, new byte[3 * WIDTH * HEIGHT]);
        Arrays.fill(canvas.rgb, (byte) 255);
        drawAxes(canvas);
        drawBar(canvas);
        return canvas.rgb;
    }

    /** The black frame of the data area; it lies over the heat map. */
    static void drawFrame(Canvas canvas) {
        box(canvas, AXES_LEFT, AXES_RIGHT);
    }

    static void drawTitle(Canvas canvas, String title) {
        int left = (int) Math.rint(MIDDLE_X - TITLE.width(title) / 2);
        TITLE.draw(canvas, title, left, (int) Math.rint(AXES_TOP - 6 * POINT));
    }

    /** Ticks of the colour bar for the range {@code [min, max]}, their labels, and the bar's label to their right. */
    static void drawBarTicks(Canvas canvas, double min, double max) {
        AxisTicks ticks = AxisTicks.of(min, max);
        double widest = 0;
        for (int i = 0; i < ticks.labels().size(); i++) {
            String label = ticks.labels().get(i);
            double fraction = (ticks.positions().get(i) - min) / (max - min);
            double y = AXES_BOTTOM - fraction * (AXES_BOTTOM - AXES_TOP);
            horizontalTick(canvas, snap(BAR_RIGHT), y);
            LABELS.draw(canvas, label, (int) Math.rint(BAR_RIGHT + LABEL_DISTANCE), (int) Math.rint(y + HALF_DIGIT));
            widest = Math.max(widest, LABELS.width(label));
        }
        double left = BAR_RIGHT + LABEL_DISTANCE + widest + 4 * POINT;
        LABELS.drawUpwards(canvas, "Intensity", (int) Math.rint(left + ASCENT), INTENSITY_START);
    }

    private static void drawAxes(Canvas canvas) {
        for (int time = 0; time <= ChirpArray.MAX_TIME_SECONDS; time += 10) {
            double x = AXES_LEFT + (AXES_RIGHT - AXES_LEFT) * time / ChirpArray.MAX_TIME_SECONDS;
            double centre = snap(x);
            double bottom = snap(AXES_BOTTOM);
            canvas.inkRectangle(centre - LINE / 2, bottom, centre + LINE / 2, bottom + TICK_LENGTH);
            String label = Integer.toString(time);
            LABELS.draw(canvas, label, (int) Math.rint(x - LABELS.width(label) / 2), TIME_TICKS_BASELINE);
        }
        for (int frequency = 0; frequency <= ChirpArray.MAX_FREQUENCY_HZ; frequency += 20) {
            double y = AXES_BOTTOM - (AXES_BOTTOM - AXES_TOP) * frequency / ChirpArray.MAX_FREQUENCY_HZ;
            horizontalTick(canvas, snap(AXES_LEFT) - TICK_LENGTH, y);
            String label = Integer.toString(frequency);
            double left = AXES_LEFT - LABEL_DISTANCE - LABELS.width(label);
            LABELS.draw(canvas, label, (int) Math.rint(left), (int) Math.rint(y + HALF_DIGIT));
        }
        String time = "Time (s)";
        LABELS.draw(canvas, time, (int) Math.rint(MIDDLE_X - LABELS.width(time) / 2), TIME_BASELINE);
        LABELS.drawUpwards(canvas, "Frequency (Hz)", FREQUENCY_BASELINE, FREQUENCY_START);
    }

    private static void drawBar(Canvas canvas) {
        int left = (int) snap(BAR_LEFT);
        int right = (int) snap(BAR_RIGHT);
        for (int y = (int) snap(AXES_TOP); y < (int) snap(AXES_BOTTOM); y++) {
            // One row lies on the border of two colours but for rounding, and belongs to the upper one.
            double index = Viridis.SIZE * (AXES_BOTTOM - (y + 0.5)) / (AXES_BOTTOM - AXES_TOP) + 1e-9;
            for (int x = left; x < right; x++) {
                canvas.set(x, y, Viridis.rgb((int) index));
            }
        }
        roundedBox(canvas, left, right, (int) snap(AXES_TOP), (int) snap(AXES_BOTTOM));
    }

    /** The frame's four lines, each from end to end. */
    private static void box(Canvas canvas, double left, double right) {
        double x0 = snap(left);
        double x1 = snap(right);
        double y0 = snap(AXES_TOP);
        double y1 = snap(AXES_BOTTOM);
        double half = LINE / 2;
        canvas.inkRectangle(x0 - half, y0 - half, x0 + half, y1 + half);
        canvas.inkRectangle(x1 - half, y0 - half, x1 + half, y1 + half);
        canvas.inkRectangle(x0 - half, y0 - half, x1 + half, y0 + half);
        canvas.inkRectangle(x0 - half, y1 - half, x1 + half, y1 + half);
    }

    /** The colour bar's outline through these pixels: one line around it, whose round joins leave the corners a little lighter. */
    private static void roundedBox(Canvas canvas, int left, int right, int top, int bottom) {
        double side = (LINE - 1) / 2;
        for (int x : new int[] {left, right}) {
            canvas.inkRectangle(x - side, top + 1, x + 1 + side, bottom);
            for (int y : new int[] {top, bottom}) {
                canvas.ink(x, y, 231);
                canvas.ink(x == left ? x - 1 : x + 1, y, 8);
                canvas.ink(x, y == top ? y - 1 : y + 1, 8);
            }
        }
        for (int y : new int[] {top, bottom}) {
            canvas.inkRectangle(left + 1, y - side, right, y + 1 + side);
        }
    }

    private static void horizontalTick(Canvas canvas, double left, double y) {
        double centre = snap(y);
        canvas.inkRectangle(left, centre - LINE / 2, left + TICK_LENGTH, centre + LINE / 2);
    }

    /** The centre of the pixel row or column to which matplotlib moves a line at this position. */
    private static double snap(double position) {
        return Math.rint(position) + 0.5;
    }
}
