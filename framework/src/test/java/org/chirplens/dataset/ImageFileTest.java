package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Images of every format and colour model against what Pillow reads; {@code images/make_images.py} made them. */
class ImageFileTest {
    private static final Path IMAGES = RecordedArrays.path("/images");
    private static final int WIDTH = 13;
    private static final int HEIGHT = 9;

    private final Path directory;

    ImageFileTest(@TempDir Path directory) {
        this.directory = directory;
    }

    static List<String> recorded() throws IOException {
        try (Stream<Path> files = Files.list(IMAGES)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".rgb"))
                    .map(name -> name.substring(0, name.length() - ".rgb".length()))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void pixelsAreThoseThatPillowReads(String name) throws IOException {
        RgbImage image = ImageFile.read(IMAGES.resolve(name));

        assertThat(image.width()).isEqualTo(WIDTH);
        assertThat(image.height()).isEqualTo(HEIGHT);
        byte[] expected = Files.readAllBytes(IMAGES.resolve(name + ".rgb"));
        if (name.equals("palette.tiff")) {
            // Its palette has 16 bits: Pillow writes 256 v for v, and ImageIO reads that as 256 / 257 of v.
            for (int i = 0; i < expected.length; i++) {
                assertThat(image.rgb()[i] & 0xff).isCloseTo(expected[i] & 0xff, within(1));
            }
        } else {
            assertThat(image.rgb()).isEqualTo(expected);
        }
        assertThat(ImageFile.headerProblem(IMAGES.resolve(name))).isNull();
        assertThat(ImageFile.read(IMAGES.resolve(name), 0).rgb())
                .as("a large file")
                .isEqualTo(image.rgb());
    }

    @Test
    void thereAreImagesOfEveryFormatThatPillowWrites() throws IOException {
        assertThat(recorded())
                .hasSize(41)
                .extracting(name -> name.substring(name.lastIndexOf('.')))
                .contains(".png", ".jpg", ".bmp", ".gif", ".tiff");
    }

    @Test
    void aBitOfAWbmpIsBlackOrWhite() throws IOException {
        Path file = directory.resolve("x.wbmp");
        Files.write(file, new byte[] {0, 0, 8, 1, (byte) 0b10110000});

        byte w = (byte) 255;
        assertThat(ImageFile.headerProblem(file)).isNull();
        assertThat(ImageFile.read(file).rgb())
                .containsExactly(w, w, w, 0, 0, 0, w, w, w, w, w, w, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void whatFollowsTheEndOfAJpegImageDoesNotCount() throws IOException {
        byte[] whole = Files.readAllBytes(IMAGES.resolve("rgb420.jpg"));
        byte[] longer = Arrays.copyOf(whole, whole.length + 40);
        longer[whole.length + 5] = (byte) 0xff;
        longer[whole.length + 6] = (byte) 0xda;
        Path file = Files.write(directory.resolve("x.jpg"), longer);

        assertThat(ImageFile.headerProblem(file)).isNull();
        assertThat(ImageFile.read(file).rgb()).isEqualTo(Files.readAllBytes(IMAGES.resolve("rgb420.jpg.rgb")));
    }

    @Test
    void theFormatIsToldByTheBytesAndNotByTheName() throws IOException {
        Path file = Files.copy(IMAGES.resolve("grey.jpg"), directory.resolve("grey.png"));

        assertThat(ImageFile.headerProblem(file)).isNull();
        assertThat(ImageFile.read(file).rgb()).isEqualTo(Files.readAllBytes(IMAGES.resolve("grey.jpg.rgb")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cmyk_refused.jpg", "cmyk_refused.tiff", "float_refused.tiff"})
    void colourModelsThatHaveNoPlainRgbAreRefusedByName(String name) {
        Path file = IMAGES.resolve(name);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFile.read(file))
                .withMessageStartingWith(file + ": must be an image ");
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void aCutOffFileIsRefusedByName(String name) throws IOException {
        byte[] whole = Files.readAllBytes(IMAGES.resolve(name));
        for (int length : new int[] {0, 3, 20, whole.length / 2, whole.length * 3 / 4}) {
            Path file = directory.resolve(name);
            Files.write(file, Arrays.copyOf(whole, length));

            assertThatIllegalArgumentException()
                    .as("%d of %d bytes", length, whole.length)
                    .isThrownBy(() -> ImageFile.read(file))
                    .withMessageStartingWith(file + ": must ");
            if (name.endsWith(".jpg") || name.endsWith(".png")) {
                assertThat(ImageFile.headerProblem(file))
                        .as("%d of %d bytes", length, whole.length)
                        .startsWith("must ");
            }
        }
    }

    /** Where a file says its width and height, and in how many bytes of which order. */
    @ParameterizedTest
    @CsvSource({
        "grey.png, 16, 20, 4, BIG_ENDIAN",
        "grey.jpg, -1, -1, 2, BIG_ENDIAN",
        "grey.bmp, 18, 22, 4, LITTLE_ENDIAN",
        "grey.gif, -2, -2, 2, LITTLE_ENDIAN"
    })
    void anImageOfTooManyPixelsIsRefusedBeforeMemoryIsTakenForIt(
            String name, int widthAt, int heightAt, int bytes, String order) throws IOException {
        byte[] image = Files.readAllBytes(IMAGES.resolve(name));
        int at = widthAt == -1 ? jpegSize(image) + 2 : widthAt == -2 ? gifFrame(image) + 5 : widthAt;
        int other = widthAt == -1 ? at - 2 : widthAt == -2 ? at + 2 : heightAt;
        ByteBuffer buffer = ByteBuffer.wrap(image)
                .order(order.equals("BIG_ENDIAN") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        for (int place : new int[] {at, other}) {
            if (bytes == 4) {
                buffer.putInt(place, 20_000);
            } else {
                buffer.putShort(place, (short) 20_000);
            }
        }
        Path file = directory.resolve(name);
        Files.write(file, image);

        assertThat(ImageFile.headerProblem(file)).isEqualTo("must have 1 to 100000000 pixels, found 20000 x 20000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFile.read(file))
                .withMessage(file + ": must have 1 to 100000000 pixels, found 20000 x 20000");
    }

    /** Where the height stands in the SOF0 segment of a JPEG file. */
    private static int jpegSize(byte[] image) {
        for (int i = 0; i < image.length; i++) {
            if (image[i] == (byte) 0xff && image[i + 1] == (byte) 0xc0) {
                return i + 5;
            }
        }
        throw new AssertionError("no SOF0");
    }

    /** Where the image descriptor of a GIF file begins, behind its table of 256 colours. */
    private static int gifFrame(byte[] image) {
        for (int i = 13; i < image.length; i++) {
            if (image[i] == ',' && image[i + 5] == WIDTH && image[i + 6] == 0 && image[i + 7] == HEIGHT) {
                return i;
            }
        }
        throw new AssertionError("no image descriptor");
    }

    @Test
    void aFileThatIsNoImageIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("x.png"), "no image\n");
        String problem = "must be a PNG, JPEG, BMP, GIF, TIFF or WBMP image, found a file of none of these formats";

        assertThat(ImageFile.headerProblem(file)).isEqualTo(problem);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFile.read(file))
                .withMessage(file + ": " + problem);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ImageFile.read(directory.resolve("none.png")))
                .withMessageEndingWith("none.png: the image must exist, found no such file");
    }
}
