package org.chirplens.dataset;

import java.awt.color.ColorSpace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * Reads image files of every format that ImageIO knows: PNG, JPEG, BMP, GIF, TIFF and WBMP, told by their first bytes
 * and not by their names. Of several frames or pages the first is read. A JPEG file's note on how the camera was held
 * is not followed, as Pillow's {@code open} does not. {@link Pixels} says how colours become RGB.
 */
public final class ImageFile {
    /** More pixels than this are refused before memory is taken for them: {@value}. */
    static final int MOST_PIXELS = 100_000_000;

    /** Most bytes of a file that is read as a whole. */
    private static final long MOST_IN_MEMORY = 64L << 20;

    private static final String CUT_OFF = "must be a complete JPEG image, found one without its end (cut off?)";

    private ImageFile() {}

    /**
     * Decodes an image.
     *
     * @throws IllegalArgumentException naming the file when it is not a whole image that can be decoded, or too large
     * @throws UncheckedIOException when the file cannot be read
     */
    public static RgbImage read(Path file) {
        return read(file, MOST_IN_MEMORY);
    }

    /** @param mostInMemory bytes of a file that is read as a whole */
    static RgbImage read(Path file, long mostInMemory) {
        if (file.toFile().length() > mostInMemory && !PngFile.isPng(file)) {
            return readInPlace(file);
        }
        byte[] bytes = bytes(file);
        if (PngFile.isPng(bytes)) {
            return PngFile.decode(bytes, file.toString());
        }
        if (JpegFile.isJpeg(bytes) && !JpegFile.isComplete(bytes)) {
            throw new IllegalArgumentException(file + ": " + CUT_OFF);
        }
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            return decode(stream);
        } catch (IOException | RuntimeException e) {
            // ImageIO's readers answer damage with exceptions of every kind.
            throw new IllegalArgumentException(file + ": " + problem(e), e);
        }
    }

    /** Reads what the first of perhaps many pages needs; the others stay on disk. */
    private static RgbImage readInPlace(Path file) {
        if (JpegFile.isCutOff(file)) {
            throw new IllegalArgumentException(file + ": " + CUT_OFF);
        }
        try (ImageInputStream stream = new FileImageInputStream(file.toFile())) {
            return decode(stream);
        } catch (IOException | RuntimeException e) {
            throw new IllegalArgumentException(file + ": " + problem(e), e);
        }
    }

    /** The whole file. */
    static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(file + ": the image must exist, found no such file", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Looks at the head of a file: whether its format is known and its size is sane. PNG and JPEG files are also looked
     * at their end.
     *
     * @return what is wrong, or null
     */
    static @Nullable String headerProblem(Path file) {
        if (PngFile.isPng(file)) {
            return PngFile.headerProblem(file);
        }
        if (!Files.isRegularFile(file)) {
            return "must exist, found no such file";
        }
        if (JpegFile.isCutOff(file)) {
            return CUT_OFF;
        }
        try (ImageInputStream stream = new FileImageInputStream(file.toFile())) {
            ImageReader reader = reader(stream);
            try {
                reader.setInput(stream, true, true);
                requireSize(reader);
                return reader.getImageTypes(0).hasNext() ? null : problem(new IOException("no known colours"));
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            return problem(e);
        }
    }

    /**
     * Looks at the head of files, several at a time.
     *
     * @param files a file by its index
     * @throws IllegalArgumentException naming the first ones that have a {@link #headerProblem}
     */
    static void requireHeaders(int count, IntFunction<Path> files) {
        Problems.requireNone(IntStream.range(0, count), index -> {
            String problem = headerProblem(files.apply(index));
            return problem == null ? null : files.apply(index) + ": " + problem;
        });
    }

    private static RgbImage decode(ImageInputStream stream) throws IOException {
        ImageReader reader = reader(stream);
        try {
            reader.setInput(stream, true, true);
            requireSize(reader);
            ImageReadParam param = reader.getDefaultReadParam();
            param.setDestinationType(colorsOfProfile(reader));
            return Pixels.rgb(reader.read(0, param));
        } finally {
            reader.dispose();
        }
    }

    /**
     * The RGB colours of the file's own profile; null when it has none. A JPEG reader that is asked for them leaves the
     * stored values as they are, while its default is to turn them into sRGB.
     */
    private static @Nullable ImageTypeSpecifier colorsOfProfile(ImageReader reader) throws IOException {
        for (Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0); types.hasNext(); ) {
            ImageTypeSpecifier type = types.next();
            ColorSpace space = type.getColorModel().getColorSpace();
            if (space.getType() == ColorSpace.TYPE_RGB && !space.isCS_sRGB()) {
                return type;
            }
        }
        return null;
    }

    private static ImageReader reader(ImageInputStream stream) {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        if (!readers.hasNext()) {
            throw new IllegalArgumentException(
                    "must be a PNG, JPEG, BMP, GIF, TIFF or WBMP image, found a file of none of these formats");
        }
        return readers.next();
    }

    private static void requireSize(ImageReader reader) throws IOException {
        String problem = sizeProblem(reader.getWidth(0), reader.getHeight(0));
        if (problem != null) {
            throw new IllegalArgumentException(problem);
        }
    }

    /** What is wrong with an image's size, or null. */
    static @Nullable String sizeProblem(int width, int height) {
        return width < 1 || height < 1 || (long) width * height > MOST_PIXELS
                ? "must have 1 to " + MOST_PIXELS + " pixels, found " + width + " x " + height
                : null;
    }

    private static String problem(Exception e) {
        String message = e.getMessage();
        return e instanceof IllegalArgumentException && message != null && message.startsWith("must ")
                ? message
                : "must be an image that can be decoded (CMYK cannot), found " + e;
    }
}
