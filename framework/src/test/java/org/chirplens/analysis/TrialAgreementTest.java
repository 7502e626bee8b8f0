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
}
