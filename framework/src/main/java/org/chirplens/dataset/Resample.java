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

    /** Rows of an image whose bytes share an int: see {@link #turn}. */
    private static final int PACKED = 4;

    /** Columns that are turned at once: as many bytes of a row as some words of eight. */
    private static final int EIGHT = 8;

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

    /** Photographs may have a thousand different sizes. */
    private static final int MOST_TABLES = 64;

    private static final ConcurrentMap<Axis, Coefficients> CACHE = new ConcurrentHashMap<>();

    private Resample() {}

    /** The image at another size; the aspect ratio is not kept. */
    public static RgbImage resize(RgbImage image, int width, int height, Filter filter) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException(
                    "the size of a resized image must be at least 1 x 1, found " + width + " x " + height);
        }
        int[] kinds = kinds(image);
        int[][] rows = alongRows(image, kinds, table(image.width(), width, filter));
        return new RgbImage(width, height, alongColumns(rows, kinds, table(image.height(), height, filter)));
    }

    private static Coefficients table(int in, int out, Filter filter) {
        if (CACHE.size() >= MOST_TABLES) {
            CACHE.clear();
        }
        return CACHE.computeIfAbsent(new Axis(in, out, filter), Resample::table);
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
     * Numbers the rows of an image; a row that is equal to the one above it, as in a figure's margins, has its number and is made only
     * once.
     */
    private static int[] kinds(RgbImage image) {
        int length = CHANNELS * image.width();
        byte[] rgb = image.rgb();
        int[] kinds = new int[image.height()];
        for (int y = 1; y < kinds.length; y++) {
            int at = y * length;
            boolean same = Arrays.equals(rgb, at - length, at, rgb, at, at + length);
            kinds[y] = kinds[y - 1] + (same ? 0 : 1);
        }
        return kinds;
    }

    /** Where a row of each kind starts; the last one again until their number is a multiple of four. */
    private static int[] starts(int[] kinds, int length) {
        int count = kinds[kinds.length - 1] + 1;
        int[] starts = new int[(count + PACKED - 1) / PACKED * PACKED];
        Arrays.fill(starts, (kinds.length - 1) * length);
        for (int y = 0; y < kinds.length; y++) {
            starts[kinds[y]] = y * length;
        }
        return starts;
    }

    /**
     * Shrinks or stretches every row, all rows at a time: the weighted columns of the image are added. Every column is an array of its
     * own, as are the rows of the result, because the JIT compiler turns a loop into vector instructions only if all its arrays
     * are read at the same index.
     *
     * @return interleaved RGB; four kinds of rows in each int of an array
     */
    private static int[][] alongRows(RgbImage image, int[] kinds, Coefficients table) {
        int[] starts = starts(kinds, CHANNELS * image.width());
        int fours = starts.length / PACKED;
        int length = CHANNELS * fours;
        int[] turned = new int[EIGHT * length];
        int[][] columns = new int[table.width][PACKED * length];
        int[] sums = new int[PACKED * length];
        int[][] parts = new int[PACKED][length];
        int[] column = new int[length];
        int[][] rows = new int[fours][CHANNELS * table.first.length];
        int unpacked = 0;
        for (int x = 0; x < table.first.length; x++) {
            for (; unpacked < table.first[x] + table.taps[x]; unpacked++) {
                if (unpacked % EIGHT == 0) {
                    turn(image, starts, unpacked, turned);
                }
                System.arraycopy(turned, unpacked % EIGHT * length, column, 0, length);
                for (int r = 0; r < PACKED; r++) {
                    unpack(column, Byte.SIZE * r, parts[r]);
                    System.arraycopy(parts[r], 0, columns[unpacked % table.width], r * length, length);
                }
            }
            Arrays.fill(sums, HALF);
            addColumns(sums, columns, table, x);
            for (int r = 0; r < PACKED; r++) {
                System.arraycopy(sums, r * length, parts[r], 0, length);
            }
            pack(parts, column);
            for (int i = 0; i < fours; i++) {
                rows[i][CHANNELS * x] = column[i];
                rows[i][CHANNELS * x + 1] = column[fours + i];
                rows[i][CHANNELS * x + 2] = column[2 * fours + i];
            }
        }
        return rows;
    }

    private static void unpack(int[] packed, int shift, int[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = packed[i] >>> shift & 0xff;
        }
    }

    private static void pack(int[][] sums, int[] packed) {
        int[] a = sums[0];
        int[] b = sums[1];
        int[] c = sums[2];
        int[] d = sums[3];
        for (int i = 0; i < packed.length; i++) {
            packed[i] = clip(a[i]) | clip(b[i]) << 8 | clip(c[i]) << 16 | clip(d[i]) << 24;
        }
    }

    /** Adds the columns that an output position is made of, weighted; column c of the image is at c modulo their number. */
    private static void addColumns(int[] sums, int[][] columns, Coefficients table, int output) {
        int first = table.first[output];
        int tap = 0;
        for (; tap + FOUR <= table.taps[output]; tap += FOUR) {
            int[] a = columns[(first + tap) % columns.length];
            int[] b = columns[(first + tap + 1) % columns.length];
            int[] c = columns[(first + tap + 2) % columns.length];
            int[] d = columns[(first + tap + 3) % columns.length];
            int weightA = table.weight(output, tap);
            int weightB = table.weight(output, tap + 1);
            int weightC = table.weight(output, tap + 2);
            int weightD = table.weight(output, tap + 3);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += a[i] * weightA + b[i] * weightB + c[i] * weightC + d[i] * weightD;
            }
        }
        for (; tap < table.taps[output]; tap++) {
            int[] column = columns[(first + tap) % columns.length];
            int weight = table.weight(output, tap);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += column[i] * weight;
            }
        }
    }

    /**
     * Turns the next eight columns of an image, or those that are left.
     *
     * @param turned where to: a column after the other, all of red, then of green and of blue; four kinds of rows in each int
     */
    private static void turn(RgbImage image, int[] starts, int column, int[] turned) {
        byte[] rgb = image.rgb();
        int from = CHANNELS * column;
        int end = CHANNELS * Math.min(column + EIGHT, image.width());
        int at = from;
        for (; at + Long.BYTES <= end; at += Long.BYTES) {
            turnEight(rgb, starts, at, at - from, turned);
        }
        int fours = starts.length / PACKED;
        for (; at < end; at++) {
            for (int i = 0; i < fours; i++) {
                int four = 0;
                for (int r = 0; r < PACKED; r++) {
                    four |= (rgb[starts[PACKED * i + r] + at] & 0xff) << (Byte.SIZE * r);
                }
                turned[(at - from) * fours + i] = four;
            }
        }
    }

    /**
     * Turns eight bytes of every row into columns, four rows at once, by two exchanges of bytes and pairs of bytes between the rows'
     * words.
     *
     * @param at the first of them in a row
     * @param to the same in the columns
     */
    private static void turnEight(byte[] rgb, int[] starts, int at, int to, int[] turned) {
        int fours = starts.length / PACKED;
        int first = to * fours;
        for (int i = 0; i < fours; i++) {
            int y = PACKED * i;
            long a = (long) EIGHT_BYTES.get(rgb, starts[y] + at);
            long b = (long) EIGHT_BYTES.get(rgb, starts[y + 1] + at);
            long c = (long) EIGHT_BYTES.get(rgb, starts[y + 2] + at);
            long d = (long) EIGHT_BYTES.get(rgb, starts[y + 3] + at);
            long evenAb = (a & EVEN_BYTES) | (b & EVEN_BYTES) << 8;
            long oddAb = (a >>> 8 & EVEN_BYTES) | (b & ~EVEN_BYTES);
            long evenCd = (c & EVEN_BYTES) | (d & EVEN_BYTES) << 8;
            long oddCd = (c >>> 8 & EVEN_BYTES) | (d & ~EVEN_BYTES);
            long columns04 = (evenAb & EVEN_PAIRS) | (evenCd & EVEN_PAIRS) << 16;
            long columns15 = (oddAb & EVEN_PAIRS) | (oddCd & EVEN_PAIRS) << 16;
            long columns26 = (evenAb >>> 16 & EVEN_PAIRS) | (evenCd & ~EVEN_PAIRS);
            long columns37 = (oddAb >>> 16 & EVEN_PAIRS) | (oddCd & ~EVEN_PAIRS);
            turned[first + i] = (int) columns04;
            turned[first + fours + i] = (int) columns15;
            turned[first + 2 * fours + i] = (int) columns26;
            turned[first + 3 * fours + i] = (int) columns37;
            turned[first + 4 * fours + i] = (int) (columns04 >>> 32);
            turned[first + 5 * fours + i] = (int) (columns15 >>> 32);
            turned[first + 6 * fours + i] = (int) (columns26 >>> 32);
            turned[first + 7 * fours + i] = (int) (columns37 >>> 32);
        }
    }

    /** Shrinks or stretches every column: weighted rows are added. */
    private static byte[] alongColumns(int[][] rows, int[] kinds, Coefficients table) {
        int[] sums = new int[rows[0].length];
        byte[] result = new byte[table.first.length * sums.length];
        int at = 0;
        for (int y = 0; y < table.first.length; y++) {
            Arrays.fill(sums, HALF);
            for (int t = 0; t < table.taps[y]; t++) {
                int kind = kinds[table.first[y] + t];
                addRow(sums, rows[kind / PACKED], Byte.SIZE * (kind % PACKED), table.weight(y, t));
            }
            clip(sums);
            for (int value : sums) {
                result[at++] = (byte) value;
            }
        }
        return result;
    }

    private static void addRow(int[] sums, int[] row, int shift, int weight) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (row[i] >>> shift & 0xff) * weight;
        }
    }

    private static void clip(int[] sums) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] = clip(sums[i]);
        }
    }

    /**
     * Pillow's clip8, without the half that sums start from: rounds to nearest and clamps to a byte, by the sign of what is below 0
     * and above 255, so that it is no branch.
     */
    private static int clip(int sum) {
        int value = sum >> PRECISION_BITS;
        return (value | (255 - value) >> 31) & ~(value >> 31) & 0xff;
    }
}
