package org.chirplens.chirp;

import java.util.Arrays;

/**
 * SciPy's {@code gaussian_filter(sigma=1)}: kernel radius 4 (truncated at 4 sigma), boundary mode {@code reflect}
 * ({@code d c b a | a b c d | d c b a}).
 */
public final class GaussianFilter {
    private static final int RADIUS = 4;

    /** {@code KERNEL[d]} is the weight of a neighbour at distance d; the whole kernel sums to 1. */
    private static final double[] KERNEL = kernel();

    private GaussianFilter() {}

    /**
     * Smooths along both axes.
     *
     * @param values {@code [size * size]}, row-major; not changed
     * @param size rows, and columns; at least 4, the kernel's radius
     */
    public static double[] smooth(double[] values, int size) {
        if (size < RADIUS || values.length != (long) size * size) {
            throw new IllegalArgumentException("a size of at least " + RADIUS
                    + " and size x size values are needed, found size " + size + " and " + values.length + " values");
        }
        // Every row is an array of its own: the JIT compiler makes vector instructions of loops that read all arrays at
        // one index.
        double[][] rows = new double[size][];
        for (int row = 0; row < size; row++) {
            rows[row] = Arrays.copyOfRange(values, row * size, (row + 1) * size);
        }
        double[] smooth = new double[values.length];
        double[] padded = new double[size + 2 * RADIUS];
        double[] sums = new double[size];
        for (int row = 0; row < size; row++) {
            alongColumn(rows, row, sums);
            pad(sums, padded);
            alongRow(padded, sums);
            System.arraycopy(sums, 0, smooth, row * size, size);
        }
        return smooth;
    }

    /** Smooths one row over the first axis. */
    private static void alongColumn(double[][] rows, int row, double[] sums) {
        System.arraycopy(rows[row], 0, sums, 0, sums.length);
        scale(sums, KERNEL[0]);
        for (int d = RADIUS; d > 0; d--) {
            addPair(sums, rows[reflect(row - d, rows.length)], rows[reflect(row + d, rows.length)], KERNEL[d]);
        }
    }

    private static void scale(double[] sums, double weight) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] *= weight;
        }
    }

    private static void addPair(double[] sums, double[] above, double[] below, double weight) {
        for (int x = 0; x < sums.length; x++) {
            sums[x] += weight * (above[x] + below[x]);
        }
    }

    /** A row between its reflected margins. */
    private static void pad(double[] row, double[] padded) {
        int size = row.length;
        System.arraycopy(row, 0, padded, RADIUS, size);
        for (int d = 1; d <= RADIUS; d++) {
            padded[RADIUS - d] = row[d - 1];
            padded[RADIUS + size - 1 + d] = row[size - d];
        }
    }

    /** Smooths one row over the second axis. */
    private static void alongRow(double[] padded, double[] out) {
        double k0 = KERNEL[0];
        double k1 = KERNEL[1];
        double k2 = KERNEL[2];
        double k3 = KERNEL[3];
        double k4 = KERNEL[RADIUS];
        for (int x = 0; x < out.length; x++) {
            out[x] = k0 * padded[x + 4]
                    + k4 * (padded[x] + padded[x + 8])
                    + k3 * (padded[x + 1] + padded[x + 7])
                    + k2 * (padded[x + 2] + padded[x + 6])
                    + k1 * (padded[x + 3] + padded[x + 5]);
        }
    }

    private static int reflect(int index, int size) {
        if (index < 0) {
            return -index - 1;
        }
        return index < size ? index : 2 * size - 1 - index;
    }

    private static double[] kernel() {
        double[] kernel = new double[RADIUS + 1];
        double sum = 0;
        for (int d = -RADIUS; d <= RADIUS; d++) {
            sum += StrictMath.exp(-0.5 * d * d);
        }
        for (int d = 0; d <= RADIUS; d++) {
            kernel[d] = StrictMath.exp(-0.5 * d * d) / sum;
        }
        return kernel;
    }
}
