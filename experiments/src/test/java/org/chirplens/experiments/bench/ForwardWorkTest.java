package org.chirplens.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

class ForwardWorkTest {
    /** 17.563 billion multiply-adds take all tokens of ViT-B/16 through its 12 blocks, 12 (12 T D² + 2 T² D) + 196 D². */
    @Test
    void isThatOfTheWholeModelLessWhatTheLastBlockLeavesOut() {
        double leftOut = 196 * (12 * 768.0 * 768 + 2 * 197 * 768) - 11 * 2 * 197 * 768;
        double expected = 2 * (17.563e9 - leftOut) / 1e9;
        assertThat(ForwardWork.gigaFlop(new ModelConfig(VitConfig.base16(), null, 3)))
                .isCloseTo(expected, within(0.01));
    }
}
