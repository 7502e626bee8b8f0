package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A TFRecord file that is read. Every length and check sum is verified before it is relied on; whatever a file claims,
 * no more memory is taken than it has bytes.
 */
final class TfRecordFile implements AutoCloseable {
    private static final int FRAME_BYTES = TfRecord.HEADER_BYTES + TfRecord.FOOTER_BYTES;

    private final Path file;
    private final FileChannel channel;

    private TfRecordFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws IllegalArgumentException when there is no such file */
    static TfRecordFile open(Path file) {
        try {
            return new TfRecordFile(file, FileChannel.open(file));
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": the TFRecord file must exist, found no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open " + file, e);
        }
    }

    /**
     * Walks the records from header to header without reading their data.
     *
     * @param records how many there must be
     * @return where each begins
     * @throws IllegalArgumentException naming file and byte when a header is damaged, the file is cut off, or the number
     *     of records is another
     */
    long[] offsets(int records) {
        Walk walk = walk(records);
        if (walk.problem != null) {
            throw new IllegalArgumentException(walk.problem);
        }
        return walk.offsets;
    }

    /**
     * How far the records can be followed.
     *
     * @param offsets where each begins
     * @param problem why it ends there, with file and byte; null when the file is as it must be
     */
    record Walk(long[] offsets, @Nullable String problem) {}

    /** Walks the records as {@link #offsets} does, and keeps what comes before a problem. */
    Walk walk(int records) {
        long size = size();
        long[] offsets = new long[(int) Math.min(records, size / FRAME_BYTES)];
        int found = 0;
        try {
            long at = 0;
            while (at < size) {
                if (found == records) {
                    throw problem(at, "the file must end after " + records + " records, found more");
                }
                int length = length(at, size);
                // Each record has a frame at least, so the array is long enough for as many as the file can hold.
                offsets[found++] = at;
                at += FRAME_BYTES + length;
            }
            if (found != records) {
                throw problem(size, "the file must hold " + records + " records, found " + found + " (cut off?)");
            }
            return new Walk(offsets, null);
        } catch (IllegalArgumentException e) {
            return new Walk(Arrays.copyOf(offsets, found), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Reads the data of one record.
     *
     * @param at where it begins
     * @throws IllegalArgumentException naming file and byte when the record is damaged or cut off
     */
    byte[] read(long at) {
        int length = length(at, size());
        byte[] record = bytes(at + TfRecord.HEADER_BYTES, length + TfRecord.FOOTER_BYTES);
        if (littleEndian(record).getInt(length) != TfRecord.maskedCrc(record, 0, length)) {
            throw problem(at, "the record's data must have their check sum, found another (damaged?)");
        }
        return Arrays.copyOf(record, length);
    }

    private int length(long at, long size) {
        if (size - at < FRAME_BYTES) {
            throw problem(
                    at,
                    "a record must have at least " + FRAME_BYTES + " bytes, found " + (size - at)
                            + " to the end of the file (cut off?)");
        }
        byte[] header = bytes(at, TfRecord.HEADER_BYTES);
        if (littleEndian(header).getInt(Long.BYTES) != TfRecord.maskedCrc(header, 0, Long.BYTES)) {
            throw problem(at, "the record's length must have its check sum, found another (damaged?)");
        }
        long length = littleEndian(header).getLong(0);
        if (length < 0 || length > size - at - FRAME_BYTES) {
            throw problem(
                    at,
                    "the record's data must end within the file, found a length of " + Long.toUnsignedString(length)
                            + " bytes and " + (size - at - FRAME_BYTES) + " left (cut off?)");
        }
        if (length > Integer.MAX_VALUE - FRAME_BYTES) {
            throw problem(at, "a record of an image must be below 2 GiB, found " + length + " bytes");
        }
        return (int) length;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private byte[] bytes(long position, int count) {
        byte[] bytes = new byte[count];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        try {
            while (buffer.hasRemaining()) {
                if (channel.read(buffer, position + buffer.position()) < 0) {
                    throw problem(position, "the file must not change while it is read, found its end");
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return bytes;
    }

    private long size() {
        try {
            return channel.size();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private IllegalArgumentException problem(long at, String rule) {
        return new IllegalArgumentException(file + ": byte " + at + ": " + rule);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
