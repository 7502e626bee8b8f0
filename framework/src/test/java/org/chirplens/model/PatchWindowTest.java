package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PatchWindowTest {
    private static final VitConfig VIT = new VitConfig(32, 8, 8, 1, 2, 16, 1e-12);

    @Test
    void theWindowBetweenTwoPatchesHasBothAsCorners() {
        PatchWindow window = PatchWindow.between(5, 15, 4); // row 1, column 1 to row 3, column 3
        assertThat(window).isEqualTo(new PatchWindow(1, 1, 3, 3));
        assertThat(window.patches()).isEqualTo(9);
        assertThat(PatchWindow.whole(VIT))
                .isEqualTo(new PatchWindow(0, 0, 4, 4))
                .isEqualTo(PatchWindow.between(0, 15, 4));
    }

    @Test
    void aWindowLiesInThePatchGrid() {
        PatchWindow.whole(VIT).requireIn(VIT);
        assertThatThrownBy(() -> new PatchWindow(2, 0, 3, 1).requireIn(VIT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must lie in the patch grid of 4 x 4, found PatchWindow[top=2");
        assertThatThrownBy(() -> new PatchWindow(0, 0, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least one patch, found 0 x 1 patches");
        assertThatThrownBy(() -> PatchWindow.between(7, 5, 4)).isInstanceOf(IllegalArgumentException.class);
    }
}
