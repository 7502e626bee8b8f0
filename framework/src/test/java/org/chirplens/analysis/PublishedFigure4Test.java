package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.chirplens.statistics.RankCorrelation;
import org.junit.jupiter.api.Test;

class PublishedFigure4Test {
    private static final double[][] TABLE = PublishedFigure4.lossIncreasesPercent();

    /** The abstract rounds to two decimals, and so do the table's values. */
    private static final double ROUNDING = 0.005;

    @Test
    void oneValueOf144CannotBeRead() {
        assertThat(Arrays.stream(TABLE).flatMapToDouble(Arrays::stream).filter(Double::isNaN))
                .hasSize(1);
        assertThat(TABLE[11][9]).isNaN();
        assertThat(TABLE).hasDimensions(12, 12);
    }

    @Test
    void theAbstractsStatisticsFollowFromTheTable() {
        assertThat(mean(TABLE[6])).isCloseTo(0.34, within(ROUNDING));
        assertThat(deviation(TABLE[6])).isCloseTo(0.02, within(ROUNDING));
        double[] early = layers(0, 4);
        assertThat(mean(early)).isCloseTo(0.11, within(ROUNDING));
        assertThat(deviation(early)).isCloseTo(0.09, within(ROUNDING));
    }

    /** The figures that docs/fidelity.md states. */
    @Test
    void thePublishedImportanceFollowsTheOrderOfTheSweep() {
        double[] all = layers(0, 12);
        int[] readable = IntStream.range(0, all.length)
                .filter(i -> !Double.isNaN(all[i]))
                .toArray();
        double whole = RankCorrelation.spearman(
                IntStream.of(readable).mapToDouble(i -> all[i]).toArray(),
                IntStream.of(readable).asDoubleStream().toArray());
        assertThat(whole).isCloseTo(0.81, within(ROUNDING));
        double[] upToLayer6 = layers(0, 7);
        double start = RankCorrelation.spearman(
                upToLayer6,
                IntStream.range(0, upToLayer6.length).asDoubleStream().toArray());
        assertThat(start).isCloseTo(0.98, within(ROUNDING));
    }

    private static double[] layers(int from, int to) {
        return Arrays.stream(TABLE, from, to).flatMapToDouble(Arrays::stream).toArray();
    }

    private static double mean(double[] values) {
        return DoubleStream.of(values).average().orElseThrow();
    }

    private static double deviation(double[] values) {
        double mean = mean(values);
        return Math.sqrt(DoubleStream.of(values)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow());
    }
}
