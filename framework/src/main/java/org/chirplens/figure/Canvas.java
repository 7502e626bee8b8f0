package org.chirplens.figure;

/** The pixels of one figure while it is drawn; black ink is blended over them. */
final class Canvas {
    private static final int OPAQUE = 255;

    final int width;
    final int height;
    /** {@code 3 * width * height} bytes as in {@link RgbImage}. */
    final byte[] rgb;

    Canvas(int width, int height, byte[] rgb) {
        this.width = width;
        this.height = height;
        this.rgb = rgb;
    }

    /** Paints one pixel in an opaque colour {@code 0xRRGGBB}. */
    void set(int x, int y, int colour) {
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
        if (coverage == 0 || x < 0 || y < 0 || x >= width || y >= height) {
            return;
        }
        int at = 3 * (y * width + x);
        int divisor = OPAQUE * 256 + coverage;
        for (int channel = at; channel < at + 3; channel++) {
            rgb[channel] = (byte) ((rgb[channel] & 0xff) * OPAQUE * (256 - coverage) / divisor);
        }
    }

    /** Fills a rectangle given in fractional pixels with black, each pixel as far as it is covered. */
    void inkRectangle(double left, double top, double right, double bottom) {
        for (int y = (int) Math.floor(top); y < bottom; y++) {
            double rows = Math.min(y + 1, bottom) - Math.max(y, top);
            for (int x = (int) Math.floor(left); x < right; x++) {
                double columns = Math.min(x + 1, right) - Math.max(x, left);
                ink(x, y, (int) (rows * columns * (OPAQUE + 1) - 1e-9));
            }
        }
    }
}
