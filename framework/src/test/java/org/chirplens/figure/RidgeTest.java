package org.chirplens.figure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;

class RidgeTest {
    /**
     * 15 s from 15 s at 50 Hz: columns 32..63, bins 63..65 (1 and e^-1 are above 0.3). In the figure x spans
     * 80 + 32.5 * 397 / 128 = 180.8 to 80 + 63.5 * 397 / 128 = 276.9, y spans 427 - 65.5 * 370 / 128 = 237.7 to
     * 427 - 63.5 * 370 / 128 = 243.4. Of 8 x 8 patches (80 x 60 pixels) that is columns 2 and 3, rows 3 and 4.
     */
    @Test
    void aHandComputedChirpMarksThePatchesItPassesThrough() {
        Chirp chirp = new Chirp(15, 15, 50, 50, ChirpShape.LINEAR);
        assertThat(marked(ChirpFigure.released().ridgeOnPatches(chirp, 64, 8), 8))
                .containsExactly(26, 27, 34, 35);
        assertThat(marked(ChirpFigure.released().ridgeOnPatches(chirp, 224, 28), 8))
                .containsExactly(26, 27, 34, 35);
    }

    @Test
    void aHighChirpIsAtTheTop() {
        Chirp chirp = new Chirp(0, 1, 100, 100, ChirpShape.LINEAR);
        // Bins 126 and 127 are around y = 60 of 480, x = 81.6 and 84.7 of 640.
        assertThat(marked(ChirpFigure.released().ridgeOnPatches(chirp, 64, 16), 4))
                .containsExactly(0);
        assertThat(marked(ChirpFigure.released().ridgeOnPatches(chirp, 64, 8), 8))
                .containsExactly(1, 9);
    }

    /** The chirp of the test above goes from x = 80 + 32 * 397 / 128 = 179.3 to 278.5, both at y = 427 - 64 * 370 / 128 = 242. */
    @Test
    void aHandComputedChirpBeginsAndEndsWhereItIsDrawn() {
        Chirp chirp = new Chirp(15, 15, 50, 50, ChirpShape.LINEAR);
        assertThat(ChirpFigure.released().endsOnPatches(chirp, 64, 8)).containsExactly(34, 35);
        // Its corners of the data area: x = 80 and 477 of 640, y = 57 and 427 of 480.
        Chirp diagonal = new Chirp(0, 60, 0, 100, ChirpShape.LINEAR);
        assertThat(ChirpFigure.released().endsOnPatches(diagonal, 640, 10)).containsExactly(56 * 64 + 8, 7 * 64 + 47);
        // What would lie beyond the axes ends on them, as the array does.
        Chirp beyond = new Chirp(50, 30, 100, 130, ChirpShape.LINEAR);
        assertThat(ChirpFigure.released().endsOnPatches(beyond, 640, 10)[1]).isEqualTo(7 * 64 + 47);
    }

    /** x from 80 to 477 of 640, y from 57 to 427 of 480: of 12 x 12 patches columns 1.5 to 8.9, rows 1.4 to 10.7. */
    @Test
    void theAxesHoldAllThatIsDrawnOfAnyChirp() {
        ChirpFigure figure = ChirpFigure.released();
        assertThat(figure.axesOnPatches(192, 16)).containsExactly(12 + 1, 10 * 12 + 8);
        Chirp diagonal = new Chirp(0, 60, 0, 100, ChirpShape.LINEAR);
        for (int i = 0; i < 200; i++) {
            Chirp chirp = i == 0 ? diagonal : Population.released().draw(5, i).chirp();
            IntStream.concat(
                            IntStream.of(figure.endsOnPatches(chirp, 192, 16)),
                            IntStream.of(marked(figure.ridgeOnPatches(chirp, 192, 16), 12)))
                    .forEach(patch -> {
                        assertThat(patch / 12).isBetween(1, 10);
                        assertThat(patch % 12).isBetween(1, 8);
                    });
        }
    }

    @Test
    void everyChirpOfThePopulationMarksAtLeastOnePatch() {
        for (int i = 0; i < 500; i++) {
            Chirp chirp = Population.released().draw(3, i).chirp();
            assertThat(marked(ChirpFigure.released().ridgeOnPatches(chirp, 112, 16), 7))
                    .as("%s", chirp)
                    .isNotEmpty();
        }
        Chirp shortest = new Chirp(44.9, 1, 0, 0, ChirpShape.EXPONENTIAL);
        assertThat(marked(ChirpFigure.released().ridgeOnPatches(shortest, 112, 8), 14))
                .isNotEmpty();
    }

    @Test
    void aPatchSizeThatDoesNotDivideTheImageIsRejected() {
        Chirp chirp = new Chirp(0, 1, 50, 50, ChirpShape.LINEAR);
        assertThatThrownBy(() -> ChirpFigure.released().ridgeOnPatches(chirp, 112, 15))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("image size 112 and patch size 15");
    }

    private static int[] marked(float[] patches, int perSide) {
        assertThat(patches).hasSize(perSide * perSide);
        for (float patch : patches) {
            assertThat(patch).isIn(0f, 1f);
        }
        return IntStream.range(0, patches.length).filter(i -> patches[i] == 1).toArray();
    }
}
