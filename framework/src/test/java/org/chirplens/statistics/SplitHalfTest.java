package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitHalfTest {
    @Test
    void itemsThatAreTheSameForAllImagesKeepTheirOrder() {
        double[][] terms =
                IntStream.range(0, 7).mapToObj(i -> new double[] {3, 1, 2, 5}).toArray(double[][]::new);
        assertThat(SplitHalf.of(Terms.of(terms), 50, 2)).isEqualTo(new SplitHalf(50, 1, 1, 1, 1, 2, 1));
    }

    /**
     * Items of variance 1 with noise of variance 50 per image: means of 50 images have reliability 1 / (1 + 50 / 50) = 0.5,
     * those of 100 have 2/3. Spearman's correlation of normal values of correlation r is 6/π asin(r/2), 0.483 and 0.649. Of
     * 400 items it is known to 1/√400 = 0.05 at most, and four of these are allowed.
     */
    @Test
    void reliabilityIsWhatSignalAndNoiseMakeIt() {
        SplitHalf half = SplitHalf.of(Terms.of(noisy(100, 400, 1, Math.sqrt(50))), 100, 40);
        assertThat(half.spearman()).isCloseTo(0.483, within(0.2));
        assertThat(half.spearmanBrown()).isCloseTo(0.649, within(0.2));
        assertThat(half.low()).isLessThan(half.spearman());
        assertThat(half.high()).isGreaterThan(half.spearman());
        assertThat(half.topShare()).isBetween(0.15, 0.7);
    }

    /** Noise alone: correlation 0 and a share of 40 of 400, each as exactly as 400 items tell. */
    @Test
    void noiseHasNoOrderToKeep() {
        SplitHalf half = SplitHalf.of(Terms.of(noisy(60, 400, 0, 1)), 100, 40);
        assertThat(half.spearman()).isCloseTo(0, within(0.2));
        assertThat(half.topShare()).isCloseTo(0.1, within(0.1));
    }

    @Test
    void aCorrelationThatIsNotPositiveIsNotCorrected() {
        assertThat(SplitHalf.corrected(0.5)).isCloseTo(2 / 3.0, within(1e-15));
        assertThat(SplitHalf.corrected(-0.4)).isEqualTo(-0.4);
        assertThat(SplitHalf.corrected(Double.NaN)).isNaN();
    }

    @Test
    void halvesThatAreAllEqualHaveNoCorrelation() {
        SplitHalf half = SplitHalf.of(Terms.of(new double[5][3]), 10, 1);
        assertThat(half.spearman()).isNaN();
        assertThat(half.topShare()).isEqualTo(1);
        assertThatThrownBy(() -> SplitHalf.of(Terms.of(new double[1][3]), 10, 1))
                .hasMessageContaining("at least 2 images");
    }

    private static double[][] noisy(int images, int items, double signal, double noise) {
        Random random = new Random(77);
        double[] truth = random.doubles(items).map(u -> 0).toArray();
        java.util.Arrays.setAll(truth, item -> signal * random.nextGaussian());
        return IntStream.range(0, images)
                .mapToObj(i -> IntStream.range(0, items)
                        .mapToDouble(item -> truth[item] + noise * random.nextGaussian())
                        .toArray())
                .toArray(double[][]::new);
    }
}
