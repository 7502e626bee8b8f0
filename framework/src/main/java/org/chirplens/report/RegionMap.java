package org.chirplens.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;

/** Figures of chirps with their regions tinted over them, each region in a colour of its own. */
public final class RegionMap {
    /** More images than this are hard to look at together. */
    public static final int MOST_IMAGES = 6;

    private static final int COLUMNS = 3;
    private static final int WIDTH = 320;
    private static final int GAP = 16;
    private static final int CAPTION = 44;
    private static final int MARGIN = 20;
    private static final int TOP = 62;
    private static final double SWATCH = 11;
    private static final String TITLE = "Regions of the figures";

    private RegionMap() {}

    /**
     * One image.
     *
     * @param image the image as the data set has it
     * @param regions its regions, of the image's size
     * @param name its name, such as {@code spectrogram_1.png}
     */
    public record Sample(RgbImage image, FigureRegions regions, String name) {
        public Sample {
            if (regions.width() != image.width() || regions.height() != image.height()) {
                throw new IllegalArgumentException("regions must be of the image's size, " + image.width() + " x "
                        + image.height() + ", found " + regions.width() + " x " + regions.height());
            }
        }

        double share(FigureRegion region) {
            return (double) regions.area(region) / (regions.width() * (double) regions.height());
        }
    }

    /**
     * Draws the images, three to a row, above a legend of all regions.
     *
     * @throws IllegalArgumentException unless there are 1 to {@value #MOST_IMAGES}
     */
    public static Figure draw(List<Sample> samples) {
        if (samples.isEmpty() || samples.size() > MOST_IMAGES) {
            throw new IllegalArgumentException(
                    "samples must be 1 to " + MOST_IMAGES + " images, found " + samples.size());
        }
        double room = COLUMNS * (WIDTH + GAP) - GAP;
        int rows = (samples.size() + COLUMNS - 1) / COLUMNS;
        int height = height(samples.get(0).image());
        double legend = TOP + rows * (height + CAPTION + GAP) + 2;
        List<Panel.Key> keys = keys();
        Canvas canvas = new Canvas(2 * MARGIN + room, legend + Panel.legendHeight(room, keys) + MARGIN);
        canvas.heading(
                TITLE, "every pixel is in one region; the chirp's outline is opaque, the image below is grey", MARGIN);
        for (int i = 0; i < samples.size(); i++) {
            int column = i % COLUMNS;
            int row = i / COLUMNS;
            draw(canvas, samples.get(i), MARGIN + column * (WIDTH + GAP), TOP + row * (height + CAPTION + GAP));
        }
        Panel.legend(canvas, MARGIN, legend, room, keys);
        return canvas.finish(
                TITLE,
                "Each panel is one image in grey with the colour of its region over every pixel; the chirp is where it"
                        + " rises above the noise.",
                samples.size() + " images with their regions tinted: "
                        + String.join(
                                "; ", samples.stream().map(RegionMap::words).toList()) + ".");
    }

    private static List<Panel.Key> keys() {
        return Arrays.stream(FigureRegion.values())
                .map(region -> new Panel.Key(region.title(), Stroke.of(RegionTint.colour(region), SWATCH)))
                .toList();
    }

    private static int height(RgbImage image) {
        return Math.max(1, Math.round((float) WIDTH * image.height() / image.width()));
    }

    private static void draw(Canvas canvas, Sample sample, double x, double y) {
        int height = height(sample.image());
        RgbImage tinted = RegionTint.over(sample.image(), sample.regions());
        canvas.image(Pictures.resized(tinted, PngFile.SCALE * WIDTH, PngFile.SCALE * height), x, y, WIDTH, height);
        canvas.frame(x, y, WIDTH, height, Stroke.of(Palette.BASELINE, 0.5));
        canvas.text(sample.name(), x, y + height + 16, TextStyle.LABEL, WIDTH);
        canvas.text(words(sample.share(FigureRegion.CHIRP)), x, y + height + 32, TextStyle.TICK, WIDTH);
    }

    private static String words(Sample sample) {
        return sample.name() + ", " + words(sample.share(FigureRegion.CHIRP));
    }

    private static String words(double chirp) {
        return String.format(Locale.ROOT, "the chirp fills %.2f %% of the pixels", 100 * chirp);
    }
}
