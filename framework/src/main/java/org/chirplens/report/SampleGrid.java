package org.chirplens.report;

import java.util.List;
import org.chirplens.figure.RgbImage;

/** Example images with their labels, five to a row, as Figure 2 of the paper. */
public final class SampleGrid {
    private static final int COLUMNS = 5;
    private static final int WIDTH = 208;
    private static final int GAP = 12;
    private static final int CAPTION = 40;
    private static final int MARGIN = 20;
    private static final int TOP = 62;

    private SampleGrid() {}

    /**
     * One image.
     *
     * @param image the image as the data set has it
     * @param name its name, such as {@code spectrogram_1.png}
     * @param labels its labels with units, such as {@code 12.0 s, 48.0 → 61.7 Hz}
     */
    public record Sample(RgbImage image, String name, String labels) {}

    /**
     * Draws the samples row by row; 15 fill the three rows of the paper's figure.
     *
     * @throws IllegalArgumentException when there are none
     */
    public static Figure draw(List<Sample> samples) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must have at least 1 image, found none");
        }
        double width = 2 * MARGIN + width(Math.min(COLUMNS, samples.size()));
        Canvas canvas = new Canvas(Math.max(width, 460), TOP + height(samples) + MARGIN);
        canvas.heading("Samples of the data", "each image with the labels that the model learns", MARGIN);
        draw(canvas, samples, MARGIN, TOP);
        return canvas.finish(
                "Samples of the data",
                "Each panel is one image as the model sees it before resizing; below it, its name and its labels:"
                        + " start time, start frequency → end frequency.",
                samples.size() + " sample images: " + words(samples) + ".");
    }

    /** The width of a whole row. */
    static double width() {
        return width(COLUMNS);
    }

    private static double width(int columns) {
        return columns * (WIDTH + GAP) - GAP;
    }

    /** The height of all rows. */
    static double height(List<Sample> samples) {
        int rows = (samples.size() + COLUMNS - 1) / COLUMNS;
        return rows * (height(samples.get(0)) + CAPTION + GAP) - GAP;
    }

    private static int height(Sample sample) {
        RgbImage image = sample.image();
        return Math.max(1, Math.round((float) WIDTH * image.height() / image.width()));
    }

    /** Draws samples from a point to the right and down; all have the shape of the first. */
    static void draw(Canvas canvas, List<Sample> samples, double left, double top) {
        int height = height(samples.get(0));
        for (int i = 0; i < samples.size(); i++) {
            double x = left + i % COLUMNS * (WIDTH + GAP);
            int row = i / COLUMNS;
            draw(canvas, samples.get(i), x, top + row * (height + CAPTION + GAP), height);
        }
    }

    /** Names and labels, for readers who do not see the figure. */
    static String words(List<Sample> samples) {
        return String.join(
                "; ", samples.stream().map(s -> s.name() + ", " + s.labels()).toList());
    }

    private static void draw(Canvas canvas, Sample sample, double x, double y, int height) {
        canvas.image(
                Pictures.resized(sample.image(), PngFile.SCALE * WIDTH, PngFile.SCALE * height), x, y, WIDTH, height);
        canvas.frame(x, y, WIDTH, height, Stroke.of(Palette.BASELINE, 0.5));
        canvas.text(sample.name(), x, y + height + 16, TextStyle.LABEL, WIDTH);
        canvas.text(sample.labels(), x, y + height + 32, TextStyle.TICK, WIDTH);
    }
}
