package org.chirplens.figure;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The pixels of one figure while it is drawn; black ink is blended over them. If asked to, it notes the region of every pixel:
 * what is drawn between {@link #enter} and {@link #leave} claims the smallest rectangle around its ink.
 */
final class Canvas {
    private static final int OPAQUE = 255;

    /** {@code BLENDED[256 * coverage + value]} is what black ink makes of a channel's value: divisions take long. */
    private static final byte[] BLENDED = blended();

    final int width;
    final int height;
    /** {@code 3 * width * height} bytes as in {@link RgbImage}. */
    final byte[] rgb;

    private final byte @Nullable [] regions;

    private int left;
    private int top;
    private int right;
    private int bottom;

    Canvas(int width, int height, byte[] rgb, byte @Nullable [] regions) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
        this.regions = regions;
    }

    /** {@code [height * width]} ordinals of {@link FigureRegion}. */
    byte[] regions() {
        return Objects.requireNonNull(regions, "this canvas does not note regions");
    }

    /** What is drawn from here on belongs together. */
    void enter() {
        left = width;
        top = height;
        right = 0;
        bottom = 0;
    }

    /** What was drawn since {@link #enter} is of this region. */
    void leave(FigureRegion region) {
        claim(left, top, right, bottom, region);
    }

    /** The pixels of a rectangle, its right and bottom edges excluded, are of this region. */
    void claim(int fromX, int fromY, int toX, int toY, FigureRegion region) {
        if (regions == null) {
            return;
        }
        int first = Math.max(0, fromX);
        int end = Math.max(first, Math.min(width, toX));
        for (int y = Math.max(0, fromY); y < Math.min(height, toY); y++) {
            Arrays.fill(regions, y * width + first, y * width + end, (byte) region.ordinal());
        }
    }

    /** Paints one pixel in an opaque colour {@code 0xRRGGBB}; pixels outside the canvas are ignored. */
    void set(int x, int y, int colour) {
        if (outside(x, y)) {
            return;
        }
        int at = 3 * (y * width + x);
        rgb[at] = (byte) (colour >> 16);
        rgb[at + 1] = (byte) (colour >> 8);
        rgb[at + 2] = (byte) colour;
    }

    /**
     * Blends black over one pixel; 0 leaves it, 255 makes it black. Pixels outside the canvas are ignored. The arithmetic is that
     * of matplotlib's {@code fixed_blender_rgba_plain} on an opaque pixel, truncation included.
     */
    void ink(int x, int y, int coverage) {
        if (coverage == 0 || outside(x, y)) {
            return;
        }
        int at = 3 * (y * width + x);
        int row = coverage << Byte.SIZE;
        for (int channel = at; channel < at + 3; channel++) {
            rgb[channel] = BLENDED[row | (rgb[channel] & 0xff)];
        }
    }

    private static byte[] blended() {
        byte[] table = new byte[(OPAQUE + 1) << Byte.SIZE];
        for (int i = 0; i < table.length; i++) {
            int coverage = i >> Byte.SIZE;
            table[i] = (byte) ((i & 0xff) * OPAQUE * (256 - coverage) / (OPAQUE * 256 + coverage));
        }
        return table;
    }

    /** Whether a pixel lies outside; if not, it counts as drawn. */
    private boolean outside(int x, int y) {
        if (x < 0 || y < 0 || x >= width || y >= height) {
            return true;
        }
        left = Math.min(left, x);
        top = Math.min(top, y);
        right = Math.max(right, x + 1);
        bottom = Math.max(bottom, y + 1);
        return false;
    }

    /** Fills a rectangle given in fractional pixels with black, each pixel as far as it is covered. */
    void inkRectangle(double left, double top, double right, double bottom) {
        for (int y = (int) Math.floor(top); y < bottom; y++) {
            double rows = Math.min(y + 1, bottom) - Math.max(y, top);
            for (int x = (int) Math.floor(left); x < right; x++) {
                double columns = Math.min(x + 1, right) - Math.max(x, left);
                ink(x, y, Math.min(OPAQUE, (int) Math.round(rows * columns * (OPAQUE + 1))));
            }
        }
    }
}
