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
     * One image.
     *
     * @param image the image as the data set has it
     * @param name its name, such as {@code spectrogram_1.png}
     * @param labels lines that say its labels with units, such as {@code 12.0 s, 48.0 → 61.7 Hz}
     */
    public record Sample(RgbImage image, String name, List<String> labels) {
        public Sample {
            labels = List.copyOf(labels);
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
        int columns = Math.min(COLUMNS, samples.size());
        int rows = (samples.size() + columns - 1) / columns;
        RgbImage first = samples.get(0).image();
        int height =
                Math.min(2 * WIDTH, Math.max(WIDTH / 8, Math.round((float) WIDTH * first.height() / first.width())));
        int lines = samples.stream().mapToInt(s -> s.labels().size()).max().orElse(1);
        int row = height + CAPTION + (Math.max(1, lines) - 1) * LINE + GAP;
        double width = 2 * MARGIN + columns * (WIDTH + GAP) - GAP;
        Canvas canvas = new Canvas(Math.max(width, 460), TOP + rows * row - GAP + MARGIN);
        canvas.heading("Samples of the data", "each image with the labels that the model learns", MARGIN);
        for (int i = 0; i < samples.size(); i++) {
            double x = MARGIN + i % columns * (WIDTH + GAP);
            double y = TOP + i / columns * row;
            draw(canvas, samples.get(i), x, y, height);
        }
        return canvas.finish(
                "Samples of the data",
                "Each panel is one image as the model sees it before resizing; below it, its name and its labels: "
                        + labels + ".",
                samples.size() + " sample images: "
                        + String.join(
                                "; ",
                                samples.stream()
                                        .map(s -> s.name() + ", " + String.join(", ", s.labels()))
                                        .toList())
                        + ".");
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
