package org.chirplens.report;

import java.awt.image.BufferedImage;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.HeadId;

/** What every head attends to in one image, layers by heads, as Figures 5 to 8 of the paper. */
public final class AttentionGrid {
    private static final double LEFT = 56;
    private static final double TOP = 86;
    private static final double GAP = 4;
    private static final double BAR_WIDTH = 14;
    private static final int SIDE = 150;

    /** Opacity of the most attention. */
    static final double STRONGEST = 0.85;

    private final AttentionMaps maps;
    private final String reading;
    private final int layers;
    private final int heads;
    private final double side;

    private AttentionGrid(AttentionMaps maps, String reading) {
        this.maps = maps;
        this.reading = reading;
        this.layers = maps.maps().length;
        this.heads = maps.maps()[0].length;
        // A whole number of image pixels for each patch keeps the cells equal and their edges sharp.
        double wanted = Math.max(76, Math.min(150, 900.0 / Math.max(layers, heads)));
        long patch = Math.max(1, Math.round(wanted * PngFile.SCALE / maps.grid()));
        this.side = 1.0 * maps.grid() * patch / PngFile.SCALE;
    }

    /**
     * Draws a panel for each head.
     *
     * @param image the image, squashed to a square as the model's input is
     * @param maps the attention that its patches receive
     * @param reading whose attention that is, in words
     */
    public static Figure draw(RgbImage image, AttentionMaps maps, String reading) {
        if (maps.maps().length == 0 || maps.maps()[0].length == 0) {
            throw new IllegalArgumentException("attention maps of " + maps.image() + " must have at least 1 head");
        }
        return new AttentionGrid(maps, reading).draw(image);
    }

    private Figure draw(RgbImage image) {
        double right = LEFT + heads * (side + GAP);
        double bottom = TOP + layers * (side + GAP) - GAP;
        Canvas canvas = new Canvas(Math.max(480, right + 16 + SIDE + 20), Math.max(bottom, TOP + SIDE + 220) + 20);
        canvas.heading("Attention of every head", maps.image() + " · " + reading, 20);
        int pixels = (int) Math.round(side * PngFile.SCALE);
        BufferedImage ground = Pictures.paleGrey(Pictures.resized(image, pixels, pixels));
        for (int layer = 0; layer < layers; layer++) {
            for (int head = 0; head < heads; head++) {
                double x = LEFT + head * (side + GAP);
                double y = TOP + layer * (side + GAP);
                canvas.image(ground, x, y, side, side);
                canvas.image(overlay(maps.normalised(new HeadId(layer, head)), pixels), x, y, side, side);
            }
        }
        labels(canvas);
        key(canvas, image, right + 16);
        return canvas.finish("Attention of every head: " + maps.image(), caption(), description());
    }

    private void labels(Canvas canvas) {
        TextStyle style = TextStyle.LABEL;
        for (int head = 0; head < heads; head++) {
            canvas.text("H" + (head + 1), LEFT + head * (side + GAP) + side / 2, TOP - 8, style.middle());
        }
        for (int layer = 0; layer < layers; layer++) {
            double middle = TOP + layer * (side + GAP) + side / 2;
            canvas.text("L" + (layer + 1), LEFT - 10, middle + style.centring(), style.end());
        }
    }

    /** The image itself in colour, and what the overlay's colour means. */
    private void key(Canvas canvas, RgbImage image, double x) {
        int pixels = SIDE * PngFile.SCALE;
        canvas.text("the image", x, TOP - 8, TextStyle.LABEL);
        canvas.image(Pictures.resized(image, pixels, pixels), x, TOP, SIDE, SIDE);
        double top = TOP + SIDE + 56;
        double height = 140;
        canvas.text("attention", x, top - 14, TextStyle.LABEL);
        for (int step = 0; step < height; step += 2) {
            double value = 1 - (step + 1) / height;
            int colour = ColourMap.mix(0xc4c4c4, tint(value), STRONGEST * value);
            canvas.rect(x, top + step, BAR_WIDTH, 2, colour);
        }
        canvas.frame(x, top, BAR_WIDTH, height, Stroke.of(Palette.AXIS, 0.75));
        TextStyle tick = TextStyle.TICK;
        canvas.text("most of this head", x + BAR_WIDTH + 8, top + 2 * tick.centring(), tick);
        canvas.text("least of this head", x + BAR_WIDTH + 8, top + height, tick);
    }

    /** The colour of attention: orange for little, dark vermilion for most. */
    static int tint(double value) {
        return ColourMap.mix(0xf0a030, 0xb83a00, value);
    }

    /** A transparent image of the patches: the more attention, the stronger and darker the colour. */
    private BufferedImage overlay(float[] map, int pixels) {
        int grid = maps.grid();
        BufferedImage overlay = new BufferedImage(pixels, pixels, BufferedImage.TYPE_INT_ARGB);
        for (int y = 0; y < pixels; y++) {
            for (int x = 0; x < pixels; x++) {
                float value = map[y * grid / pixels * grid + x * grid / pixels];
                // 32 levels cannot be told from all 256, and compress far better.
                double level = Math.round(value * 31) / 31.0;
                overlay.setRGB(x, y, (int) Math.round(255 * STRONGEST * level) << 24 | tint(level));
            }
        }
        return overlay;
    }

    private static String caption() {
        return "One panel per head (rows are layers, columns heads): the stronger the orange, the more attention a"
                + " patch gets, scaled within each head from its least to its most; the image is grey below.";
    }

    private String description() {
        return "A grid of " + layers + " layers by " + heads + " heads; each panel is the attention map of one head, "
                + maps.grid() + " by " + maps.grid() + " patches, over the image " + maps.image() + ".";
    }
}
