package org.chirplens.figure;

import java.util.ArrayList;
import java.util.List;
import org.chirplens.figure.FigureElements.BarOutline;

/**
 * Ticks and label of the colour bar as they are found in a figure's pixels: where they are depends on the range of its colours, which
 * nobody wrote down for the images of the released generator. The outermost block of ink columns right of the bar is the
 * label, the rest belongs to the tick whose mark is nearest.
 */
final class BarScale {
    /** Paper is white; faint shades beside lines do not count. */
    private static final int INK = 235;

    private static final int DARK = 64;
    /** Columns without ink that part the label from the tick labels; between letters there are fewer. */
    private static final int GAP = 4;
    /** From the bar's outline to a column that only tick marks reach. */
    private static final int IN_MARK = 3;
    /** From the outline to the first column that tick labels may reach. */
    private static final int BEYOND_MARKS = 7;
    /** Rows above and below a mark that its label may reach. */
    private static final int REACH = 8;

    private record Box(int left, int top, int right, int bottom) {}

    private final List<Box> ticks = new ArrayList<>();
    private final Box label;

    private BarScale(Box label) {
        this.label = label;
    }

    static BarScale find(RgbImage figure, BarOutline bar) {
        int start = bar.right() + 2;
        int end = lastInk(figure, start) + 1;
        int labelStart = end;
        for (int x = end - 1, white = 0; x >= start && white < GAP; x--) {
            boolean ink = hasInk(figure, x);
            white = ink ? 0 : white + 1;
            labelStart = ink ? x : labelStart;
        }
        BarScale scale = new BarScale(ink(figure, labelStart, 0, end, figure.height()));
        for (int y = 0; y < figure.height(); y++) {
            if (red(figure, bar.right() + IN_MARK, y) < DARK) {
                int top = Math.max(0, y - REACH);
                int bottom = Math.min(figure.height(), y + REACH + 1);
                int labels = bar.right() + BEYOND_MARKS;
                scale.ticks.add(ink(figure, start, top, labels, bottom));
                scale.ticks.add(ink(figure, labels, top, labelStart, bottom));
            }
        }
        return scale;
    }

    void claim(Canvas canvas) {
        for (Box tick : ticks) {
            canvas.claim(tick.left, tick.top, tick.right, tick.bottom, FigureRegion.COLOUR_BAR_TICKS);
        }
        canvas.claim(label.left, label.top, label.right, label.bottom, FigureRegion.COLOUR_BAR_LABEL);
    }

    private static int lastInk(RgbImage figure, int start) {
        int x = figure.width() - 1;
        while (x >= start && !hasInk(figure, x)) {
            x--;
        }
        return x;
    }

    private static boolean hasInk(RgbImage figure, int x) {
        for (int y = 0; y < figure.height(); y++) {
            if (red(figure, x, y) < INK) {
                return true;
            }
        }
        return false;
    }

    /** The smallest box around all pixels of a box that are not white. */
    private static Box ink(RgbImage figure, int fromX, int fromY, int toX, int toY) {
        int left = toX;
        int top = toY;
        int right = fromX;
        int bottom = fromY;
        for (int y = fromY; y < toY; y++) {
            for (int x = fromX; x < toX; x++) {
                if (red(figure, x, y) < 255) {
                    left = Math.min(left, x);
                    top = Math.min(top, y);
                    right = Math.max(right, x + 1);
                    bottom = Math.max(bottom, y + 1);
                }
            }
        }
        return new Box(left, top, right, bottom);
    }

    private static int red(RgbImage figure, int x, int y) {
        return figure.rgb()[3 * (y * figure.width() + x)] & 0xff;
    }
}
