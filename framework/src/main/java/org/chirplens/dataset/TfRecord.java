package org.chirplens.dataset;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The frame of a record in a TFRecord file: the length of its data (uint64), the length's masked CRC-32C (uint32), the
 * data, and their masked CRC-32C (uint32), all little endian.
 */
public final class TfRecord {
    /** Length and its check sum. */
    static final int HEADER_BYTES = 12;

    /** The check sum of the data. */
    static final int FOOTER_BYTES = 4;

    private TfRecord() {}

    /** Writes one record. */
    public static void write(OutputStream out, byte[] data) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.putLong(data.length).putInt(maskedCrc(header.array(), 0, Long.BYTES));
        ByteBuffer footer = ByteBuffer.allocate(FOOTER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        footer.putInt(maskedCrc(data, 0, data.length));
        out.write(header.array());
        out.write(data);
        out.write(footer.array());
    }

    /** The format's check sum: CRC-32C rotated right by 15 bits, plus 0xa282ead8. */
    public static int maskedCrc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return Integer.rotateRight((int) crc.getValue(), 15) + 0xa282ead8;
    }
}
