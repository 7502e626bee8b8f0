package org.chirplens.figure;

/**
 * A line of text, set: how much room it takes and the pixels that it covers. All lengths are in pixels.
 *
 * @param advance from its origin to that of a line that would follow
 * @param left from its origin to its leftmost ink
 * @param height from its lowest to its highest ink
 * @param descent from its base line down to its lowest ink
 * @param width columns of the bitmap
 * @param rows rows of the bitmap
 * @param coverage {@code [rows * width]} values 0..255, the top row first
 */
record TextLine(double advance, double left, double height, double descent, int width, int rows, byte[] coverage) {
    private static final int SPLINE_SHIFT = 14;
    /** Weights, in 16384ths, that AGG's {@code image_filter_spline36} has for a position that falls on a pixel. */
    private static final int[] SPLINE36 = {8, -47, 16382, 52, -13, 2};
    /** Their products for rows and columns, row by row. */
    private static final int[] WEIGHTS = weights();
    /** From that pixel to the first one that is weighed. */
    private static final int FIRST_TAP = -2;

    /** A line without a letter. */
    static final TextLine EMPTY = new TextLine(0, 0, 0, 0, 0, 0, new byte[0]);

    /** Draws the line with its origin at (x, y), y counted downwards, as matplotlib's Agg backend rounds it. */
    void draw(Canvas canvas, double x, double y) {
        int columns = (int) Math.rint(x + left);
        int bottom = (int) Math.rint(y + descent);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                canvas.ink(columns + column, bottom + 1 - rows + row, coverage[row * width + column] & 0xff);
            }
        }
    }

    /**
     * Draws the line turned by 90 degrees, upwards from (x, y); its base line is the vertical through x. matplotlib turns the bitmap
     * through AGG's spline36 filter, which lets a trace of the neighbours in, and loses a 256th of the ink.
     */
    void drawUpwards(Canvas canvas, double x, double y) {
        int right = (int) Math.rint(x + left + descent);
        int start = (int) Math.rint(y);
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < width; column++) {
                canvas.ink(right - rows + row, start - column, (255 * filtered(row, column)) >> 8);
            }
        }
    }

    private static int[] weights() {
        int[] weights = new int[SPLINE36.length * SPLINE36.length];
        for (int i = 0; i < weights.length; i++) {
            int product = SPLINE36[i / SPLINE36.length] * SPLINE36[i % SPLINE36.length];
            weights[i] = (product + (1 << (SPLINE_SHIFT - 1))) >> SPLINE_SHIFT;
        }
        return weights;
    }

    private int filtered(int row, int column) {
        int sum = 0;
        for (int i = 0; i < SPLINE36.length; i++) {
            int y = row + FIRST_TAP + i;
            if (y < 0 || y >= rows) {
                continue;
            }
            for (int j = 0; j < SPLINE36.length; j++) {
                int x = column + FIRST_TAP + j;
                if (x >= 0 && x < width) {
                    sum += (coverage[y * width + x] & 0xff) * WEIGHTS[i * SPLINE36.length + j];
                }
            }
        }
        return Math.max(0, Math.min(255, sum >> SPLINE_SHIFT));
    }
}
