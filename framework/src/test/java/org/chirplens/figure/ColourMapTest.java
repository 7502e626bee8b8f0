package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ColourMapTest {
    @Test
    void everyColourOfAGenuineColourBarIsInTheTableInItsOrder() throws IOException {
        RgbImage genuine = ChirpFigureTest.genuine(1);
        Set<Integer> seen = new HashSet<>();
        for (int y = 60; y < 426; y++) {
            int at = 3 * (y * genuine.width() + 510);
            byte[] rgb = genuine.rgb();
            int colour = (rgb[at] & 0xff) << 16 | (rgb[at + 1] & 0xff) << 8 | (rgb[at + 2] & 0xff);
            // 256 colours from y = 427.2 up to y = 57.6; row 265 lies on a border and belongs to the upper colour.
            int index = (int) (256 * (427.2 - (y + 0.5)) / 369.6 + 1e-9);
            assertThat(ColourMap.VIRIDIS.rgb(index)).as("row %d", y).isEqualTo(colour);
            seen.add(colour);
        }
        assertThat(seen).hasSizeGreaterThan(245);
    }

    @Test
    void mapsRunFromLowToHigh() {
        assertThat(ColourMap.VIRIDIS.rgb(0)).isEqualTo(0x440154);
        assertThat(ColourMap.VIRIDIS.rgb(255)).isEqualTo(0xfde725);
        assertThat(ColourMap.MAGMA.rgb(0)).isEqualTo(0x000004);
        assertThat(ColourMap.MAGMA.rgb(255)).isEqualTo(0xfcfdbf);
        for (int i = 0; i < ColourMap.SIZE; i++) {
            assertThat(ColourMap.GREY.rgb(i)).isEqualTo(0x010101 * i);
        }
    }

    @Test
    void indicesOutsideTheTableAreRejected() {
        assertThatThrownBy(() -> ColourMap.VIRIDIS.rgb(256)).hasMessageContaining("found 256");
    }
}
