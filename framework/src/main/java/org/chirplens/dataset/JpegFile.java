package org.chirplens.dataset;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Tells JPEG files that were cut off, which ImageIO fills with grey; by the format's markers (ITU T.81, annex B). */
final class JpegFile {
    private static final int MARKER = 0xff;
    private static final int START = 0xd8;
    private static final int END = 0xd9;
    private static final int SCAN = 0xda;

    private JpegFile() {}

    /** Whether bytes begin as a JPEG file does. */
    static boolean isJpeg(byte[] bytes) {
        return bytes.length >= 3 && at(bytes, 0) == MARKER && at(bytes, 1) == START && at(bytes, 2) == MARKER;
    }

    /** Whether the image's end is there; what programs put behind it does not count. */
    static boolean isComplete(byte[] bytes) {
        int at = 2;
        while (at + 3 < bytes.length && at(bytes, at) == MARKER) {
            int type = at(bytes, at + 1);
            if (type == END) {
                return true;
            }
            if (type == MARKER) {
                at++; // Any number of fill bytes may come before a marker.
                continue;
            }
            at += 2 + (at(bytes, at + 2) << 8 | at(bytes, at + 3));
            if (type == SCAN) {
                at = endOfScan(bytes, at);
            }
        }
        return at + 1 < bytes.length && at(bytes, at) == MARKER && at(bytes, at + 1) == END;
    }

    /**
     * Whether a file is a JPEG image whose end is missing. All of it is read only where its last two bytes are not the end:
     * where it was cut off, or a program put something behind it.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    static boolean isCutOff(Path file) {
        byte[] first = new byte[3];
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() < first.length) {
                return false;
            }
            in.readFully(first);
            in.seek(in.length() - 2);
            if (!isJpeg(first) || in.readUnsignedShort() == (MARKER << 8 | END)) {
                return false;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return !isComplete(ImageFile.bytes(file));
    }

    /** Where the next marker is, behind entropy-coded data: in these, 0xff is followed by 0 or a restart marker. */
    private static int endOfScan(byte[] bytes, int from) {
        int at = from;
        while (at + 1 < bytes.length) {
            int next = at(bytes, at + 1);
            boolean restart = next >= 0xd0 && next <= 0xd7;
            if (at(bytes, at) == MARKER && next != 0 && !restart) {
                return at;
            }
            at++;
        }
        return bytes.length;
    }

    private static int at(byte[] bytes, int index) {
        return bytes[index] & 0xff;
    }
}
