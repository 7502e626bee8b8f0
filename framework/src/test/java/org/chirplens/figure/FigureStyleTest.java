package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.imageio.ImageIO;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.chirplens.chirp.RecordedArray;
import org.chirplens.chirp.Spectrogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class FigureStyleTest {
    private static final FigureStyle RELEASED = FigureStyle.released();
    private static final DrawnChirp DRAWN = Population.released().draw(11, 4);
    private static final Spectrogram SPECTROGRAM = DRAWN.spectrogram();
    private static final Caption CAPTION = new Caption(4, DRAWN.chirp().shape(), 99);

    @ParameterizedTest
    @EnumSource(FigureElement.class)
    void leavingAnElementOutChangesPixelsOfItsOwnRegionsOnly(FigureElement element) {
        RgbImage with = draw(RELEASED);
        RgbImage without = draw(RELEASED.without(element));
        FigureRegions regions = ChirpFigure.released().regions(DRAWN.chirp(), ColourRange.of(SPECTROGRAM), CAPTION);
        Set<FigureRegion> changed = EnumSet.noneOf(FigureRegion.class);
        for (int y = 0; y < with.height(); y++) {
            for (int x = 0; x < with.width(); x++) {
                if (pixel(with, x, y) != pixel(without, x, y)) {
                    changed.add(regions.at(x, y));
                }
            }
        }
        assertThat(changed).isNotEmpty().isSubsetOf(regionsOf(element));
    }

    /** A tick begins under the line that it stands on, so it shares pixels with the frame or with the bar. */
    private static Set<FigureRegion> regionsOf(FigureElement element) {
        Set<FigureRegion> frame = EnumSet.range(FigureRegion.FRAME_LEFT, FigureRegion.CORNER_BOTTOM_RIGHT);
        return switch (element) {
            case TITLE -> EnumSet.of(FigureRegion.TITLE);
            case TIME_LABEL -> EnumSet.of(FigureRegion.X_LABEL);
            case FREQUENCY_LABEL -> EnumSet.of(FigureRegion.Y_LABEL);
            case TIME_TICKS -> with(frame, FigureRegion.X_TICKS);
            case FREQUENCY_TICKS -> with(frame, FigureRegion.Y_TICKS);
            case FRAME -> frame;
            case COLOUR_BAR -> EnumSet.of(FigureRegion.COLOUR_BAR, FigureRegion.COLOUR_BAR_TICKS);
            case COLOUR_BAR_TICKS -> EnumSet.of(FigureRegion.COLOUR_BAR_TICKS);
            case COLOUR_BAR_LABEL -> EnumSet.of(FigureRegion.COLOUR_BAR_LABEL);
        };
    }

    private static Set<FigureRegion> with(Set<FigureRegion> regions, FigureRegion another) {
        Set<FigureRegion> more = EnumSet.copyOf(regions);
        more.add(another);
        return more;
    }

    @Test
    void aMovedElementIsTheSameInkElsewhere() {
        RgbImage released = draw(RELEASED);
        RgbImage moved = draw(RELEASED.with(
                FigureElement.TITLE, ElementStyle.released(FigureElement.TITLE).moved(30, -20)));
        for (int y = 36; y < 55; y++) {
            for (int x = 90; x < 600; x++) {
                assertThat(pixel(moved, x + 30, y - 20)).isEqualTo(pixel(released, x, y));
            }
        }
    }

    @Test
    void ticksAndLabelMoveWithTheColourBar() {
        FigureStyle style = RELEASED.with(
                FigureElement.COLOUR_BAR,
                ElementStyle.released(FigureElement.COLOUR_BAR).moved(10, 5));
        RgbImage released = draw(RELEASED);
        RgbImage moved = draw(style);
        for (int y = 50; y < 440; y++) {
            for (int x = 495; x < 620; x++) {
                assertThat(pixel(moved, x + 10, y + 5)).as("%d, %d", x, y).isEqualTo(pixel(released, x, y));
            }
        }
    }

    @Test
    void randomLettersDifferPerImageAndComeBackWithItsSeed() {
        FigureStyle style = RELEASED.with(
                FigureElement.TITLE, ElementStyle.released(FigureElement.TITLE).saying("<noise:20>"));
        ChirpFigure figure = new ChirpFigure(style);
        Caption other = new Caption(4, ChirpShape.LINEAR, 100);
        byte[] once = figure.draw(SPECTROGRAM, CAPTION).rgb();
        assertThat(figure.draw(SPECTROGRAM, CAPTION).rgb()).isEqualTo(once);
        assertThat(figure.draw(SPECTROGRAM, other).rgb()).isNotEqualTo(once);
    }

    @Test
    void aTextSaysWhatItsPlacesStandFor() {
        Caption caption = new Caption(12, ChirpShape.EXPONENTIAL, 5);
        assertThat(Wording.of("<number>: <shape> at <value>", caption, "0.5", 0))
                .isEqualTo("12: exponential at 0.5");
        assertThat(Wording.of("<noise:7>", caption, "", 0)).hasSize(7).matches("[!-~]*");
        assertThat(Wording.of("<noise:7>", caption, "", 1)).isNotEqualTo(Wording.of("<noise:7>", caption, "", 0));
    }

    @Test
    void unknownPlacesAndImpossibleSizesAreRefused() {
        assertThatThrownBy(() -> ElementStyle.released(FigureElement.TITLE).saying("<nubmer>"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found <nubmer>");
        assertThatThrownBy(() -> new FigureStyle(320, 961, ColourMap.VIRIDIS, Map.of()))
                .hasMessage("height of a figure must be at most 3 times its width 320, found 961");
        assertThatThrownBy(() -> new FigureStyle(100, 480, ColourMap.VIRIDIS, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("width of a figure must be in [160, 4096], found 100");
    }

    /** matplotlib 3.6.3's own figures of the recorded array in other sizes and colours; it chooses fewer ticks for short axes. */
    @ParameterizedTest
    @CsvSource({"400, 300, MAGMA, magma", "560, 660, GREY, gray"})
    void otherSizesAndColoursAreDrawnAsMatplotlibDoes(int width, int height, ColourMap colours, String name)
            throws IOException {
        double[] all = RecordedArray.read("chirp_genuine/spectrogram.npy");
        Spectrogram spectrogram = new Spectrogram(128, Arrays.copyOf(all, 128 * 128));
        ChirpFigure figure = new ChirpFigure(new FigureStyle(width, height, colours, Map.of()));
        RgbImage drawn = figure.draw(spectrogram, new Caption(1, ChirpShape.EXPONENTIAL, 0));
        RgbImage expected = matplotlib("matplotlib_" + width + "x" + height + "_" + name + ".png");
        int different = 0;
        for (int i = 0; i < drawn.rgb().length; i++) {
            different += drawn.rgb()[i] == expected.rgb()[i] ? 0 : 1;
        }
        // A value on the border of two colours may fall to either side of it.
        assertThat(different).isLessThan(30);
    }

    private static RgbImage matplotlib(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(FigureStyleTest.class.getResourceAsStream("/figures/" + name), name)) {
            return RgbImage.of(ImageIO.read(in));
        }
    }

    private static RgbImage draw(FigureStyle style) {
        return new ChirpFigure(style).draw(SPECTROGRAM, CAPTION);
    }

    static int pixel(RgbImage image, int x, int y) {
        int at = 3 * (y * image.width() + x);
        return (image.rgb()[at] & 0xff) << 16 | (image.rgb()[at + 1] & 0xff) << 8 | (image.rgb()[at + 2] & 0xff);
    }
}
