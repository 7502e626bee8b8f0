package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FigureRegionsTest {
    private static final ChirpFigure FIGURE = ChirpFigure.released();

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 14, 16, 37, 640})
    void thePartsOfEveryPatchAddUpToOneAndTheirSumIsTheArea(int patches) {
        FigureRegions regions = regions(Population.released().draw(3, 5), 6);
        double[][] parts = regions.onPatches(patches);
        double pixelsOfPatch = 640.0 * 480 / (patches * patches);
        for (int patch = 0; patch < patches * patches; patch++) {
            double sum = 0;
            for (double[] region : parts) {
                sum += region[patch];
            }
            assertThat(sum).isCloseTo(1, within(1e-9));
        }
        int area = 0;
        for (FigureRegion region : FigureRegion.values()) {
            double filled = Arrays.stream(parts[region.ordinal()]).sum() * pixelsOfPatch;
            assertThat(filled).as("%s", region).isCloseTo(regions.area(region), within(1e-6));
            area += regions.area(region);
        }
        assertThat(area).isEqualTo(640 * 480);
    }

    @Test
    void everyRegionIsThere() {
        FigureRegions regions = regions(Population.released().draw(3, 5), 6);
        for (FigureRegion region : FigureRegion.values()) {
            assertThat(regions.area(region)).as("%s", region).isPositive();
        }
        assertThat(regions.area(FigureRegion.CORNER_TOP_LEFT)).isEqualTo(9);
    }

    @Test
    void nothingIsDrawnInTheMargin() {
        DrawnChirp drawn = Population.released().draw(3, 5);
        Caption caption = caption(drawn, 6);
        RgbImage image = FIGURE.draw(drawn.spectrogram(), caption);
        FigureRegions regions = regions(drawn, 6);
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 640; x++) {
                boolean margin = regions.at(x, y) == FigureRegion.MARGIN;
                if (margin) {
                    assertThat(FigureStyleTest.pixel(image, x, y))
                            .as("%d, %d", x, y)
                            .isEqualTo(0xffffff);
                }
            }
        }
    }

    /** The middle of every cell that the ridge fills is the chirp's, unless the frame lies over it. */
    @Test
    void theChirpRegionCoversTheRidge() {
        Set<FigureRegion> over = EnumSet.range(FigureRegion.FRAME_LEFT, FigureRegion.CORNER_BOTTOM_RIGHT);
        over.add(FigureRegion.CHIRP);
        FigureLayout layout = new FigureLayout(640, 480);
        for (int i = 0; i < 60; i++) {
            DrawnChirp drawn = Population.released().draw(8, i);
            FigureRegions regions = regions(drawn, i + 1);
            double[] clean = ChirpArray.clean(drawn.chirp());
            for (int cell = 0; cell < clean.length; cell++) {
                if (clean[cell] > 0.5) {
                    int frequencyBin = cell / 128;
                    int x = (int) layout.timeToX(cell % 128 + 0.5, 128);
                    int y = (int) layout.frequencyToY(frequencyBin + 0.5, 128);
                    assertThat(regions.at(x, y))
                            .as("%s at %d, %d", drawn.chirp(), x, y)
                            .isIn(over);
                }
            }
        }
    }

    /** What is found in a figure's pixels is what was drawn there. */
    @Test
    void ticksAndLabelOfTheColourBarAreFoundInAFigure() {
        for (int i = 0; i < 60; i++) {
            DrawnChirp drawn = Population.released().draw(21, i);
            Caption caption = caption(drawn, i + 1);
            RgbImage image = FIGURE.draw(drawn.spectrogram(), caption);
            FigureRegions exact = regions(drawn, i + 1);
            FigureRegions found = FIGURE.regions(drawn.chirp(), image, caption);
            for (int y = 0; y < 480; y++) {
                for (int x = 523; x < 640; x++) {
                    assertThat(found.at(x, y)).as("image %d: %d, %d", i, x, y).isEqualTo(exact.at(x, y));
                }
            }
        }
    }

    @Test
    void genuineFiguresHaveTheirInkWhereTheirRegionsAre() throws IOException {
        RgbImage genuine = ChirpFigureTest.genuine(1);
        FigureRegions regions = FIGURE.regions(
                Population.released().draw(1, 1).chirp(), genuine, new Caption(1, ChirpShape.EXPONENTIAL, 0));
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 640; x++) {
                if (regions.at(x, y) == FigureRegion.MARGIN) {
                    assertThat(FigureStyleTest.pixel(genuine, x, y))
                            .as("%d, %d", x, y)
                            .isEqualTo(0xffffff);
                }
            }
        }
    }

    @Test
    void figuresOfAnotherSizeAreRefused() {
        RgbImage small = new RgbImage(10, 10, new byte[300]);
        assertThatThrownBy(() -> FIGURE.regions(
                        Population.released().draw(1, 1).chirp(), small, new Caption(1, ChirpShape.LINEAR, 0)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found 10 x 10");
    }

    private static FigureRegions regions(DrawnChirp drawn, int number) {
        return FIGURE.regions(drawn.chirp(), ColourRange.of(drawn.spectrogram()), caption(drawn, number));
    }

    private static Caption caption(DrawnChirp drawn, int number) {
        return new Caption(number, drawn.chirp().shape(), 0);
    }
}
