package org.chirplens.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.chirplens.figure.RgbImage;

/**
 * Encodes RGB images as PNG, several times faster than ImageIO. Rows are stored unfiltered and compressed at level 2:
 * on the released figure, whose colours repeat, this is both smaller and faster than any filter of the format.
 */
public final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int COMPRESSION_LEVEL = 2;
    private static final byte BIT_DEPTH = 8;
    private static final byte RGB = 2;

    private PngEncoder() {}

    /** The bytes of a PNG file. */
    public static byte[] encode(RgbImage image) {
        byte[] data = deflate(scanLines(image));
        ByteBuffer header = ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height());
        header.put(BIT_DEPTH).put(RGB).put(new byte[] {0, 0, 0});
        ByteBuffer file = ByteBuffer.allocate(SIGNATURE.length + 3 * 12 + header.capacity() + data.length);
        file.put(SIGNATURE);
        putChunk(file, "IHDR", header.array());
        putChunk(file, "IDAT", data);
        putChunk(file, "IEND", new byte[0]);
        return file.array();
    }

    /** Each row after a byte 0, which says that the row is not filtered. */
    private static byte[] scanLines(RgbImage image) {
        int length = 3 * image.width();
        byte[] lines = new byte[(length + 1) * image.height()];
        for (int y = 0; y < image.height(); y++) {
            System.arraycopy(image.rgb(), y * length, lines, y * (length + 1) + 1, length);
        }
        return lines;
    }

    private static byte[] deflate(byte[] lines) {
        Deflater deflater = new Deflater(COMPRESSION_LEVEL);
        try {
            deflater.setInput(lines);
            deflater.finish();
            byte[] data = new byte[lines.length / 4 + 1024];
            int length = deflater.deflate(data);
            while (!deflater.finished()) {
                data = Arrays.copyOf(data, 2 * data.length);
                length += deflater.deflate(data, length, data.length - length);
            }
            return Arrays.copyOf(data, length);
        } finally {
            deflater.end();
        }
    }

    private static void putChunk(ByteBuffer file, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        file.putInt(data.length).put(name).put(data).putInt((int) sum.getValue());
    }
}
