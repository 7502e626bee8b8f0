package org.chirplens.dataset;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/** Reads PNG files, and tells damaged ones by the marks of the format (PNG specification, chapter 5). */
public final class PngFile {
    private static final long SIGNATURE = 0x89504e470d0a1a0aL;
    private static final int IHDR = 0x49484452;
    private static final int IEND = 0x49454e44;
    private static final int SIGNATURE_BYTES = 8;

    /** Length, type and check sum around a chunk's data. */
    private static final int CHUNK_BYTES = 12;

    /** Signature and the whole IHDR chunk. */
    private static final int HEAD_BYTES = SIGNATURE_BYTES + CHUNK_BYTES + 13;

    /** Where the header has the bits of a channel, and beside it the kind of channels. */
    private static final int BIT_DEPTH_AT = SIGNATURE_BYTES + 16;

    private static final int COLOUR_TYPE_AT = BIT_DEPTH_AT + 1;
    /** Where IHDR's data begin: width, then height. */
    private static final int WIDTH_AT = SIGNATURE_BYTES + 8;

    private PngFile() {}

    /** Whether bytes begin as a PNG file does. */
    static boolean isPng(byte[] bytes) {
        return bytes.length >= SIGNATURE_BYTES && ByteBuffer.wrap(bytes).getLong() == SIGNATURE;
    }

    /** Whether a file begins as a PNG file does; false when there is no such file. */
    static boolean isPng(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            return isPng(read(channel, 0, SIGNATURE_BYTES).array());
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Looks at the first 33 and the last 12 bytes: enough to find other formats and files that were cut off.
     *
     * @return what is wrong, or null
     */
    static @Nullable String headerProblem(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            long size = channel.size();
            if (size < HEAD_BYTES + CHUNK_BYTES) {
                return "must be a PNG image, found a file of " + size + " bytes";
            }
            ByteBuffer head = read(channel, 0, HEAD_BYTES);
            if (head.getLong(0) != SIGNATURE || head.getInt(SIGNATURE_BYTES + 4) != IHDR) {
                return "must be a PNG image, found a file without PNG signature and header";
            }
            String pixels = ImageFile.sizeProblem(head.getInt(WIDTH_AT), head.getInt(WIDTH_AT + Integer.BYTES));
            if (pixels != null) {
                return pixels;
            }
            ByteBuffer tail = read(channel, size - CHUNK_BYTES, CHUNK_BYTES);
            return tail.getLong() == IEND
                    ? null
                    : "must be a complete PNG image, found one without its end (cut off, or is something behind it?)";
        } catch (NoSuchFileException e) {
            return "must exist, found no such file";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Reads all of a file and checks every check sum: a tenth of a millisecond or so for an image that is in memory.
     *
     * @return what is wrong, or null
     */
    static @Nullable String problem(Path file) {
        String problem = headerProblem(file);
        return problem != null ? problem : damage(ImageFile.bytes(file));
    }

    private static ByteBuffer read(SeekableByteChannel channel, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        channel.position(position);
        while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
            // Goes on until the buffer is full or the file ends.
        }
        return buffer.rewind();
    }

    /**
     * Decodes an image; its alpha channel is dropped.
     *
     * @throws IllegalArgumentException naming the file when it is not a whole, undamaged PNG image
     */
    public static RgbImage read(Path file) {
        return decode(ImageFile.bytes(file), file.toString());
    }

    /**
     * Decodes an image that has been read already.
     *
     * @param place where it is from, for messages
     */
    static RgbImage decode(byte[] bytes, String place) {
        String damage = damage(bytes);
        if (damage != null) {
            throw new IllegalArgumentException(place + ": " + damage);
        }
        try {
            // The stream in memory spares ImageIO its temporary file.
            BufferedImage image = ImageIO.read(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)));
            if (image == null) {
                throw new IllegalArgumentException(place + ": must be a PNG image, found one that cannot be decoded");
            }
            return Pixels.rgb(image);
        } catch (IOException | IndexOutOfBoundsException e) {
            throw new IllegalArgumentException(place + ": must be a PNG image that can be decoded, found " + e, e);
        }
    }

    /**
     * How a PNG file stores its pixels, such as {@code RGBA, 8 bits}: the colour type and bit depth of its header.
     *
     * @throws UncheckedIOException when it cannot be read
     */
    static String mode(Path file) {
        try (SeekableByteChannel channel = Files.newByteChannel(file)) {
            ByteBuffer head = read(channel, 0, HEAD_BYTES);
            String colours =
                    switch (head.get(COLOUR_TYPE_AT)) {
                        case 0 -> "grey";
                        case 2 -> "RGB";
                        case 3 -> "palette";
                        case 4 -> "grey with alpha";
                        case 6 -> "RGBA";
                        default -> "unknown colours";
                    };
            return colours + ", " + head.get(BIT_DEPTH_AT) + " bits";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Walks all chunks with their check sums, which ImageIO does not look at. */
    private static @Nullable String damage(byte[] bytes) {
        ByteBuffer png = ByteBuffer.wrap(bytes);
        if (png.remaining() < HEAD_BYTES || png.getLong(0) != SIGNATURE || png.getInt(SIGNATURE_BYTES + 4) != IHDR) {
            return "must be a PNG image, found a file of " + png.remaining()
                    + " bytes without PNG signature and header";
        }
        String pixels = ImageFile.sizeProblem(png.getInt(WIDTH_AT), png.getInt(WIDTH_AT + Integer.BYTES));
        if (pixels != null) {
            return pixels;
        }
        int at = SIGNATURE_BYTES;
        int type = IHDR;
        while (type != IEND) {
            if (png.limit() - at < CHUNK_BYTES) {
                return "must be a complete PNG image, found one without its end (cut off?)";
            }
            int length = png.getInt(at);
            if (length < 0 || length > png.limit() - at - CHUNK_BYTES) {
                return "must be a complete PNG image, found one that is cut off after " + png.limit() + " bytes";
            }
            CRC32 sum = new CRC32();
            sum.update(bytes, at + 4, 4 + length);
            if ((int) sum.getValue() != png.getInt(at + 8 + length)) {
                return "must be an undamaged PNG image, found a wrong check sum at byte " + at;
            }
            type = png.getInt(at + 4);
            at += CHUNK_BYTES + length;
        }
        return null;
    }
}
