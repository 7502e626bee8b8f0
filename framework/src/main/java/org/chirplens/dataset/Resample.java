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

    /** Columns that are added in one loop. */
    private static final int FOUR = 4;

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
        int fours = columns[0].length / CHANNELS;
        int[][] rows = new int[PACKED * fours][CHANNELS * table.first.length];
        int[] sums = new int[CHANNELS * fours];
        for (int x = 0; x < table.first.length; x++) {
            for (int r = 0; r < PACKED; r++) {
                Arrays.fill(sums, HALF);
                addColumns(sums, Byte.SIZE * r, columns, table, x);
                for (int i = 0; i < fours; i++) {
                    int[] row = rows[PACKED * i + r];
                    row[CHANNELS * x] = clip(sums[i]);
                    row[CHANNELS * x + 1] = clip(sums[fours + i]);
                    row[CHANNELS * x + 2] = clip(sums[2 * fours + i]);
                }
            }
        }
        return rows;
    }

    /** Adds the columns that an output position is made of, weighted: those of the rows whose bytes are {@code shift} bits up. */
    private static void addColumns(int[] sums, int shift, int[][] columns, Coefficients table, int output) {
        int tap = 0;
        for (; tap + FOUR <= table.taps[output]; tap += FOUR) {
            addFourColumns(sums, shift, columns, table, output, tap);
        }
        for (; tap < table.taps[output]; tap++) {
            addColumn(sums, shift, columns[table.first[output] + tap], table.weight(output, tap));
        }
    }

    private static void addFourColumns(
            int[] sums, int shift, int[][] columns, Coefficients table, int output, int tap) {
        int from = table.first[output] + tap;
        int[] a = columns[from];
        int[] b = columns[from + 1];
        int[] c = columns[from + 2];
        int[] d = columns[from + 3];
        int weightA = table.weight(output, tap);
        int weightB = table.weight(output, tap + 1);
        int weightC = table.weight(output, tap + 2);
        int weightD = table.weight(output, tap + 3);
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (a[i] >>> shift & 0xff) * weightA
                    + (b[i] >>> shift & 0xff) * weightB
                    + (c[i] >>> shift & 0xff) * weightC
                    + (d[i] >>> shift & 0xff) * weightD;
        }
    }

    private static void addColumn(int[] sums, int shift, int[] column, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (column[i] >>> shift & 0xff) * weight;
        }
    }

    /** The columns of an image, all of red, then of green and of blue; four rows in each int. */
    private static int[][] columns(RgbImage image) {
        int length = CHANNELS * image.width();
        int fours = (image.height() + PACKED - 1) / PACKED;
        int[][] columns = new int[image.width()][CHANNELS * fours];
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            turnEight(image, at, columns);
        }
        for (; at < length; at++) {
            int[] column = columns[at / CHANNELS];
            for (int i = 0; i < fours; i++) {
                int four = 0;
                for (int r = 0; r < PACKED; r++) {
                    four |= (image.rgb()[start(image, PACKED * i + r) + at] & 0xff) << (Byte.SIZE * r);
                }
                column[at % CHANNELS * fours + i] = four;
            }
        }
        return columns;
    }

    /** Where a row starts; behind the last one it is the last again. */
    private static int start(RgbImage image, int y) {
        return Math.min(y, image.height() - 1) * CHANNELS * image.width();
    }

    /**
     * Turns eight bytes of every row into columns, four rows at once, by two exchanges of bytes and pairs of bytes between the rows'
     * words.
     *
     * @param at the first of them in a row
     */
    private static void turnEight(RgbImage image, int at, int[][] columns) {
        byte[] rgb = image.rgb();
        int fours = columns[0].length / CHANNELS;
        int[][] to = new int[Long.BYTES][];
        int[] offset = new int[Long.BYTES];
        for (int k = 0; k < Long.BYTES; k++) {
            to[k] = columns[(at + k) / CHANNELS];
            offset[k] = (at + k) % CHANNELS * fours;
        }
        for (int i = 0; i < fours; i++) {
            int y = PACKED * i;
            long a = (long) EIGHT_BYTES.get(rgb, start(image, y) + at);
            long b = (long) EIGHT_BYTES.get(rgb, start(image, y + 1) + at);
            long c = (long) EIGHT_BYTES.get(rgb, start(image, y + 2) + at);
            long d = (long) EIGHT_BYTES.get(rgb, start(image, y + 3) + at);
            long evenAb = (a & EVEN_BYTES) | (b & EVEN_BYTES) << 8;
            long oddAb = (a >>> 8 & EVEN_BYTES) | (b & ~EVEN_BYTES);
            long evenCd = (c & EVEN_BYTES) | (d & EVEN_BYTES) << 8;
            long oddCd = (c >>> 8 & EVEN_BYTES) | (d & ~EVEN_BYTES);
            long columns04 = (evenAb & EVEN_PAIRS) | (evenCd & EVEN_PAIRS) << 16;
            long columns15 = (oddAb & EVEN_PAIRS) | (oddCd & EVEN_PAIRS) << 16;
            long columns26 = (evenAb >>> 16 & EVEN_PAIRS) | (evenCd & ~EVEN_PAIRS);
            long columns37 = (oddAb >>> 16 & EVEN_PAIRS) | (oddCd & ~EVEN_PAIRS);
            to[0][offset[0] + i] = (int) columns04;
            to[1][offset[1] + i] = (int) columns15;
            to[2][offset[2] + i] = (int) columns26;
            to[3][offset[3] + i] = (int) columns37;
            to[4][offset[4] + i] = (int) (columns04 >>> 32);
            to[5][offset[5] + i] = (int) (columns15 >>> 32);
            to[6][offset[6] + i] = (int) (columns26 >>> 32);
            to[7][offset[7] + i] = (int) (columns37 >>> 32);
        }
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
