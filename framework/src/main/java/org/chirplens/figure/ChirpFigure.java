package org.chirplens.figure;

import java.util.Locale;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Spectrogram;

/** Draws a spectrogram as the released generator's matplotlib figure, 640 x 480 pixels. Thread-safe. */
public final class ChirpFigure {
    /** Pixels per row of a figure. */
    public static final int WIDTH = FigureLayout.WIDTH;
    /** Rows of a figure. */
    public static final int HEIGHT = FigureLayout.HEIGHT;

    private static final byte[] PAPER = FigureFrame.paper();
    private static final Heatmap RELEASED = heatmap(ChirpArray.BINS);

    private ChirpFigure() {}

    /** The title of image {@code number} (from 1) of a released data set. */
    public static String title(int number, ChirpShape shape) {
        return "Synthetic Spectrogram " + number + " (" + shape.name().toLowerCase(Locale.ROOT) + " chirp)";
    }

    /**
     * Draws one figure. Colours span the array's own minimum to maximum, as the released figures do.
     *
     * @throws IllegalArgumentException if a value is not finite
     */
    public static RgbImage draw(Spectrogram spectrogram, String title) {
        double min = spectrogram.min();
        double max = spectrogram.max();
        if (!Double.isFinite(min) || !Double.isFinite(max)) {
            throw new IllegalArgumentException(
                    "a spectrogram must have finite values, found a range of [" + min + ", " + max + "]");
        }
        Canvas canvas = new Canvas(WIDTH, HEIGHT, PAPER.clone());
        Heatmap heatmap = spectrogram.bins() == ChirpArray.BINS ? RELEASED : heatmap(spectrogram.bins());
        heatmap.draw(spectrogram, min, max, canvas);
        FigureFrame.drawFrame(canvas);
        FigureFrame.drawTitle(canvas, title);
        drawBarTicks(canvas, min, max);
        return new RgbImage(WIDTH, HEIGHT, canvas.rgb);
    }

    /**
     * The heat map of a figure without its frame line, which covers the outermost pixels of the data area.
     *
     * @throws IllegalArgumentException if the image has not the size of a figure
     */
    public static RgbImage insideFrame(RgbImage figure) {
        if (figure.width() != WIDTH || figure.height() != HEIGHT) {
            throw new IllegalArgumentException("a figure must have " + WIDTH + " x " + HEIGHT + " pixels, found "
                    + figure.width() + " x " + figure.height());
        }
        // The frame's centre lines, rounded as FigureFrame does; the pixels that they cover are left out.
        int left = (int) Math.rint(FigureLayout.AXES_LEFT) + 1;
        int top = (int) Math.rint(FigureLayout.AXES_TOP) + 1;
        int width = (int) Math.rint(FigureLayout.AXES_RIGHT) - left;
        int height = (int) Math.rint(FigureLayout.AXES_BOTTOM) - top;
        byte[] rgb = new byte[3 * width * height];
        for (int y = 0; y < height; y++) {
            System.arraycopy(figure.rgb(), 3 * ((top + y) * WIDTH + left), rgb, 3 * y * width, 3 * width);
        }
        return new RgbImage(width, height, rgb);
    }

    private static void drawBarTicks(Canvas canvas, double min, double max) {
        if (min < max) {
            FigureFrame.drawBarTicks(canvas, min, max);
            return;
        }
        // matplotlib's transforms.nonsingular: a constant array gets a colour bar around its value.
        double around = min == 0 ? 0.1 : 0.1 * Math.abs(min);
        FigureFrame.drawBarTicks(canvas, min - around, max + around);
    }

    private static Heatmap heatmap(int bins) {
        return new Heatmap(
                FigureLayout.DATA_LEFT, FigureLayout.DATA_TOP, FigureLayout.DATA_WIDTH, FigureLayout.DATA_HEIGHT, bins);
    }
}
