package org.chirplens.chirp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GaussianFilterTest {
    @Test
    void aConstantStaysConstantUpToTheEdges() {
        double[] values = new double[8 * 8];
        Arrays.fill(values, 2.5);
        double[] expected = values.clone();
        assertThat(GaussianFilter.smooth(values, 8)).containsExactly(expected, within(1e-14));
    }

    @Test
    void anImpulseInTheCornerKeepsItsSumBecauseTheEdgeReflects() {
        double[] values = new double[16 * 16];
        values[0] = 1;
        double[] smooth = GaussianFilter.smooth(values, 16);
        assertThat(Arrays.stream(smooth).sum()).isCloseTo(1, within(1e-14));
        // The corner sees its own reflection at distance 1 on both axes.
        double sum = 1 + 2 * (Math.exp(-0.5) + Math.exp(-2) + Math.exp(-4.5) + Math.exp(-8));
        double edge = (1 + Math.exp(-0.5)) / sum;
        assertThat(smooth[0]).isCloseTo(edge * edge, within(1e-15));
    }

    @Test
    void aMisshapenArrayIsRejected() {
        assertThatThrownBy(() -> GaussianFilter.smooth(new double[63], 8)).hasMessageContaining("63 values");
    }
}
