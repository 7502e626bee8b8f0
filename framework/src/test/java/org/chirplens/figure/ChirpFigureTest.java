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
    private static final ChirpFigure FIGURE = ChirpFigure.released();

    /** Title, axes, colour bar and heat map: a handful of pixels differ by one colour where a value lies on a border but for rounding. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void wholeFiguresEqualMatplotlibs(int number) throws IOException {
        RgbImage drawn = draw(number);
        RgbImage genuine = genuine(number);
        Rectangle all = new Rectangle(0, 0, 640, 480);
        assertThat(differences(drawn, genuine, all).filter(d -> d > 0).count()).isLessThan(30);
        assertThat(largestDifference(drawn, genuine, all)).isLessThanOrEqualTo(3);
    }

    @Test
    void severalThreadsDrawTheSamePixelsAsOne() {
        Spectrogram spectrogram = Population.released().draw(5, 1).spectrogram();
        RgbImage alone = FIGURE.draw(spectrogram, caption(12));
        assertThat(IntStream.range(0, 32).parallel().mapToObj(i -> FIGURE.draw(spectrogram, caption(12))))
                .allSatisfy(image ->
                        assertThat(Arrays.equals(image.rgb(), alone.rgb())).isTrue());
    }

    @Test
    void onlyTitlePixelsDependOnTheNumber() {
        Spectrogram spectrogram = Population.released().draw(5, 1).spectrogram();
        RgbImage one = FIGURE.draw(spectrogram, caption(1));
        RgbImage other = FIGURE.draw(spectrogram, caption(23456));
        assertThat(largestDifference(one, other, new Rectangle(0, 0, 640, 36))).isZero();
        assertThat(largestDifference(one, other, new Rectangle(0, 54, 640, 426)))
                .isZero();
        assertThat(largestDifference(one, other, new Rectangle(0, 36, 640, 18))).isEqualTo(255);
    }

    @Test
    void aConstantSpectrogramGetsTheDarkestColour() {
        RgbImage image = FIGURE.draw(new Spectrogram(16, new double[256]), caption(1));
        assertThat(pixel(image, 200, 200)).isEqualTo(0x440154);
    }

    @Test
    void aSpectrogramThatIsNotFiniteIsRejected() {
        double[] values = new double[256];
        values[7] = Double.NaN;
        assertThatThrownBy(() -> FIGURE.draw(new Spectrogram(16, values), caption(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("finite");
    }

    private static Caption caption(int number) {
        return new Caption(number, ChirpShape.LINEAR, 0);
    }

    /** The genuine figure's own array, drawn by us. Both recorded chirps are exponential. */
    private static RgbImage draw(int number) {
        double[] all = RecordedArray.read("chirp_genuine/spectrogram.npy");
        double[] values = Arrays.copyOfRange(all, (number - 1) * 128 * 128, number * 128 * 128);
        return FIGURE.draw(new Spectrogram(128, values), new Caption(number, ChirpShape.EXPONENTIAL, 0));
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

    /** Of every channel of every pixel in the region. */
    private static IntStream differences(RgbImage a, RgbImage b, Rectangle region) {
        return IntStream.range(0, a.rgb().length)
                .filter(i -> region.contains(i / 3 % a.width(), i / 3 / a.width()))
                .map(i -> Math.abs((a.rgb()[i] & 0xff) - (b.rgb()[i] & 0xff)));
    }
}
