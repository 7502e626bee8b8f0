package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResampleTest {
    @ParameterizedTest
    @CsvSource({
        "pil_default_224, 224, BICUBIC",
        "torchvision_resize_224, 224, BILINEAR",
        "torchvision_resize_64, 64, BILINEAR",
        "torchvision_resize_32, 32, BILINEAR"
    })
    void equalsPillowInEveryByte(String recorded, int size, Resample.Filter filter) {
        RgbImage resized = Resample.resize(RecordedArrays.source(), size, size, filter);

        assertThat(resized.rgb()).isEqualTo(RecordedArrays.bytes("resize/" + recorded + ".npy"));
    }

    @ParameterizedTest
    @CsvSource({"BILINEAR, 5, 3", "BILINEAR, 64, 47", "BICUBIC, 1, 1", "BICUBIC, 90, 9", "BICUBIC, 31, 200"})
    void aFlatImageStaysFlatAtEverySize(Resample.Filter filter, int width, int height) {
        byte[] flat = new byte[3 * 33 * 47];
        Arrays.fill(flat, (byte) 200);

        byte[] resized = Resample.resize(new RgbImage(33, 47, flat), width, height, filter)
                .rgb();

        assertThat(resized).hasSize(3 * width * height).containsOnly((byte) 200);
    }

    @ParameterizedTest
    @CsvSource({"BILINEAR", "BICUBIC"})
    void theSameSizeReturnsTheSamePixels(Resample.Filter filter) {
        RgbImage image = noise(17, 11, 5);

        assertThat(Resample.resize(image, 17, 11, filter).rgb()).isEqualTo(image.rgb());
    }

    @Test
    void mirroringCommutesWithResizing() {
        RgbImage image = noise(41, 29, 6);

        RgbImage resized = Resample.resize(image, 16, 12, Resample.Filter.BICUBIC);
        RgbImage ofMirrored = Resample.resize(mirrored(image), 16, 12, Resample.Filter.BICUBIC);

        assertThat(ofMirrored.rgb()).isEqualTo(mirrored(resized).rgb());
    }

    /** The two axes are done in different ways; neither size needs to fit to words of 4 rows or 8 bytes. */
    @ParameterizedTest
    @CsvSource({
        "1, 1, 5, BICUBIC",
        "8, 4, 3, BILINEAR",
        "41, 29, 16, BICUBIC",
        "42, 30, 17, BILINEAR",
        "43, 31, 90, BICUBIC",
        "640, 479, 112, BICUBIC"
    })
    void rowsAreResizedAsColumnsAre(int width, int height, int out, Resample.Filter filter) {
        RgbImage image = noise(width, height, 7);

        RgbImage alongRows = Resample.resize(image, out, height, filter);
        RgbImage alongColumns = Resample.resize(transposed(image), height, out, filter);

        assertThat(alongRows.rgb()).isEqualTo(transposed(alongColumns).rgb());
    }

    /** Rows that repeat the one above are not made again, columns that repeat are. */
    @Test
    void repeatedRowsAreResizedAsRepeatedColumnsAre() {
        RgbImage few = noise(30, 6, 8);
        byte[] striped = new byte[3 * 30 * 42];
        for (int y = 0; y < 42; y++) {
            System.arraycopy(few.rgb(), 3 * 30 * (y * 6 / 42), striped, 3 * 30 * y, 3 * 30);
        }
        RgbImage image = new RgbImage(30, 42, striped);

        RgbImage resized = Resample.resize(image, 13, 19, Resample.Filter.BICUBIC);
        RgbImage alongRows = Resample.resize(image, 13, 42, Resample.Filter.BICUBIC);

        assertThat(alongRows.rgb())
                .isEqualTo(transposed(Resample.resize(transposed(image), 42, 13, Resample.Filter.BICUBIC))
                        .rgb());
        assertThat(resized.rgb())
                .isEqualTo(transposed(Resample.resize(transposed(alongRows), 19, 13, Resample.Filter.BICUBIC))
                        .rgb());
    }

    @Test
    void overshootIsClampedToAByte() {
        byte[] edge = new byte[3 * 64];
        Arrays.fill(edge, 3 * 32, edge.length, (byte) 255);

        byte[] resized = Resample.resize(new RgbImage(64, 1, edge), 128, 3, Resample.Filter.BICUBIC)
                .rgb();

        for (int x = 0; x < 128; x++) {
            assertThat(resized[3 * x] & 0xff).as("pixel %s", x).isBetween(0, 255);
            assertThat(resized[3 * (127 - x)] & 0xff)
                    .as("pixel %s and its mirror image", x)
                    .isEqualTo(255 - (resized[3 * x] & 0xff));
        }
    }

    @Test
    void aSizeBelowOneIsRefused() {
        assertThatThrownBy(() -> Resample.resize(noise(4, 4, 1), 0, 3, Resample.Filter.BILINEAR))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 0 x 3");
    }

    private static RgbImage noise(int width, int height, long seed) {
        byte[] rgb = new byte[3 * width * height];
        new Random(seed).nextBytes(rgb);
        return new RgbImage(width, height, rgb);
    }

    private static RgbImage transposed(RgbImage image) {
        byte[] rgb = new byte[image.rgb().length];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                System.arraycopy(image.rgb(), 3 * (y * image.width() + x), rgb, 3 * (x * image.height() + y), 3);
            }
        }
        return new RgbImage(image.height(), image.width(), rgb);
    }

    private static RgbImage mirrored(RgbImage image) {
        byte[] rgb = new byte[image.rgb().length];
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                for (int c = 0; c < 3; c++) {
                    rgb[3 * (y * image.width() + x) + c] =
                            image.rgb()[3 * (y * image.width() + image.width() - 1 - x) + c];
                }
            }
        }
        return new RgbImage(image.width(), image.height(), rgb);
    }
}
