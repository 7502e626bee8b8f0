package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleTest {
    @Test
    void ticksAreRoundAndInsideAndFew() {
        Random random = new Random(7);
        for (int trial = 0; trial < 500; trial++) {
            double low = 200 * random.nextDouble() - 100;
            double high = low + Math.pow(10, 6 * random.nextDouble() - 3);
            Scale scale = Scale.covering(low, high, 6);
            List<Scale.Tick> ticks = scale.ticks(8);
            assertThat(scale.min()).isLessThanOrEqualTo(low + 1e-9);
            assertThat(scale.max()).isGreaterThanOrEqualTo(high - 1e-9);
            assertThat(ticks).hasSizeBetween(3, 9);
            assertThat(ticks).extracting(Scale.Tick::label).doesNotHaveDuplicates();
            assertThat(ticks)
                    .allSatisfy(tick -> assertThat(scale.fraction(tick.value())).isBetween(-1e-6, 1 + 1e-6));
        }
    }

    @Test
    void stepsAreOneTwoOrFiveTimesAPowerOfTen() {
        assertThat(Scale.step(10, 10)).isEqualTo(1);
        assertThat(Scale.step(11, 10)).isEqualTo(2);
        assertThat(Scale.step(45, 10)).isEqualTo(5);
        assertThat(Scale.step(51, 10)).isEqualTo(10);
        assertThat(Scale.step(0.6, 4)).isEqualTo(0.2);
    }

    @Test
    void equalRatiosTakeEqualLengthsOnALogarithmicScale() {
        Scale scale = Scale.logCovering(0.003, 0.7);
        assertThat(scale.min()).isEqualTo(0.002);
        assertThat(scale.max()).isEqualTo(1);
        assertThat(scale.fraction(0.1) - scale.fraction(0.01))
                .isCloseTo(scale.fraction(1) - scale.fraction(0.1), within());
        assertThat(Scale.logCovering(1e-6, 1e-2).ticks(6))
                .extracting(Scale.Tick::label)
                .contains("10⁻⁵", "10⁻⁴", "0.001");
    }

    @Test
    void epochsAreLabelledByWholeNumbers() {
        assertThat(Scale.whole(1, 3).ticks(9)).extracting(Scale.Tick::label).containsExactly("1", "2", "3");
    }

    @Test
    void histogramCountsAddUpToTheNumberOfImages() {
        Random random = new Random(3);
        for (int trial = 0; trial < 100; trial++) {
            double spread = Math.pow(10, 4 * random.nextDouble() - 2);
            double[] values = random.doubles(200, -spread, spread).toArray();
            double[] sorted = Arrays.stream(values).sorted().toArray();
            Bins bins = Bins.covering(sorted[0], sorted[199], 40);
            assertThat(IntStream.of(bins.counts(values)).sum()).isEqualTo(200);
            assertThat(bins.count()).isBetween(10, 45);
            assertThat(bins.from()).isLessThanOrEqualTo(sorted[0]);
            assertThat(bins.to()).isGreaterThanOrEqualTo(sorted[199]);
        }
    }

    @ParameterizedTest
    @CsvSource({"1.5, 41.2, 20", "10.7, 90.2, 40", "0, 1, 20", "-3, 3, 40"})
    void histogramsEndBehindTheLargestValue(double least, double largest, int most) {
        Bins bins = Bins.covering(least, largest, most);
        assertThat(bins.from()).isLessThanOrEqualTo(least);
        assertThat(bins.to()).isGreaterThanOrEqualTo(largest);
        assertThat(bins.to() - bins.width()).isLessThan(largest);
    }

    @Test
    void histogramBinsHoldTheirLowerEdge() {
        Bins bins = new Bins(0, 2, 3);
        assertThat(bins.counts(new double[] {0, 1.9, 2, 5, 6, Double.NaN})).containsExactly(2, 1, 2);
        assertThat(bins.edges()).containsExactly(0, 0, 2, 2, 4, 4, 6, 6);
        assertThat(Bins.steps(new int[] {2, 1, 2})).containsExactly(0, 2, 2, 1, 1, 2, 2, 0);
    }

    @Test
    void numbersReadTheSameEverywhere() {
        assertThat(NumberText.fixed(-0.04, 1)).isEqualTo("0.0");
        assertThat(NumberText.fixed(-1.26, 1)).isEqualTo("−1.3");
        assertThat(NumberText.significant(0.062345, 3)).isEqualTo("0.0623");
        assertThat(NumberText.significant(12345.6, 3)).isEqualTo("12346");
        assertThat(NumberText.significant(0.000025, 2)).isEqualTo("2.5·10⁻⁵");
        assertThat(NumberText.significant(Double.NaN, 2)).isEqualTo("–");
        assertThat(NumberText.signedPercent(12.34)).isEqualTo("+12.3 %");
        assertThat(NumberText.duration(245)).isEqualTo("4 min 5 s");
    }

    private static Offset<Double> within() {
        return Offset.offset(1e-12);
    }
}
