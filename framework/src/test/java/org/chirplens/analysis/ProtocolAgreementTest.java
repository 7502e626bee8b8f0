package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolAgreementTest {
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
