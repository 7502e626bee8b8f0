package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.Rectangle;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Population;
import org.chirplens.chirp.RecordedArray;
import org.chirplens.chirp.Spectrogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChirpFigureTest {
    /** Data area and frame with their shades, all that lies at 79..478 x 57..428. */
    private static final Rectangle FRAMED_DATA = new Rectangle(79, 57, 400, 372);

    private static final Rectangle X_TICKS = new Rectangle(70, 429, 416, 7);
    private static final Rectangle Y_TICKS = new Rectangle(72, 50, 7, 380);
    private static final Rectangle BAR_WITH_TICKS = new Rectangle(495, 50, 32, 385);

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void dataFrameTicksAndColourBarEqualMatplotlibs(int number) throws IOException {
        RgbImage drawn = draw(number);
        RgbImage genuine = genuine(number);
        for (Rectangle region : new Rectangle[] {FRAMED_DATA, X_TICKS, Y_TICKS, BAR_WITH_TICKS}) {
            assertThat(largestDifference(drawn, genuine, region))
                    .as("%s", region)
                    .isLessThanOrEqualTo(3);
            assertThat(meanDifference(drawn, genuine, region)).as("%s", region).isLessThan(0.1);
        }
    }

    /** Letters are not yet matplotlib's pixel by pixel; they must have the same ink at the same place. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void textLiesWhereMatplotlibPutsIt(int number) throws IOException {
        RgbImage drawn = draw(number);
        RgbImage genuine = genuine(number);
        Rectangle[] regions = {
            new Rectangle(60, 30, 440, 26), // title
            new Rectangle(60, 436, 430, 16), // time tick labels
            new Rectangle(230, 455, 100, 20), // time label
            new Rectangle(15, 180, 27, 120), // frequency label
            new Rectangle(40, 45, 31, 395), // frequency tick labels
            new Rectangle(528, 45, 48, 390), // intensity tick labels
            new Rectangle(560, 200, 40, 85), // intensity label
        };
        for (Rectangle region : regions) {
            double[] expected = ink(genuine, region);
            double[] actual = ink(drawn, region);
            assertThat(actual[0] / expected[0])
                    .as("amount of ink in %s", region)
                    .isBetween(0.93, 1.07);
            assertThat(actual[1] - expected[1]).as("centre x in %s", region).isBetween(-0.6, 0.6);
            assertThat(actual[2] - expected[2]).as("centre y in %s", region).isBetween(-0.6, 0.6);
        }
    }

    @Test
    void severalThreadsDrawTheSamePixelsAsOne() {
        Spectrogram spectrogram = Population.released().draw(5, 1).spectrogram();
        RgbImage alone = ChirpFigure.draw(spectrogram, ChirpFigure.title(12, ChirpShape.LINEAR));
        assertThat(IntStream.range(0, 32)
                        .parallel()
                        .mapToObj(i -> ChirpFigure.draw(spectrogram, ChirpFigure.title(12, ChirpShape.LINEAR))))
                .allSatisfy(image ->
                        assertThat(Arrays.equals(image.rgb(), alone.rgb())).isTrue());
    }

    @Test
    void insideTheFrameIsTheHeatMapAlone() {
        RgbImage inside = ChirpFigure.insideFrame(ChirpFigure.draw(new Spectrogram(16, new double[256]), "constant"));
        assertThat(inside.width()).isEqualTo(396);
        assertThat(inside.height()).isEqualTo(368);
        assertThat(pixel(inside, 200, 200)).isEqualTo(0x440154);
        assertThatThrownBy(() -> ChirpFigure.insideFrame(inside))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 396 x 368");
    }

    @Test
    void onlyTitlePixelsDependOnTheTitle() {
        Spectrogram spectrogram = Population.released().draw(5, 1).spectrogram();
        RgbImage one = ChirpFigure.draw(spectrogram, ChirpFigure.title(1, ChirpShape.LINEAR));
        RgbImage other = ChirpFigure.draw(spectrogram, "");
        assertThat(largestDifference(one, other, new Rectangle(0, 0, 640, 36))).isZero();
        assertThat(largestDifference(one, other, new Rectangle(0, 54, 640, 426)))
                .isZero();
        assertThat(largestDifference(one, other, new Rectangle(0, 36, 640, 18))).isEqualTo(255);
    }

    @Test
    void aConstantSpectrogramGetsTheDarkestColour() {
        RgbImage image = ChirpFigure.draw(new Spectrogram(16, new double[256]), "constant");
        assertThat(pixel(image, 200, 200)).isEqualTo(0x440154);
    }

    @Test
    void aSpectrogramThatIsNotFiniteIsRejected() {
        double[] values = new double[256];
        values[7] = Double.NaN;
        assertThatThrownBy(() -> ChirpFigure.draw(new Spectrogram(16, values), "t"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finite");
    }

    @Test
    void titlesAreThoseOfTheReleasedSet() {
        assertThat(ChirpFigure.title(3, ChirpShape.EXPONENTIAL))
                .isEqualTo("Synthetic Spectrogram 3 (exponential chirp)");
    }

    /** The genuine figure's own array, drawn by us. Both recorded chirps are exponential. */
    private static RgbImage draw(int number) {
        double[] all = RecordedArray.read("chirp_genuine/spectrogram.npy");
        double[] values = Arrays.copyOfRange(all, (number - 1) * 128 * 128, number * 128 * 128);
        return ChirpFigure.draw(new Spectrogram(128, values), ChirpFigure.title(number, ChirpShape.EXPONENTIAL));
    }

    static RgbImage genuine(int number) throws IOException {
        String path = "/reference/chirp_genuine/spectrogram_" + number + ".png";
        try (InputStream in = Objects.requireNonNull(ChirpFigureTest.class.getResourceAsStream(path), path)) {
            return RgbImage.of(ImageIO.read(in));
        }
    }

    private static int pixel(RgbImage image, int x, int y) {
        int at = 3 * (y * image.width() + x);
        return (image.rgb()[at] & 0xff) << 16 | (image.rgb()[at + 1] & 0xff) << 8 | (image.rgb()[at + 2] & 0xff);
    }

    private static int largestDifference(RgbImage a, RgbImage b, Rectangle region) {
        return differences(a, b, region).max().orElseThrow();
    }

    private static double meanDifference(RgbImage a, RgbImage b, Rectangle region) {
        return differences(a, b, region).average().orElseThrow();
    }

    /** Of every channel of every pixel in the region. */
    private static IntStream differences(RgbImage a, RgbImage b, Rectangle region) {
        return IntStream.range(0, a.rgb().length)
                .filter(i -> region.contains(i / 3 % a.width(), i / 3 / a.width()))
                .map(i -> Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
    }

    /** Sum of darkness 0..1 over the pixels of a region, and its centre of mass. */
    private static double[] ink(RgbImage image, Rectangle region) {
        double sum = 0;
        double x = 0;
        double y = 0;
        for (int row = region.y; row < region.y + region.height; row++) {
            for (int column = region.x; column < region.x + region.width; column++) {
                double dark = 1 - (pixel(image, column, row) & 0xff) / 255.0;
                sum += dark;
                x += dark * column;
                y += dark * row;
            }
        }
        return new double[] {sum, x / sum, y / sum};
    }
}
