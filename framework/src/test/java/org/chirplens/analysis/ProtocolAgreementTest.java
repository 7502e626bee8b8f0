package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolAgreementTest {
    @Test
    void ranksAloneCount() {
        assertThat(ProtocolAgreement.spearman(new double[] {1, 2, 3}, new double[] {-5, 0, 1e9}))
                .isCloseTo(1, within(1e-12));
        assertThat(ProtocolAgreement.spearman(new double[] {1, 2, 3}, new double[] {9, 4, 1}))
                .isCloseTo(-1, within(1e-12));
    }

    @Test
    void tiesShareTheirRank() {
        // Ranks 1, 2.5, 2.5, 4 and 1, 2, 3, 4: covariance 4.5, squares 4.5 and 5.
        assertThat(ProtocolAgreement.spearman(new double[] {0, 1, 1, 2}, new double[] {0, 1, 2, 3}))
                .isCloseTo(4.5 / Math.sqrt(4.5 * 5), within(1e-12));
        assertThat(ProtocolAgreement.spearman(new double[] {1, 1}, new double[] {1, 2}))
                .isNaN();
    }

    @Test
    void damageThatAddsUpFollowsTheOrderOfTheSweep() {
        HeadAblation rising = ablation("rising", 1, 2, 3, 4);
        HeadAblation falling = ablation("falling", 4, 3, 2, 1);
        ProtocolAgreement agreement = ProtocolAgreement.of(List.of(rising, falling));
        assertThat(agreement.pairs()).singleElement().isEqualTo(new ProtocolAgreement.Pair("rising", "falling", -1));
        assertThat(agreement.orders())
                .containsExactly(new ProtocolAgreement.Order("rising", 1), new ProtocolAgreement.Order("falling", -1));
    }

    private static HeadAblation ablation(String name, float... errors) {
        float[][][] ablated = new float[errors.length][1][];
        for (int i = 0; i < errors.length; i++) {
            ablated[i][0] = new float[] {errors[i], 0, 0};
        }
        return new HeadAblation(name, 2, 2, new float[1][3], new float[][] {{1, 1, 1}}, ablated, 0);
    }
}
