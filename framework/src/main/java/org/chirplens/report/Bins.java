package org.chirplens.report;

import java.util.Arrays;

/**
 * Equal intervals for histograms.
 *
 * @param from start of the first interval
 * @param width of each
 * @param count how many
 */
record Bins(double from, double width, int count) {
    /** What a whole number of widths may be off by. */
    private static final double ROUNDING = 1e-9;

    /** About {@code most} bins of a round width that hold every value from min to max. */
    static Bins covering(double min, double max, int most) {
        Scale scale = Scale.covering(min, max, most);
        double width = Scale.step(scale.max() - scale.min(), most);
        return new Bins(scale.min(), width, (int) Math.ceil((scale.max() - scale.min()) / width - ROUNDING));
    }

    double to() {
        return from + count * width;
    }

    /** How many values each bin holds; the last one includes its upper end. Values that are not finite are left out. */
    int[] counts(double[] values) {
        int[] counts = new int[count];
        for (double value : values) {
            if (Double.isFinite(value)) {
                counts[of(value)]++;
            }
        }
        return counts;
    }

    /** The bin of a finite value. */
    int of(double value) {
        return Math.max(0, Math.min(count - 1, (int) Math.floor((value - from) / width + ROUNDING)));
    }

    /** The outline of a histogram: both ends of every bin. */
    double[] edges() {
        double[] xs = new double[2 * count + 2];
        for (int i = 0; i <= count; i++) {
            Arrays.fill(xs, 2 * i, 2 * i + 2, from + i * width);
        }
        return xs;
    }

    /** The heights that belong to {@link #edges}: 0 at both outer ends. */
    static double[] steps(int[] counts) {
        double[] ys = new double[2 * counts.length + 2];
        for (int i = 0; i < counts.length; i++) {
            ys[2 * i + 1] = counts[i];
            ys[2 * i + 2] = counts[i];
        }
        return ys;
    }
}
