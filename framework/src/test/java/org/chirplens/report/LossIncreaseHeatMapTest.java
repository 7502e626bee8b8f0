package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.chirplens.analysis.HeadAblation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LossIncreaseHeatMapTest {
    /** Labels 0, baseline error 1: an ablated prediction p has the loss p * p, an increase of 100 (p * p - 1) percent. */
    private static HeadAblation twoByTwo(double... predictions) {
        float[][][] ablated = new float[4][1][];
        for (int i = 0; i < 4; i++) {
            float p = (float) predictions[i];
            ablated[i][0] = new float[] {p, p, p};
        }
        return HeadAblation.of("head_mask", 2, 2, new float[1][3], new float[][] {{1, 1, 1}}, ablated, 0);
    }

    @Test
    void cellsShowThePercentageWithTheLastLayerOnTop() {
        Figure figure = LossIncreaseHeatMap.draw(twoByTwo(1, 2, 1.5, 0.5));
        Mark.Text layer1 = text(figure, "300.0 %");
        Mark.Text layer2 = text(figure, "−75.0 %");
        assertThat(layer1.y()).isGreaterThan(layer2.y());
        assertThat(layer1.x()).isEqualTo(layer2.x());
        assertThat(text(figure, "0.0 %").y()).isEqualTo(layer1.y());
        assertThat(text(figure, "125.0 %").y()).isEqualTo(layer2.y());
    }

    @Test
    void thePublishedProcedureIsNotShownAsImportance() {
        HeadAblation alone = twoByTwo(1, 2, 1.5, 0.5);
        HeadAblation released = alone.against(alone.labels(), "released");
        assertThat(LossIncreaseHeatMap.draw(alone).caption()).contains("when it alone is ablated");
        assertThat(LossIncreaseHeatMap.draw(released).caption()).contains("does not show how much the model depends");
        assertThat(text(
                        LossIncreaseHeatMap.draw(released),
                        "released (damage adds up) · 1 images · loss of the whole model 1.00"))
                .isNotNull();
    }

    @Test
    void cellsAreColouredByTheirValue() {
        Figure figure = LossIncreaseHeatMap.draw(twoByTwo(1, 2, 1.5, 0.5));
        ColourMap colours = new ColourMap(-300, 300);
        assertThat(colourUnder(figure, "0.0 %")).isEqualTo(0xffffff);
        assertThat(colourUnder(figure, "300.0 %")).isEqualTo(colours.of(300));
        assertThat(colourUnder(figure, "125.0 %")).isEqualTo(colours.of(125));
        assertThat(colourUnder(figure, "−75.0 %")).isEqualTo(colours.of(-75));
    }

    @Test
    void theScaleStartsAtZeroWhenNoHeadHarms() {
        assertThat(ColourMap.covering(new double[] {0, 40, 7})).isEqualTo(new ColourMap(0, 40));
        assertThat(ColourMap.covering(new double[] {-3, 40, Double.NaN})).isEqualTo(new ColourMap(-40, 40));
    }

    @Test
    void oneValueFarAboveAllOthersDoesNotHideThem() {
        double[] values = new double[100];
        for (int i = 0; i < 100; i++) {
            values[i] = i % 10 - 1;
        }
        values[99] = 2464;

        ColourMap colours = ColourMap.covering(values);

        assertThat(colours).isEqualTo(new ColourMap(-2464, 2464, 7));
        assertThat(colours.place(-2464)).isZero();
        assertThat(colours.place(0)).isEqualTo(0.5);
        assertThat(colours.place(2464)).isOne();
        // log(1 + 7 / 7) / log(1 + 2464 / 7), on the upper half of the bar.
        assertThat(colours.place(7)).isCloseTo(0.5 + Math.log(2) / Math.log(353) / 2, within(1e-12));
        assertThat(colours.of(7)).isEqualTo(colours.at(colours.place(7))).isNotEqualTo(colours.of(1));
        assertThat(colours.ticks(20))
                .extracting(Scale.Tick::label)
                .containsExactlyInAnyOrder("0", "10", "−10", "100", "−100", "1000", "−1000");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, -0.75, -0.6, -0.5, -0.25, 0, 0.1, 0.25, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 1})
    void annotationsReachTheContrastOfWcagAa(double value) {
        int cell = new ColourMap(-1, 1).of(value);
        double a = Palette.luminance(cell) + 0.05;
        double b = Palette.luminance(Palette.readableOn(cell)) + 0.05;
        assertThat(Math.max(a, b) / Math.min(a, b)).isGreaterThan(4.5);
    }

    private static Mark.Text text(Figure figure, String text) {
        return figure.marks().stream()
                .filter(mark -> mark instanceof Mark.Text t && t.text().equals(text))
                .map(Mark.Text.class::cast)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no text " + text));
    }

    private static int colourUnder(Figure figure, String annotation) {
        Mark.Text text = text(figure, annotation);
        List<Mark.Box> boxes = figure.marks().stream()
                .filter(mark -> mark instanceof Mark.Box)
                .map(Mark.Box.class::cast)
                .filter(box -> box.x() <= text.x()
                        && text.x() <= box.x() + box.width()
                        && box.y() <= text.y()
                        && text.y() <= box.y() + box.height())
                .toList();
        return boxes.get(boxes.size() - 1).rgb();
    }
}
