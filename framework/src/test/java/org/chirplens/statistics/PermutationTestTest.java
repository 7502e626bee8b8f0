package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class PermutationTestTest {
    @Test
    void permutationsOfAPerfectTrendAreRare() {
        double[] x = {1, 2, 3, 4, 5, 6, 7};
        double p = PermutationTest.pValue(
                7,
                order -> Math.abs(RankCorrelation.spearman(
                        x, Arrays.stream(order).asDoubleStream().toArray())));
        // Two of 7! = 5040 orders are perfect, rising and falling.
        assertThat(p).isBetween(1e-4, 12e-4);
        assertThat(PermutationTest.pValue(7, order -> 1)).isEqualTo(1);
        assertThat(PermutationTest.pValue(7, order -> Double.NaN)).isNaN();
    }
}
