package org.chirplens.checkpoint;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the bytes of a pickle forwards; what a length claims must be there before memory is taken for it. */
final class PickleBytes {
    /** At some hundred bytes a tensor this is tens of thousands of them; it bounds the objects that a file can make. */
    static final int MAX_LENGTH = 4_000_000;

    /** Longer than any name of a tensor or of a class. */
    private static final int MAX_TEXT = 1 << 16;

    private static final int WINDOW_BYTES = 1 << 13;

    private final FileRange file;
    private final ByteBuffer window;
    private long next; // where the bytes after the window start

    /** Starts at the range's first byte. */
    PickleBytes(FileRange file) {
        this.file = file.part(0, Math.min(file.length(), MAX_LENGTH), "pickle");
        this.window =
                ByteBuffer.allocate(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    }

    /** Bytes read so far. */
    long position() {
        return next - window.remaining();
    }

    long remaining() {
        return file.length() - position();
    }

    int uint8() throws IOException {
        require(1);
        return window.get() & 0xff;
    }

    int uint16() throws IOException {
        require(2);
        return window.getShort() & 0xffff;
    }

    int int32() throws IOException {
        require(4);
        return window.getInt();
    }

    long uint32() throws IOException {
        return Integer.toUnsignedLong(int32());
    }

    long int64() throws IOException {
        require(8);
        return window.getLong();
    }

    /** A double, the one number that pickles store with its highest byte first. */
    double float64() throws IOException {
        return Double.longBitsToDouble(Long.reverseBytes(int64()));
    }

    /** An integer in two's complement; a {@link Long} where it fits, as nearly all do. */
    Number integer(int length) throws IOException {
        byte[] bytes = take(length);
        for (int i = 0; i < length / 2; i++) {
            byte swapped = bytes[i];
            bytes[i] = bytes[length - 1 - i];
            bytes[length - 1 - i] = swapped;
        }
        BigInteger value = length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        if (value.bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value;
    }

    String text(long length) throws IOException {
        if (length < 0 || length > MAX_TEXT) {
            throw new IllegalArgumentException(
                    "text must have at most " + MAX_TEXT + " bytes, found " + Long.toUnsignedString(length));
        }
        return utf8(take((int) length));
    }

    /** The text up to a line's end, which is skipped. */
    String line() throws IOException {
        byte[] line = new byte[256];
        for (int length = 0; length < line.length; length++) {
            line[length] = (byte) uint8();
            if (line[length] == '\n') {
                return utf8(Arrays.copyOf(line, length));
            }
        }
        throw new IllegalArgumentException("the name of a class must have less than " + line.length + " bytes");
    }

    private static String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("text is not UTF-8", e);
        }
    }

    private byte[] take(int length) throws IOException {
        requireRemaining(length);
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            require(1);
            int count = Math.min(length - done, window.remaining());
            window.get(bytes, done, count);
            done += count;
        }
        return bytes;
    }

    /** Sees to it that the window holds this many bytes. */
    private void require(int count) throws IOException {
        if (window.remaining() >= count) {
            return;
        }
        requireRemaining(count);
        long start = position();
        ByteBuffer more = file.part(start, Math.min(file.length() - start, WINDOW_BYTES), "pickle")
                .bytes();
        window.clear().put(more).flip();
        next = start + window.limit();
    }

    private void requireRemaining(int count) {
        if (count > remaining()) {
            throw new IllegalArgumentException("the pickle ends too early, or is longer than " + MAX_LENGTH
                    + " bytes: needs " + count + " more, found " + remaining());
        }
    }
}
