package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import javax.imageio.ImageIO;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PngEncoderTest {
    @ParameterizedTest(name = "{0} x {1}, {2} colours")
    @CsvSource({
        "1,1,1",
        "1,1,2",
        "3,2,1",
        "2,90,3",
        "97,3,200",
        "640,480,1",
        "640,480,5",
        "300,200,256",
        "128,128,16777216",
        "11000,4,2",
        "10923,3,40000"
    })
    void everyImageReadsBackAsItWas(int width, int height, int colours) throws IOException {
        Random random = new Random(colours);
        int[] palette = random.ints(Math.min(colours, 50_000)).toArray();
        byte[] rgb = new byte[3 * width * height];
        for (int i = 0; i < rgb.length; i += 3) {
            int colour = palette[random.nextInt(palette.length)];
            rgb[i] = (byte) colour;
            rgb[i + 1] = (byte) (colour >> 8);
            rgb[i + 2] = (byte) (colour >> 16);
        }
        RgbImage image = new RgbImage(width, height, rgb);
        byte[] png = PngEncoder.encode(image);
        RgbImage read = RgbImage.of(ImageIO.read(new ByteArrayInputStream(png)));
        assertThat(read.width()).isEqualTo(width);
        assertThat(read.rgb()).isEqualTo(rgb);
        assertThat(PngEncoder.encode(image)).isEqualTo(png);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4", "5", "6"})
    void genuineFiguresAreSmallerThanByZlibAtLevel2AndZlibReadsThem(int number) throws Exception {
        RgbImage image = PngFile.read(RecordedArrays.chirps().resolve("spectrogram_" + number + ".png"));
        byte[] data = PixelDeflater.deflate(image);
        byte[] lines = new byte[480 * 1921];
        Inflater inflater = new Inflater();
        inflater.setInput(data);
        assertThat(inflater.inflate(lines)).isEqualTo(lines.length);
        assertThat(inflater.inflate(new byte[1])).isZero();
        assertThat(inflater.finished()).isTrue();
        assertThat(inflater.getRemaining()).isZero();
        inflater.end();
        Deflater zlib = new Deflater(2);
        zlib.setInput(lines);
        zlib.finish();
        assertThat(data.length).isLessThan(zlib.deflate(new byte[lines.length]));
        zlib.end();
    }

    /** Counts that grow as Fibonacci's numbers give the deepest tree of all. */
    @Test
    void noCodeIsLongerThanDeflateAllowsAndEveryCodeIsComplete() {
        int[] counts = new int[40];
        counts[0] = 1;
        counts[1] = 1;
        for (int i = 2; i < counts.length; i++) {
            counts[i] = counts[i - 1] + counts[i - 2];
        }
        HuffmanCode code = HuffmanCode.of(counts);
        assertThat(Arrays.stream(code.lengths()).max().orElse(0)).isBetween(6, HuffmanCode.LONGEST);
        assertThat(Arrays.stream(code.lengths())
                        .mapToDouble(l -> Math.pow(2, -l))
                        .sum())
                .isEqualTo(1);
        assertThat(HuffmanCode.of(new int[] {0, 7, 0}).lengths()).containsExactly(0, 1, 0);
        assertThat(HuffmanCode.of(new int[30]).lengths()).containsOnly(0);
    }
}
