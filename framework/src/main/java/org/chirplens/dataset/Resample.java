package org.chirplens.dataset;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
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

    private static final int CHANNELS = 3;

    /** Rows of an image whose bytes share an int: see {@link #columns}. */
    private static final int PACKED = 4;

    private static final VarHandle EIGHT_BYTES =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EVEN_BYTES = 0x00ff00ff00ff00ffL;
    private static final long EVEN_PAIRS = 0x0000ffff0000ffffL;

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
    private record Coefficients(int width, int[] first, int[] taps, int[] weights) {
        int weight(int output, int tap) {
            return weights[output * width + tap];
        }
    }

    private static final ConcurrentMap<Axis, Coefficients> CACHE = new ConcurrentHashMap<>();

    private Resample() {}

    /** The image at another size; the aspect ratio is not kept. */
    public static RgbImage resize(RgbImage image, int width, int height, Filter filter) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "the size of a resized image must be at least 1 x 1, found " + width + " x " + height);
        }
        int[][] rows = width == image.width()
                ? rows(image)
                : alongRows(image, CACHE.computeIfAbsent(new Axis(image.width(), width, filter), Resample::table));
        byte[] rgb = height == image.height()
                ? bytes(rows, height)
                : alongColumns(rows, CACHE.computeIfAbsent(new Axis(image.height(), height, filter), Resample::table));
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
     * Shrinks or stretches every row, all rows at a time: the weighted columns of the image are added. Every column is an array of its
     * own, as are the rows of the result, because the JIT compiler turns a loop into vector instructions only if all its arrays
     * are read at the same index.
     *
     * @return pixel values, a row in each array, interleaved RGB; rows that fill up the last four are of no meaning
     */
    private static int[][] alongRows(RgbImage image, Coefficients table) {
        int[][] columns = columns(image);
        int fours = columns[0].length;
        int[][] rows = new int[PACKED * fours][CHANNELS * table.first.length];
        int[] sum0 = new int[fours];
        int[] sum1 = new int[fours];
        int[] sum2 = new int[fours];
        int[] sum3 = new int[fours];
        for (int i = 0; i < rows[0].length; i++) {
            int x = i / CHANNELS;
            int first = CHANNELS * table.first[x] + i % CHANNELS;
            Arrays.fill(sum0, HALF);
            Arrays.fill(sum1, HALF);
            Arrays.fill(sum2, HALF);
            Arrays.fill(sum3, HALF);
            for (int t = 0; t < table.taps[x]; t++) {
                addColumn(sum0, sum1, sum2, sum3, columns[first + CHANNELS * t], table.weight(x, t));
            }
            for (int f = 0, y = 0; f < fours; f++, y += PACKED) {
                rows[y][i] = clip(sum0[f]);
                rows[y + 1][i] = clip(sum1[f]);
                rows[y + 2][i] = clip(sum2[f]);
                rows[y + 3][i] = clip(sum3[f]);
            }
        }
        return rows;
    }

    private static void addColumn(int[] sum0, int[] sum1, int[] sum2, int[] sum3, int[] column, int weight) {
        for (int i = 0; i < sum0.length; i++) {
            int four = column[i];
            sum0[i] += (four & 0xff) * weight;
            sum1[i] += (four >>> 8 & 0xff) * weight;
            sum2[i] += (four >>> 16 & 0xff) * weight;
            sum3[i] += (four >>> 24) * weight;
        }
    }

    /**
     * The columns of an image, {@code [3 * width]} of them, four rows in each int. Eight columns of four rows are turned at once, by
     * two exchanges of bytes and pairs of bytes between the rows' words.
     */
    private static int[][] columns(RgbImage image) {
        byte[] rgb = image.rgb();
        int length = CHANNELS * image.width();
        int[][] columns = new int[length][(image.height() + PACKED - 1) / PACKED];
        int[] row = new int[PACKED];
        for (int i = 0; i < columns[0].length; i++) {
            for (int r = 0; r < PACKED; r++) {
                row[r] = Math.min(i * PACKED + r, image.height() - 1) * length;
            }
            int x = 0;
            for (; x + Long.BYTES <= length; x += Long.BYTES) {
                long a = (long) EIGHT_BYTES.get(rgb, row[0] + x);
                long b = (long) EIGHT_BYTES.get(rgb, row[1] + x);
                long c = (long) EIGHT_BYTES.get(rgb, row[2] + x);
                long d = (long) EIGHT_BYTES.get(rgb, row[3] + x);
                long evenAb = (a & EVEN_BYTES) | (b & EVEN_BYTES) << 8;
                long oddAb = (a >>> 8 & EVEN_BYTES) | (b & ~EVEN_BYTES);
                long evenCd = (c & EVEN_BYTES) | (d & EVEN_BYTES) << 8;
                long oddCd = (c >>> 8 & EVEN_BYTES) | (d & ~EVEN_BYTES);
                long columns04 = (evenAb & EVEN_PAIRS) | (evenCd & EVEN_PAIRS) << 16;
                long columns15 = (oddAb & EVEN_PAIRS) | (oddCd & EVEN_PAIRS) << 16;
                long columns26 = (evenAb >>> 16 & EVEN_PAIRS) | (evenCd & ~EVEN_PAIRS);
                long columns37 = (oddAb >>> 16 & EVEN_PAIRS) | (oddCd & ~EVEN_PAIRS);
                columns[x][i] = (int) columns04;
                columns[x + 1][i] = (int) columns15;
                columns[x + 2][i] = (int) columns26;
                columns[x + 3][i] = (int) columns37;
                columns[x + 4][i] = (int) (columns04 >>> 32);
                columns[x + 5][i] = (int) (columns15 >>> 32);
                columns[x + 6][i] = (int) (columns26 >>> 32);
                columns[x + 7][i] = (int) (columns37 >>> 32);
            }
            for (; x < length; x++) {
                columns[x][i] = (rgb[row[0] + x] & 0xff)
                        | (rgb[row[1] + x] & 0xff) << 8
                        | (rgb[row[2] + x] & 0xff) << 16
                        | rgb[row[3] + x] << 24;
            }
        }
        return columns;
    }

    /** Shrinks or stretches every column: weighted rows are added. */
    private static byte[] alongColumns(int[][] rows, Coefficients table) {
        int out = table.first.length;
        int[] sums = new int[rows[0].length];
        byte[] result = new byte[out * sums.length];
        int at = 0;
        for (int y = 0; y < out; y++) {
            Arrays.fill(sums, HALF);
            for (int t = 0; t < table.taps[y]; t++) {
                addRow(sums, rows[table.first[y] + t], table.weight(y, t));
            }
            for (int sum : sums) {
                result[at++] = (byte) clip(sum);
            }
        }
        return result;
    }

    private static void addRow(int[] sums, int[] row, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += row[i] * weight;
        }
    }

    /** Pillow's clip8, without the half that sums start from: rounds to nearest and clamps to a byte. */
    private static int clip(int sum) {
        return Math.max(0, Math.min(255, sum >> PRECISION_BITS));
    }

    private static int[][] rows(RgbImage image) {
        int[][] rows = new int[image.height()][CHANNELS * image.width()];
        int at = 0;
        for (int[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                row[i] = image.rgb()[at++] & 0xff;
            }
        }
        return rows;
    }

    private static byte[] bytes(int[][] rows, int height) {
        byte[] rgb = new byte[height * rows[0].length];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int value : rows[y]) {
                rgb[at++] = (byte) value;
            }
        }
        return rgb;
    }
}
