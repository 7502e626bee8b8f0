package org.chirplens.report;

import java.util.List;
import org.chirplens.figure.RgbImage;

/** Example images with their labels, five to a row, as Figure 2 of the paper. */
public final class SampleGrid {
    private static final int COLUMNS = 5;
    private static final int WIDTH = 208;
    private static final int GAP = 12;
    private static final int CAPTION = 40;
    private static final int LINE = 16;
    private static final int MARGIN = 20;
    private static final int TOP = 62;

    private SampleGrid() {}

    /**
     * One image. A large one is kept no larger than it can be shown, as photographs may be of a hundred million pixels.
     *
     * @param image the image as the data set has it, or smaller in the same proportions
     * @param name its name, such as {@code spectrogram_1.png}
     * @param labels lines that say its labels with units, such as {@code 12.0 s, 48.0 → 61.7 Hz}
     */
    public record Sample(RgbImage image, String name, List<String> labels) {
        public Sample {
            labels = List.copyOf(labels);
            double scale = Math.min(
                    (double) PngFile.SCALE * WIDTH / image.width(),
                    (double) PngFile.SCALE * 2 * WIDTH / image.height());
            if (scale < 1) {
                image = Pictures.averaged(image, Math.max(1, (int) Math.round(scale * image.width())), Math.max(1, (int)
                        Math.round(scale * image.height())));
            }
        }
    }

    /**
     * Draws the samples row by row; 15 fill the three rows of the paper's figure.
     *
     * @param labels what the labels below each image are, in words
     * @throws IllegalArgumentException when there are none
     */
    public static Figure draw(List<Sample> samples, String labels) {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("samples must have at least 1 image, found none");
        }
        double width = 2 * MARGIN + width(Math.min(COLUMNS, samples.size()));
        Canvas canvas = new Canvas(Math.max(width, 460), TOP + height(samples) + MARGIN);
        canvas.heading("Samples of the data", "each image with the labels that the model learns", MARGIN);
        draw(canvas, samples, MARGIN, TOP);
        return canvas.finish(
                "Samples of the data",
                "Each panel is one image as the model sees it before resizing; below it, its name and its labels: "
                        + labels + ".",
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
        return rows * rowHeight(samples) - GAP;
    }

    /** From one row to the next. */
    private static int rowHeight(List<Sample> samples) {
        int lines = samples.stream().mapToInt(s -> s.labels().size()).max().orElse(1);
        return imageHeight(samples.get(0)) + CAPTION + (Math.max(1, lines) - 1) * LINE + GAP;
    }

    private static int imageHeight(Sample sample) {
        RgbImage image = sample.image();
        return Math.min(2 * WIDTH, Math.max(WIDTH / 8, Math.round((float) WIDTH * image.height() / image.width())));
    }

    /** Draws samples from a point to the right and down, with room for the shape of the first. */
    static void draw(Canvas canvas, List<Sample> samples, double left, double top) {
        int height = imageHeight(samples.get(0));
        for (int i = 0; i < samples.size(); i++) {
            double x = left + i % COLUMNS * (WIDTH + GAP);
            int row = i / COLUMNS;
            draw(canvas, samples.get(i), x, top + row * rowHeight(samples), height);
        }
    }

    /** Names and labels, for readers who do not see the figure. */
    static String words(List<Sample> samples) {
        return String.join(
                "; ",
                samples.stream()
                        .map(s -> s.name() + ", " + String.join(", ", s.labels()))
                        .toList());
    }

    private static void draw(Canvas canvas, Sample sample, double x, double y, int height) {
        // Images of other proportions than the first keep theirs.
        RgbImage image = sample.image();
        double scale = Math.min((double) WIDTH / image.width(), (double) height / image.height());
        int w = Math.max(1, (int) Math.round(scale * image.width()));
        int h = Math.max(1, (int) Math.round(scale * image.height()));
        canvas.image(
                Pictures.resized(image, PngFile.SCALE * w, PngFile.SCALE * h),
                x + (WIDTH - w) / 2.0,
                y + (height - h) / 2.0,
                w,
                h);
        canvas.frame(x, y, WIDTH, height, Stroke.of(Palette.BASELINE, 0.5));
        canvas.text(sample.name(), x, y + height + 16, TextStyle.LABEL, WIDTH);
        for (int i = 0; i < sample.labels().size(); i++) {
            canvas.text(sample.labels().get(i), x, y + height + 32 + i * LINE, TextStyle.TICK, WIDTH);
        }
    }
}
