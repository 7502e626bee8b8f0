package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;

class RegionMapTest {
    @Test
    void everyRegionIsNamedInTheLegendWithAColourOfItsOwn() {
        List<String> texts = RegionMap.draw(SampleResults.regions(2)).marks().stream()
                .filter(Mark.Text.class::isInstance)
                .map(mark -> ((Mark.Text) mark).text())
                .toList();
        assertThat(texts)
                .containsAll(Arrays.stream(FigureRegion.values())
                        .map(FigureRegion::title)
                        .toList());
        assertThat(Arrays.stream(FigureRegion.values()).map(RegionTint::colour)).doesNotHaveDuplicates();
    }

    @Test
    void theChirpIsTintedAndItsOutlineIsOpaque() {
        RegionMap.Sample sample = SampleResults.regions(1).get(0);
        RgbImage tinted = RegionTint.over(sample.image(), sample.regions());
        int outline = 0;
        for (int y = 1; y < 479; y++) {
            for (int x = 1; x < 639; x++) {
                int at = 3 * (y * 640 + x);
                int red = tinted.rgb()[at] & 0xff;
                int blue = tinted.rgb()[at + 2] & 0xff;
                if (sample.regions().at(x, y) == FigureRegion.CHIRP) {
                    assertThat(red).as("%d, %d", x, y).isGreaterThan(blue + 50);
                    outline += red == 0xd5 && blue == 0 ? 1 : 0;
                } else if (sample.regions().at(x, y) == FigureRegion.BACKGROUND) {
                    assertThat(blue).as("%d, %d", x, y).isGreaterThan(red + 50);
                }
            }
        }
        assertThat(outline).isPositive().isLessThan(sample.regions().area(FigureRegion.CHIRP));
    }

    @Test
    void noneAndMoreThanSixImagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RegionMap.draw(List.of()))
                .withMessage("samples must be 1 to 6 images, found 0");
        RgbImage small = new RgbImage(1, 1, new byte[3]);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RegionMap.Sample(
                        small, SampleResults.regions(1).get(0).regions(), "small"))
                .withMessage("regions must be of the image's size, 1 x 1, found 640 x 480");
    }
}
