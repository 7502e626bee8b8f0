package org.chirplens.figure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.chirplens.chirp.Spectrogram;

/**
 * Draws a spectrogram into the data area as matplotlib's {@code imshow} does: Hanning interpolation of the data, then the colour
 * map. The arithmetic is that of the Anti-Grain Geometry library in matplotlib ({@code span_image_resample_gray_affine} with
 * {@code image_filter_hanning}): positions in 256ths of a bin, weights in 16384ths.
 */
final class Heatmap {
    private static final VarHandle FOUR_BYTES =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int POSITIONS = 256;
    private static final int WEIGHTS_SHIFT = 14;
    private static final int ONE = 1 << WEIGHTS_SHIFT;

    /**
     * {@code HANNING[p]} is the weight of the lower bin when the position is p 256ths above it; the upper one has the rest. AGG takes
     * the filter's value one step further.
     */
    private static final int[] HANNING = hanning();

    /** Interpolation along one axis: the two source bins of each pixel, and the weight of the first. */
    private record Taps(int[] lower, int[] upper, double[] weight) {
        /** @param positions of the pixels' centres in 256ths of a bin, bin b spanning [256 b, 256 b + 256] */
        static Taps of(int[] positions, int bins) {
            int[] lower = new int[positions.length];
            int[] upper = new int[positions.length];
            double[] weight = new double[positions.length];
            for (int i = 0; i < positions.length; i++) {
                int position = positions[i] - POSITIONS / 2;
                int floor = Math.floorDiv(position, POSITIONS);
                lower[i] = Math.max(0, floor);
                upper[i] = Math.min(bins - 1, floor + 1);
                weight[i] = HANNING[Math.floorMod(position, POSITIONS)];
            }
            return new Taps(lower, upper, weight);
        }
    }

    private final FigureLayout layout;
    private final int bins;
    private final Taps columns;
    private final Taps rows;

    Heatmap(FigureLayout layout, int bins) {
        this.layout = layout;
        this.bins = bins;
        columns = Taps.of(alongRow(layout.dataWidth(), bins), bins);
        rows = Taps.of(alongColumn(layout.dataHeight(), bins), bins);
    }

    /** Each row of the picture is placed by itself. */
    private static int[] alongColumn(int pixels, int bins) {
        int[] positions = new int[pixels];
        for (int i = 0; i < pixels; i++) {
            positions[i] = position(i + 0.5, pixels, bins);
        }
        return positions;
    }

    /** Within a row only both ends are; between them AGG goes in whole steps ({@code dda2_line_interpolator}). */
    private static int[] alongRow(int pixels, int bins) {
        int first = position(0.5, pixels, bins);
        int span = position(pixels + 0.5, pixels, bins) - first;
        int[] positions = new int[pixels];
        for (int i = 0; i < pixels; i++) {
            positions[i] = first + ceilingOfQuotient((i + 1L) * span, pixels) - ceilingOfQuotient(span, pixels);
        }
        return positions;
    }

    private static int ceilingOfQuotient(long dividend, int divisor) {
        return (int) -Math.floorDiv(-dividend, divisor);
    }

    private static int position(double pixel, int pixels, int bins) {
        return (int) (pixel * bins / pixels * POSITIONS + 0.5);
    }

    private static int[] hanning() {
        int[] lower = new int[POSITIONS];
        for (int p = 0; p < POSITIONS; p++) {
            lower[p] = (int) Math.rint(ONE * (0.5 + 0.5 * StrictMath.cos(Math.PI * (p + 1) / POSITIONS)));
        }
        return lower;
    }

    /** Draws a spectrogram of this map's number of bins; thread-safe. */
    void draw(Spectrogram spectrogram, ColourRange range, ColourMap colours, Canvas canvas) {
        int[] table = colours.imageTable();
        double scale = range.max() > range.min() ? ColourMap.SIZE / (range.max() - range.min()) : 0;
        double[] indices = spectrogram.values().clone();
        for (int i = 0; i < indices.length; i++) {
            indices[i] = (indices[i] - range.min()) * scale;
        }
        Rows picture = new Rows(indices);
        for (int y = layout.clipTop(); y < layout.dataTop() + layout.dataHeight(); y++) {
            colour(picture.at(y), table, canvas.rgb, 3 * (y * canvas.width + layout.dataLeft()));
        }
    }

    /** Claims the pixels where a spectrogram is above a level for the chirp. */
    void mark(Spectrogram spectrogram, double level, Canvas canvas) {
        Rows picture = new Rows(spectrogram.values());
        for (int y = layout.clipTop(); y < layout.dataTop() + layout.dataHeight(); y++) {
            double[] line = picture.at(y);
            for (int x = 0; x < line.length; x++) {
                if (line[x] > level) {
                    int at = layout.dataLeft() + x;
                    canvas.claim(at, y, at + 1, y + 1, FigureRegion.CHIRP);
                }
            }
        }
    }

    /** The picture of one array, row by row. */
    private final class Rows {
        private final double[] values;
        private final double[] line = new double[columns.weight.length];
        private Row lower = new Row();
        private Row upper = new Row();

        Rows(double[] values) {
            this.values = values;
        }

        /** Row y of the figure; valid until the next call. Rows next to each other, asked for from the top, share most work. */
        double[] at(int y) {
            // Row 0 of the data is the lowest frequency, at the bottom of the picture.
            int fromBottom = layout.dataTop() + layout.dataHeight() - 1 - y;
            if (lower.bin == rows.upper[fromBottom]) {
                Row swapped = lower;
                lower = upper;
                upper = swapped;
            }
            lower.spread(values, rows.lower[fromBottom]);
            upper.spread(values, rows.upper[fromBottom]);
            blend(rows.weight[fromBottom], lower, upper, columns.weight, line);
            return line;
        }
    }

    /** One row of the data, at each pixel the value of the bin to its left and of that to its right. */
    private final class Row {
        private final double[] left = new double[columns.weight.length];
        private final double[] right = new double[columns.weight.length];
        private int bin = -1;

        void spread(double[] values, int ofBin) {
            if (bin == ofBin) {
                return;
            }
            bin = ofBin;
            for (int x = 0; x < left.length; x++) {
                left[x] = values[bin * bins + columns.lower[x]];
                right[x] = values[bin * bins + columns.upper[x]];
            }
        }
    }

    /**
     * Weighs four values at each pixel. Each weight is a product that AGG rounds to 16384ths; the second of a row is what the first
     * leaves of the row's weight, which is the same unless both are rounded up. All in doubles, whose whole numbers are exact: the
     * compiler turns this loop into vector instructions.
     */
    private static void blend(double weightY, Row lower, Row upper, double[] weightsX, double[] line) {
        double down = weightY / ONE;
        double up = (ONE - weightY) / ONE;
        double[] lowerLeft = lower.left;
        double[] lowerRight = lower.right;
        double[] upperLeft = upper.left;
        double[] upperRight = upper.right;
        for (int x = 0; x < line.length; x++) {
            double lowerWeight = Math.floor(down * weightsX[x] + 0.5);
            double upperWeight = Math.floor(up * weightsX[x] + 0.5);
            line[x] = (lowerLeft[x] * lowerWeight
                            + lowerRight[x] * (weightY - lowerWeight)
                            + upperLeft[x] * upperWeight
                            + upperRight[x] * (ONE - weightY - upperWeight))
                    * (1.0 / ONE);
        }
    }

    /** Four bytes are written for each pixel but the last, three of which stay: one store instead of three. */
    private static void colour(double[] indices, int[] table, byte[] rgb, int at) {
        int to = at;
        int last = indices.length - 1;
        for (int x = 0; x < last; x++) {
            FOUR_BYTES.set(rgb, to, table[nearest(indices[x])]);
            to += 3;
        }
        int colour = table[nearest(indices[last])];
        rgb[to] = (byte) colour;
        rgb[to + 1] = (byte) (colour >> 8);
        rgb[to + 2] = (byte) (colour >> 16);
    }

    private static int nearest(double index) {
        return Math.max(0, Math.min(ColourMap.SIZE - 1, (int) index));
    }
}
