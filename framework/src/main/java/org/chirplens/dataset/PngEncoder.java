package org.chirplens.dataset;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import org.chirplens.figure.RgbImage;

/**
 * Encodes RGB images as PNG, many times faster than ImageIO. Rows are stored unfiltered: on the released figure, whose
 * colours repeat, this is both smaller and faster than any filter of the format.
 */
public final class PngEncoder {
    private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte BIT_DEPTH = 8;
    private static final byte RGB = 2;

    private PngEncoder() {}

    /** The bytes of a PNG file. */
    public static byte[] encode(RgbImage image) {
        byte[] data = PixelDeflater.deflate(image);
        ByteBuffer header = ByteBuffer.allocate(13).putInt(image.width()).putInt(image.height());
        header.put(BIT_DEPTH).put(RGB).put(new byte[] {0, 0, 0});
        ByteBuffer file = ByteBuffer.allocate(SIGNATURE.length + 3 * 12 + header.capacity() + data.length);
        file.put(SIGNATURE);
        putChunk(file, "IHDR", header.array());
        putChunk(file, "IDAT", data);
        putChunk(file, "IEND", new byte[0]);
        return file.array();
    }

    private static void putChunk(ByteBuffer file, String type, byte[] data) {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 sum = new CRC32();
        sum.update(name);
        sum.update(data);
        file.putInt(data.length).put(name).put(data).putInt((int) sum.getValue());
    }
}
