package org.chirplens.figure;

import org.chirplens.chirp.Spectrogram;

/**
 * Draws a spectrogram into the data area as matplotlib's {@code imshow} does in the released figures: Hanning interpolation of
 * the data, then the colour map over the array's own range. reference/README.md, section chirp_genuine, has the formula.
 */
final class Heatmap {
    /** Interpolation along one axis: the two source bins of each pixel, and the weight of the first. */
    private record Taps(int[] lower, int[] upper, double[] weight) {
        static Taps of(int pixels, int bins) {
            int[] lower = new int[pixels];
            int[] upper = new int[pixels];
            double[] weight = new double[pixels];
            for (int i = 0; i < pixels; i++) {
                double position = (i + 0.5) * bins / pixels - 0.5;
                int floor = (int) Math.floor(position);
                lower[i] = Math.max(0, floor);
                upper[i] = Math.min(bins - 1, floor + 1);
                weight[i] = 0.5 + 0.5 * StrictMath.cos(Math.PI * (position - floor));
            }
            return new Taps(lower, upper, weight);
        }
    }

    private static final byte[] COLOURS = Viridis.imageTable();

    private final int left;
    private final int top;
    private final int width;
    private final int height;
    private final int bins;
    private final Taps columns;
    private final Taps rows;

    Heatmap(int left, int top, int width, int height, int bins) {
        this.left = left;
        this.top = top;
        this.width = width;
        this.height = height;
        this.bins = bins;
        columns = Taps.of(width, bins);
        rows = Taps.of(height, bins);
    }

    /** Draws a spectrogram of this map's number of bins over the range {@code [min, max]}; thread-safe. */
    void draw(Spectrogram spectrogram, double min, double max, Canvas canvas) {
        double scale = max > min ? Viridis.SIZE / (max - min) : 0;
        double[] wide = stretchRows(spectrogram.values(), min, scale);
        double[] line = new double[width];
        // The first row lies above the axes box, and matplotlib clips it away.
        for (int row = 1; row < height; row++) {
            // Row 0 of the data is the lowest frequency, at the bottom of the picture.
            int fromBottom = height - 1 - row;
            int lower = rows.lower[fromBottom] * width;
            int upper = rows.upper[fromBottom] * width;
            double weight = rows.weight[fromBottom];
            for (int x = 0; x < width; x++) {
                line[x] = weight * wide[lower + x] + (1 - weight) * wide[upper + x];
            }
            colour(line, canvas.rgb, 3 * ((top + row) * canvas.width + left));
        }
    }

    /** {@code [bins * width]}: every row stretched to the width of the area, in units of colour indices. */
    private double[] stretchRows(double[] values, double min, double scale) {
        double[] wide = new double[bins * width];
        for (int row = 0; row < bins; row++) {
            int from = row * bins;
            int to = row * width;
            for (int x = 0; x < width; x++) {
                double weight = columns.weight[x];
                double value =
                        weight * values[from + columns.lower[x]] + (1 - weight) * values[from + columns.upper[x]];
                wide[to + x] = (value - min) * scale;
            }
        }
        return wide;
    }

    private static void colour(double[] indices, byte[] rgb, int at) {
        int to = at;
        for (double index : indices) {
            int from = 3 * Math.min(Viridis.SIZE - 1, (int) index);
            rgb[to] = COLOURS[from];
            rgb[to + 1] = COLOURS[from + 1];
            rgb[to + 2] = COLOURS[from + 2];
            to += 3;
        }
    }
}
