package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankCorrelationTest {
    @Test
    void ranksAloneCount() {
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {-5, 0, 1e9}))
                .isCloseTo(1, within(1e-12));
        assertThat(RankCorrelation.spearman(new double[] {1, 2, 3}, new double[] {9, 4, 1}))
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void tiesShareTheirRank() {
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
        assertThat(RankCorrelation.spearman(new double[] {0, 1, 1, 2}, new double[] {0, 1, 2, 3}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
        assertThat(RankCorrelation.spearman(new double[] {1, 1}, new double[] {1, 2}))
                .isNaN();
    }

    @Test
    void whatIsNoNumberHasNoRank() {
        assertThat(RankCorrelation.spearman(new double[] {1, Double.NaN, 3}, new double[] {1, 2, 3}))
                .isNaN();
    }

    @Test
    void correlationsWithTiesAreThoseOfScipy() {
        // scipy.stats.spearmanr, SciPy 1.10.1
        double[] a = {0.1, 3.5, 3.5, -2.0, 7.25, 0.1, 0.1, 12.0};
        double[] b = {1.0, 1.0, 4.0, -1.0, 2.0, 2.0, 0.5, 9.0};
        assertThat(RankCorrelation.spearman(a, b)).isCloseTo(0.8013813714460625, within(1e-12));
    }
}
