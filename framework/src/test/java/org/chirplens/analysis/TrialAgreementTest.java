package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TrialAgreementTest {
    private static final double[] RISING = {1, 2, 3, 4};
    private static final double[] FALLING = {4, 3, 2, 1};

    @Test
    void pairsOfOneGroupAndOfDifferentOnesAreKeptApart() {
        TrialAgreement agreement = TrialAgreement.of(List.of(RISING, RISING, FALLING, FALLING), new int[] {0, 0, 1, 1});
        assertThat(agreement.spearman()[0]).containsExactly(1, 1, -1, -1);
        assertThat(agreement.within()).isEqualTo(new TrialAgreement.Spread(2, 1, 0, 1, 1));
        assertThat(agreement.between()).isEqualTo(new TrialAgreement.Spread(4, -1, 0, -1, -1));
        // A third of all ways to make two pairs of four trials puts equal ones together.
        assertThat(agreement.pValue()).isCloseTo(1.0 / 3, within(0.02));
    }

    @Test
    void withoutPairsOfOneGroupThereIsNothingToTest() {
        TrialAgreement agreement = TrialAgreement.of(List.of(RISING, FALLING), new int[] {0, 1});
        assertThat(agreement.within().pairs()).isZero();
        assertThat(agreement.within().mean()).isNaN();
        assertThat(agreement.pValue()).isNaN();
    }

    @Test
    void correlationsWithTiesAreThoseOfScipy() {
        // scipy.stats.spearmanr, SciPy 1.10.1
        double[] a = {0.1, 3.5, 3.5, -2.0, 7.25, 0.1, 0.1, 12.0};
        double[] b = {1.0, 1.0, 4.0, -1.0, 2.0, 2.0, 0.5, 9.0};
        assertThat(ProtocolAgreement.spearman(a, b)).isCloseTo(0.8013813714460625, within(1e-12));
    }

    @Test
    void permutationsOfAPerfectTrendAreRare() {
        double[] x = {1, 2, 3, 4, 5, 6, 7};
        double p = PermutationTest.pValue(
                7,
                order -> Math.abs(ProtocolAgreement.spearman(
                        x, java.util.Arrays.stream(order).asDoubleStream().toArray())));
        // Two of 7! = 5040 orders are perfect, rising and falling.
        assertThat(p).isBetween(1e-4, 12e-4);
        assertThat(PermutationTest.pValue(7, order -> 1)).isEqualTo(1);
        assertThat(PermutationTest.pValue(7, order -> Double.NaN)).isNaN();
    }
}
