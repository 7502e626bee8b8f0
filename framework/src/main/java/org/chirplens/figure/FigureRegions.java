package org.chirplens.figure;

import java.util.Objects;

/** The named parts of one figure: every pixel is in exactly one {@link FigureRegion}. Immutable. */
public final class FigureRegions {
    /** A pixel where the noise-free, smoothed array is above this is the chirp's. */
    static final double CHIRP_LEVEL = 0.1;

    private static final FigureRegion[] ALL = FigureRegion.values();

    private final int width;
    private final int height;
    private final byte[] regions;

    /** @param regions {@code [height * width]} ordinals of {@link FigureRegion}, top row first; kept, not copied */
    FigureRegions(int width, int height, byte[] regions) {
        this.width = width;
        this.height = height;
        this.regions = regions;
    }

    /** Pixels per row. */
    public int width() {
        return width;
    }

    /** Rows. */
    public int height() {
        return height;
    }

    /** The region of a pixel. */
    public FigureRegion at(int x, int y) {
        return ALL[regions[Objects.checkIndex(y, height) * width + Objects.checkIndex(x, width)]];
    }

    /** The number of pixels of a region. */
    public int area(FigureRegion region) {
        int area = 0;
        for (byte pixel : regions) {
            if (pixel == region.ordinal()) {
                area++;
            }
        }
        return area;
    }

    /**
     * How much of every patch each region fills when the figure is squashed to a square and cut into patches. Patches need not
     * consist of whole pixels of the figure.
     *
     * @param patches the number of patches of a row, and of rows
     * @return {@code [regions][patches * patches]} parts in [0, 1], in the order of {@link FigureRegion}, top row first; the parts of one
     *     patch add up to 1
     */
    public double[][] onPatches(int patches) {
        if (patches < 1) {
            throw new IllegalArgumentException("a patch grid must have at least 1 patch a row, found " + patches);
        }
        double[][] parts = new double[ALL.length][patches * patches];
        double columnsOfPatch = (double) width / patches;
        double rowsOfPatch = (double) height / patches;
        for (int row = 0; row < patches; row++) {
            for (int y = (int) (row * rowsOfPatch); y < Math.min(height, (row + 1) * rowsOfPatch); y++) {
                double rows = overlap(y, row * rowsOfPatch, (row + 1) * rowsOfPatch) / rowsOfPatch;
                for (int column = 0; column < patches; column++) {
                    addRow(parts, y, column, columnsOfPatch, row * patches + column, rows / columnsOfPatch);
                }
            }
        }
        return parts;
    }

    private void addRow(double[][] parts, int y, int column, double columnsOfPatch, int patch, double weight) {
        double from = column * columnsOfPatch;
        double to = from + columnsOfPatch;
        for (int x = (int) from; x < Math.min(width, to); x++) {
            parts[regions[y * width + x]][patch] += overlap(x, from, to) * weight;
        }
    }

    /** The length that pixel [i, i + 1] has within [from, to]. */
    private static double overlap(int i, double from, double to) {
        return Math.max(0, Math.min(i + 1, to) - Math.max(i, from));
    }
}
