package org.chirplens.dataset;

import java.util.Arrays;
import java.util.zip.Adler32;
import org.chirplens.figure.RgbImage;

/**
 * Compresses the unfiltered rows of an RGB image to a zlib stream (RFC 1950 and 1951), as PNG wants it. Matches are
 * looked for by whole pixels: on figures, whose colours repeat, this is faster than zlib and finds more. And the bytes
 * depend on the image alone, not on the zlib that a Java happens to use.
 */
final class PixelDeflater {
    private static final int WINDOW = 32768;
    private static final int LONGEST = 258;
    private static final int END = 256;
    private static final int PAIR_BITS = 13;
    private static final int PIXEL_BITS = 12;
    /** Bits below the distance in a token that is a match; other tokens are a byte as it is. */
    private static final int DISTANCE_AT = 9;

    private final byte[] lines;
    private final int rowBytes;
    private int[] tokens = new int[1 << 17];
    private int size;
    private final int[] lastPair = new int[1 << PAIR_BITS];
    private final int[] lastPixel = new int[1 << PIXEL_BITS];

    private PixelDeflater(byte[] lines, int rowBytes) {
        this.lines = lines;
        this.rowBytes = rowBytes;
    }

    /** The compressed rows of an image, each after a byte 0, which says that it is not filtered. */
    static byte[] deflate(RgbImage image) {
        int length = 3 * image.width();
        byte[] lines = new byte[(length + 1) * image.height()];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * length, lines, y * (length + 1) + 1, length);
        }
        PixelDeflater deflater = new PixelDeflater(lines, length + 1);
        deflater.findMatches();
        return deflater.write();
    }

    private void findMatches() {
        Arrays.fill(lastPair, -WINDOW - 1);
        Arrays.fill(lastPixel, -WINDOW - 1);
        for (int row = 0; row < lines.length; row += rowBytes) {
            if (size + rowBytes > tokens.length) {
                tokens = Arrays.copyOf(tokens, 2 * (size + rowBytes));
            }
            tokens[size++] = 0;
            findMatches(row + 1, row + rowBytes);
        }
    }

    private void findMatches(int from, int end) {
        int at = from;
        while (at < end) {
            int pixel = pixel(at);
            int next = at + 3 < end ? pixel(at + 3) : -1;
            int pairHash = ((pixel * 0x9E3779B1) ^ (next * 0x85EBCA77)) >>> (32 - PAIR_BITS);
            int pixelHash = (pixel * 0x9E3779B1) >>> (32 - PIXEL_BITS);
            int pair = lastPair[pairHash];
            int single = lastPixel[pixelHash];
            lastPair[pairHash] = at;
            lastPixel[pixelHash] = at;
            if (next >= 0 && at - pair <= WINDOW && pixel(pair) == pixel && pixel(pair + 3) == next) {
                int length = matchLength(pair, at, Math.min(LONGEST, end - at));
                tokens[size++] = -((at - pair) << DISTANCE_AT | length);
                at += length;
            } else if (at - single <= WINDOW && pixel(single) == pixel) {
                tokens[size++] = -((at - single) << DISTANCE_AT | 3);
                at += 3;
            } else {
                tokens[size++] = lines[at] & 0xff;
                tokens[size++] = lines[at + 1] & 0xff;
                tokens[size++] = lines[at + 2] & 0xff;
                at += 3;
            }
        }
    }

    private int pixel(int at) {
        return (lines[at] & 0xff) << 16 | (lines[at + 1] & 0xff) << 8 | (lines[at + 2] & 0xff);
    }

    /** Bytes that are equal from the third pixel on, too; whole pixels. */
    private int matchLength(int earlier, int at, int most) {
        int length = 6;
        while (length < most && lines[earlier + length] == lines[at + length]) {
            length++;
        }
        return length - length % 3;
    }

    /** Symbol of a match length, less 257, as RFC 1951 numbers them. */
    private static int lengthSymbol(int length) {
        int rest = length - 3;
        int extra = lengthExtra(length);
        return length == LONGEST ? 28 : rest < 8 ? rest : 4 * extra + 4 + ((rest >> extra) & 3);
    }

    private static int lengthExtra(int length) {
        int rest = length - 3;
        return rest < 8 || length == LONGEST ? 0 : 29 - Integer.numberOfLeadingZeros(rest);
    }

    private static int distanceSymbol(int distance) {
        int rest = distance - 1;
        int extra = distanceExtra(distance);
        return rest < 4 ? rest : 2 * extra + 2 + ((rest >> extra) & 1);
    }

    private static int distanceExtra(int distance) {
        int rest = distance - 1;
        return rest < 4 ? 0 : 30 - Integer.numberOfLeadingZeros(rest);
    }

    private byte[] write() {
        int[] literals = new int[286];
        int[] distances = new int[30];
        long extras = 0;
        for (int i = 0; i < size; i++) {
            int token = tokens[i];
            if (token >= 0) {
                literals[token]++;
            } else {
                int length = -token & ((1 << DISTANCE_AT) - 1);
                int distance = -token >> DISTANCE_AT;
                literals[257 + lengthSymbol(length)]++;
                distances[distanceSymbol(distance)]++;
                extras += lengthExtra(length) + distanceExtra(distance);
            }
        }
        literals[END] = 1;
        return write(literals, distances, extras);
    }

    private byte[] write(int[] literals, int[] distances, long extras) {
        HuffmanCode letters = HuffmanCode.of(literals);
        HuffmanCode steps = HuffmanCode.of(distances);
        long bits = extras + 3 + 14 + 57 + 4 * (286 + 30);
        for (int i = 0; i < literals.length; i++) {
            bits += (long) literals[i] * letters.lengths()[i];
        }
        for (int i = 0; i < distances.length; i++) {
            bits += (long) distances[i] * steps.lengths()[i];
        }
        BitWriter out = new BitWriter(Math.toIntExact(2 + (bits + 7) / 8 + 4));
        out.put(0x0178, 16);
        header(out, letters, steps);
        for (int i = 0; i < size; i++) {
            put(out, tokens[i], letters, steps);
        }
        out.put(letters.codes()[END], letters.lengths()[END]);
        Adler32 sum = new Adler32();
        sum.update(lines);
        return out.finish((int) sum.getValue());
    }

    /** One last block with codes of its own; their lengths are told in four bits each, which costs 158 bytes in all. */
    private static void header(BitWriter out, HuffmanCode letters, HuffmanCode steps) {
        out.put(1 | (2 << 1), 3);
        out.put((286 - 257) | ((30 - 1) << 5) | ((19 - 4) << 10), 14);
        // The order of RFC 1951 begins with the three symbols for repetitions, which are not used.
        out.put(0, 9);
        for (int i = 0; i < 16; i++) {
            out.put(4, 3);
        }
        for (int length : letters.lengths()) {
            out.put(Integer.reverse(length) >>> 28, 4);
        }
        for (int length : steps.lengths()) {
            out.put(Integer.reverse(length) >>> 28, 4);
        }
    }

    private static void put(BitWriter out, int token, HuffmanCode letters, HuffmanCode steps) {
        if (token >= 0) {
            out.put(letters.codes()[token], letters.lengths()[token]);
            return;
        }
        int length = -token & ((1 << DISTANCE_AT) - 1);
        int distance = -token >> DISTANCE_AT;
        int symbol = 257 + lengthSymbol(length);
        out.put(letters.codes()[symbol], letters.lengths()[symbol]);
        int extra = lengthExtra(length);
        out.put((length - 3) & ((1 << extra) - 1), extra);
        int step = distanceSymbol(distance);
        out.put(steps.codes()[step], steps.lengths()[step]);
        int more = distanceExtra(distance);
        out.put((distance - 1) & ((1 << more) - 1), more);
    }

    /** Bits from the lowest of each byte on. */
    private static final class BitWriter {
        private final byte[] bytes;
        private int at;
        private long waiting;
        private int count;

        BitWriter(int size) {
            bytes = new byte[size];
        }

        void put(int bits, int length) {
            waiting |= (long) bits << count;
            count += length;
            while (count >= 8) {
                bytes[at++] = (byte) waiting;
                waiting >>>= 8;
                count -= 8;
            }
        }

        /** Fills the last byte and appends the check sum, highest byte first. */
        byte[] finish(int sum) {
            put(0, -count & 7);
            put(Integer.reverseBytes(sum) & 0xffff, 16);
            put(Integer.reverseBytes(sum) >>> 16, 16);
            return bytes;
        }
    }
}
