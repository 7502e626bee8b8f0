package org.chirplens.analysis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import java.util.zip.CRC32;

/**
 * Results of a sweep so far, one record of floats per image, each with its checksum, appended to a file. What a killed
 * process had half written is dropped when the file is opened again.
 */
final class SweepJournal implements AutoCloseable {
    private static final int LENGTH_BYTES = Integer.BYTES;
    private static final int CHECKSUM_BYTES = Long.BYTES;

    private final Path file;
    private final FileChannel channel;
    private final int floats;
    private final long start;

    private SweepJournal(Path file, FileChannel channel, int floats, long start) {
        this.file = file;
        this.channel = channel;
        this.floats = floats;
        this.start = start;
    }

    /**
     * Opens a journal, or starts one.
     *
     * @param identity what the records belong to; a journal of anything else is emptied
     * @param floats values of a record
     */
    static SweepJournal open(Path file, String identity, int floats) {
        byte[] name = (identity + "\n" + floats).getBytes(StandardCharsets.UTF_8);
        ByteBuffer header = ByteBuffer.allocate(LENGTH_BYTES + name.length)
                .putInt(name.length)
                .put(name)
                .flip();
        try {
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            ByteBuffer found = ByteBuffer.allocate(header.capacity());
            readFully(channel, found, 0);
            if (!found.flip().equals(header)) {
                channel.truncate(0);
                channel.write(header, 0);
            }
            return new SweepJournal(file, channel, floats, header.capacity());
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /**
     * Hands on the whole records in the file: all {@code limit} of them, or as many as make whole batches, so that a stopped
     * sweep computes the same batches as one that was not. Appending goes on behind them.
     */
    void replay(int limit, int batchSize, Consumer<float[]> records) {
        int bytes = floats * Float.BYTES + CHECKSUM_BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(bytes);
        try {
            int whole = 0;
            while (whole < limit && isWhole(start + (long) whole * bytes)) {
                whole++;
            }
            int kept = whole < limit ? whole - whole % batchSize : limit;
            for (int i = 0; i < kept; i++) {
                readFully(channel, buffer.clear(), start + (long) i * bytes);
                float[] record = new float[floats];
                buffer.flip().asFloatBuffer().get(record);
                records.accept(record);
            }
            long end = start + (long) kept * bytes;
            channel.truncate(end);
            channel.position(end);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private boolean isWhole(long position) throws IOException {
        int content = floats * Float.BYTES;
        ByteBuffer buffer = ByteBuffer.allocate(content + CHECKSUM_BYTES);
        readFully(channel, buffer, position);
        return !buffer.hasRemaining() && buffer.getLong(content) == checksum(buffer.array(), content);
    }

    void append(float[] record) {
        ByteBuffer buffer = ByteBuffer.allocate(floats * Float.BYTES + CHECKSUM_BYTES);
        buffer.asFloatBuffer().put(record);
        buffer.position(floats * Float.BYTES);
        buffer.putLong(checksum(buffer.array(), floats * Float.BYTES)).flip();
        try {
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** Makes what was appended survive a loss of power. */
    void flush() {
        try {
            channel.force(false);
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    private static long checksum(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return crc.getValue();
    }

    private static void readFully(FileChannel channel, ByteBuffer buffer, long position) throws IOException {
        while (buffer.hasRemaining()) {
            int read = channel.read(buffer, position + buffer.position());
            if (read < 0) {
                return;
            }
        }
    }
}
