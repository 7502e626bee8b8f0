package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProtocolAgreementTest {
    @Test
    void damageThatAddsUpFollowsTheOrderOfTheSweep() {
        HeadAblation rising = ablation("rising", 1, 2, 3, 4);
        HeadAblation falling = ablation("falling", 4, 3, 2, 1);
        ProtocolAgreement agreement =
                ProtocolAgreement.of(List.of(HeadStatistics.of(rising), HeadStatistics.of(falling)));
        assertThat(agreement.pairs()).singleElement().isEqualTo(new ProtocolAgreement.Pair("rising", "falling", -1, 0));
        assertThat(agreement.orders())
                .containsExactly(new ProtocolAgreement.Order("rising", 1), new ProtocolAgreement.Order("falling", -1));
    }

    @Test
    void aHeadThatMattersByOneProtocolAloneFlips() {
        // The whole model is wrong by 1 in one target of each image; without head 1 by 2, or by 0, or as before.
        HeadStatistics worse = HeadStatistics.of(everyImage("worse", 1, 2));
        HeadStatistics better = HeadStatistics.of(everyImage("better", 1, 0));
        HeadStatistics same = HeadStatistics.of(everyImage("same", 1, 1));
        ProtocolAgreement agreement = ProtocolAgreement.of(List.of(worse, better, same));
        assertThat(agreement.pairs())
                .extracting(ProtocolAgreement.Pair::a, ProtocolAgreement.Pair::b, ProtocolAgreement.Pair::flips)
                .containsExactly(tuple("worse", "better", 1), tuple("worse", "same", 1), tuple("better", "same", 1));
        assertThat(agreement.heads())
                .extracting(ProtocolAgreement.Head::flips, ProtocolAgreement.Head::verdicts)
                .containsExactly(
                        tuple(false, List.of(Verdict.OPEN, Verdict.OPEN, Verdict.OPEN)),
                        tuple(true, List.of(Verdict.MATTERS, Verdict.HINDERS, Verdict.OPEN)));
    }

    /** Two heads in a layer, 20 images with the same error. */
    private static HeadAblation everyImage(String name, float... errors) {
        int images = 20;
        float[][][] ablated = new float[errors.length][images][];
        float[][] baseline = new float[images][];
        for (int i = 0; i < images; i++) {
            baseline[i] = new float[] {1, 0, 0};
            for (int head = 0; head < errors.length; head++) {
                ablated[head][i] = new float[] {errors[head], 0, 0};
            }
        }
        return HeadAblation.of(name, 1, errors.length, new float[images][3], baseline, ablated, 0);
    }

    private static HeadAblation ablation(String name, float... errors) {
        float[][][] ablated = new float[errors.length][1][];
        for (int i = 0; i < errors.length; i++) {
            ablated[i][0] = new float[] {errors[i], 0, 0};
        }
        return HeadAblation.of(name, 2, 2, new float[1][3], new float[][] {{1, 1, 1}}, ablated, 0);
    }
}
