package org.chirplens.dataset;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.chirplens.figure.RgbImage;

/**
 * Pillow's {@code Image.resize} for 8-bit RGB, bit for bit (ImagingResample of Pillow 9.4): antialiased, first along
 * rows, then along columns, rounded to 8 bits in between, with 22-bit fixed-point coefficients.
 */
public final class Resample {
    /** Bits behind the binary point: 32 less 8 for the pixel and 2 for overshoot. */
    private static final int PRECISION_BITS = 32 - 8 - 2;

    private static final int HALF = 1 << (PRECISION_BITS - 1);

    /** A kernel, which is widened by the reduction factor when an image shrinks. */
    public enum Filter {
        /** Triangle; what torchvision's {@code Resize} asks for. */
        BILINEAR(1) {
            @Override
            double at(double x) {
                return Math.max(1 - Math.abs(x), 0);
            }
        },
        /** Keys' cubic with a = -0.5; Pillow's default. */
        BICUBIC(2) {
            @Override
            double at(double x) {
                double a = -0.5;
                double d = Math.abs(x);
                if (d < 1) {
                    return ((a + 2) * d - (a + 3)) * d * d + 1;
                }
                return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
            }
        };

        private final double support;

        Filter(double support) {
            this.support = support;
        }

        abstract double at(double x);
    }

    private record Axis(int in, int out, Filter filter) {}

    /** For each output position the first input position, the number of taps, and {@code width} weights. */
    private record Coefficients(int width, int[] first, int[] taps, int[] weights) {}

    private static final ConcurrentMap<Axis, Coefficients> CACHE = new ConcurrentHashMap<>();

    private Resample() {}

    /** The image at another size; the aspect ratio is not kept. */
    public static RgbImage resize(RgbImage image, int width, int height, Filter filter) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "the size of a resized image must be at least 1 x 1, found " + width + " x " + height);
        }
        int[] rows = width == image.width()
                ? widened(image.rgb())
                : alongRows(image, CACHE.computeIfAbsent(new Axis(image.width(), width, filter), Resample::table));
        byte[] rgb = height == image.height()
                ? narrowed(rows)
                : alongColumns(
                        rows,
                        3 * width,
                        CACHE.computeIfAbsent(new Axis(image.height(), height, filter), Resample::table));
        return new RgbImage(width, height, rgb);
    }

    /** Pillow's precompute_coeffs and normalize_coeffs_8bpc for the whole axis. */
    private static Coefficients table(Axis axis) {
        double scale = (double) axis.in / axis.out;
        double stretch = Math.max(scale, 1);
        double support = axis.filter.support * stretch;
        int width = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[axis.out];
        int[] taps = new int[axis.out];
        int[] weights = new int[axis.out * width];
        double[] exact = new double[width];
        for (int i = 0; i < axis.out; i++) {
            double center = (i + 0.5) * scale;
            first[i] = Math.max((int) (center - support + 0.5), 0);
            taps[i] = Math.min((int) (center + support + 0.5), axis.in) - first[i];
            double inverse = 1 / stretch;
            double sum = 0;
            for (int t = 0; t < taps[i]; t++) {
                exact[t] = axis.filter.at((t + first[i] - center + 0.5) * inverse);
                sum += exact[t];
            }
            for (int t = 0; t < taps[i]; t++) {
                double weight = exact[t] / sum * (1 << PRECISION_BITS);
                weights[i * width + t] = (int) (weight < 0 ? weight - 0.5 : weight + 0.5);
            }
        }
        return new Coefficients(width, first, taps, weights);
    }

    /**
     * Shrinks or stretches every row. Two rows go through one 64-bit multiplication: the lower row in the upper half
     * of each word, the upper row in the lower half, whose signed sum stays within 32 bits.
     *
     * @return pixel values as ints, interleaved RGB
     */
    private static int[] alongRows(RgbImage image, Coefficients table) {
        int out = table.first.length;
        int[] result = new int[3 * out * image.height()];
        long[] pair = new long[3 * image.width()];
        for (int y = 0; y < image.height(); y += 2) {
            int other = Math.min(y + 1, image.height() - 1);
            pack(image, y, other, pair);
            rowPair(pair, table, result, 3 * out * y, 3 * out * other);
        }
        return result;
    }

    private static void pack(RgbImage image, int upper, int lower, long[] pair) {
        byte[] rgb = image.rgb();
        int a = upper * pair.length;
        int b = lower * pair.length;
        for (int i = 0; i < pair.length; i++) {
            pair[i] = (rgb[a + i] & 0xff) | ((rgb[b + i] & 0xffL) << 32);
        }
    }

    private static void rowPair(long[] pair, Coefficients table, int[] result, int upper, int lower) {
        for (int x = 0, at = 0; x < table.first.length; x++, at += 3) {
            int from = x * table.width;
            int to = from + table.taps[x];
            long red = 0;
            long green = 0;
            long blue = 0;
            for (int w = from, p = 3 * table.first[x]; w < to; w++, p += 3) {
                long weight = table.weights[w];
                red += pair[p] * weight;
                green += pair[p + 1] * weight;
                blue += pair[p + 2] * weight;
            }
            result[upper + at] = round((int) red);
            result[upper + at + 1] = round((int) green);
            result[upper + at + 2] = round((int) blue);
            result[lower + at] = round(upperHalf(red));
            result[lower + at + 1] = round(upperHalf(green));
            result[lower + at + 2] = round(upperHalf(blue));
        }
    }

    /** The upper sum, freed of the borrow that a negative lower sum took from it. */
    private static int upperHalf(long sums) {
        return (int) ((sums - (int) sums) >> 32);
    }

    /** Adds weighted whole rows, which the compiler turns into vector instructions. */
    private static byte[] alongColumns(int[] rows, int rowLength, Coefficients table) {
        int out = table.first.length;
        byte[] result = new byte[rowLength * out];
        int[] sums = new int[rowLength];
        for (int y = 0; y < out; y++) {
            Arrays.fill(sums, 0);
            for (int t = 0; t < table.taps[y]; t++) {
                addRow(sums, rows, (table.first[y] + t) * rowLength, table.weights[y * table.width + t]);
            }
            for (int i = 0; i < rowLength; i++) {
                result[y * rowLength + i] = (byte) round(sums[i]);
            }
        }
        return result;
    }

    private static void addRow(int[] sums, int[] rows, int from, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += rows[from + i] * weight;
        }
    }

    /** Pillow's clip8: rounds to nearest and clamps to a byte. */
    private static int round(int sum) {
        return Math.max(0, Math.min(255, (sum + HALF) >> PRECISION_BITS));
    }

    private static int[] widened(byte[] rgb) {
        int[] wide = new int[rgb.length];
        for (int i = 0; i < rgb.length; i++) {
            wide[i] = rgb[i] & 0xff;
        }
        return wide;
    }

    private static byte[] narrowed(int[] rows) {
        byte[] rgb = new byte[rows.length];
        for (int i = 0; i < rows.length; i++) {
            rgb[i] = (byte) rows[i];
        }
        return rgb;
    }
}
