package org.chirplens.chirp;

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
        return alongRows(alongColumns(values, size), size);
    }

    /** Smooths over the first axis; whole rows are added at a time, which the JIT compiler vectorises. */
    private static double[] alongColumns(double[] in, int size) {
        double[] out = new double[in.length];
        for (int row = 0; row < size; row++) {
            int at = row * size;
            for (int x = 0; x < size; x++) {
                out[at + x] = KERNEL[0] * in[at + x];
            }
            for (int d = RADIUS; d > 0; d--) {
                int above = reflect(row - d, size) * size;
                int below = reflect(row + d, size) * size;
                double weight = KERNEL[d];
                for (int x = 0; x < size; x++) {
                    out[at + x] += weight * (in[above + x] + in[below + x]);
                }
            }
        }
        return out;
    }

    /** Smooths over the second axis, each row through a copy with its reflected margins. */
    private static double[] alongRows(double[] in, int size) {
        double[] out = new double[in.length];
        double[] padded = new double[size + 2 * RADIUS];
        for (int row = 0; row < size; row++) {
            int at = row * size;
            System.arraycopy(in, at, padded, RADIUS, size);
            for (int d = 1; d <= RADIUS; d++) {
                padded[RADIUS - d] = in[at + d - 1];
                padded[RADIUS + size - 1 + d] = in[at + size - d];
            }
            for (int x = 0; x < size; x++) {
                double sum = KERNEL[0] * padded[x + RADIUS];
                for (int d = RADIUS; d > 0; d--) {
                    sum += KERNEL[d] * (padded[x + RADIUS - d] + padded[x + RADIUS + d]);
                }
                out[at + x] = sum;
            }
        }
        return out;
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
