package org.chirplens.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/**
 * A stretch of an open file, known to lie within it, so that its length is a fair bound for what reading it may take.
 *
 * @param channel the file
 * @param position where it starts
 * @param length its bytes
 */
record FileRange(FileChannel channel, long position, long length) {
    private static final int BUFFER_BYTES = 1 << 20;

    /** Buffers outside the heap save a copy, but they are dear to make: not for a bias. */
    private static final int DIRECT_BYTES = 1 << 16;

    /** What takes one buffer of values, from an index on. */
    interface Sink {
        void accept(ByteBuffer buffer, int index);
    }

    static FileRange whole(FileChannel channel) throws IOException {
        return new FileRange(channel, 0, channel.size());
    }

    /**
     * A part of this range.
     *
     * @param offset its start, relative to this range
     * @param what for the message
     * @throws IllegalArgumentException when it is not within this range
     */
    FileRange part(long offset, long partLength, String what) {
        if (offset < 0 || partLength < 0 || offset > length || partLength > length - offset) {
            throw new IllegalArgumentException(what + " of " + Long.toUnsignedString(partLength) + " bytes at byte "
                    + Long.toUnsignedString(offset) + " goes beyond the " + length + " that are there");
        }
        return new FileRange(channel, position + offset, partLength);
    }

    /** All bytes at once, as a little-endian buffer. */
    ByteBuffer bytes() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(Math.toIntExact(length)).order(ByteOrder.LITTLE_ENDIAN);
        fill(buffer, position);
        return buffer;
    }

    /** Passes all bytes, little-endian, through a small buffer that holds whole values of this width. */
    void stream(int width, Sink sink) throws IOException {
        int size = (int) Math.min(length, BUFFER_BYTES);
        ByteBuffer buffer = size < DIRECT_BYTES ? ByteBuffer.allocate(size) : ByteBuffer.allocateDirect(size);
        buffer.order(ByteOrder.LITTLE_ENDIAN);
        int index = 0;
        for (long at = 0; at < length; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(length - at, BUFFER_BYTES));
            fill(buffer, position + at);
            sink.accept(buffer, index);
            index += buffer.limit() / width;
        }
    }

    /** Decodes values of a format that {@link DType#fitsFloat()}. */
    float[] floats(DType dtype) throws IOException {
        float[] data = new float[Math.toIntExact(length / dtype.bytes())];
        stream(dtype.bytes(), (buffer, index) -> dtype.decode(buffer, data, index));
        return data;
    }

    int crc32() throws IOException {
        CRC32 crc = new CRC32();
        stream(1, (buffer, index) -> crc.update(buffer.duplicate()));
        return (int) crc.getValue();
    }

    private void fill(ByteBuffer buffer, long from) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IllegalArgumentException("the file ended while it was read");
            }
        }
        buffer.flip();
    }
}
