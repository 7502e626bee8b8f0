package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.chirplens.model.HeadId;
import org.junit.jupiter.api.Test;

class HeadSelectionTest {
    private static final int IMAGES = 40;
    private static final int HEADS = 8;

    @Test
    void winnersOfChanceLoseTheirLeadOnOtherImages() {
        // No head does anything but noise; the best of eight on 20 images looks good there, and not on the others.
        double chosen = 0;
        double reported = 0;
        for (int seed = 0; seed < 20; seed++) {
            HeadSelection.Chosen best =
                    HeadSelection.of(noise(seed, -1), IMAGES / 2, 1).chosen().get(0);
            chosen += best.increasePercent() / 20;
            reported += best.effect().lossIncreasePercent().value() / 20;
        }
        assertThat(chosen).isGreaterThan(20);
        assertThat(Math.abs(reported)).isLessThan(chosen / 2);
    }

    @Test
    void aHeadThatMattersIsChosenAndConfirmed() {
        HeadSelection selection = HeadSelection.of(noise(1, 5), IMAGES / 2, 3);
        assertThat(selection.chosen()).hasSize(3);
        HeadSelection.Chosen first = selection.chosen().get(0);
        assertThat(first.effect().head()).isEqualTo(new HeadId(1, 1));
        assertThat(first.signFlip().holm()).isLessThan(0.01);
        // Three tests are adjusted for, not eight.
        assertThat(first.signFlip().holm()).isCloseTo(3 * first.signFlip().raw(), within(1e-12));
    }

    @Test
    void tooFewImagesAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadSelection.of(noise(1, -1), IMAGES - 1, 3))
                .withMessageContaining("leave at least 2 of 40, found 39");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> HeadSelection.of(noise(1, -1), 10, 0))
                .withMessageContaining("heads to choose must be at least 1, found 0");
    }

    /** Errors of unit size; without a head the same with other noise, and twice as large without the one that matters. */
    private static HeadAblation noise(int seed, int matters) {
        Random random = new Random(seed);
        float[][] baseline = new float[IMAGES][];
        float[][][] ablated = new float[HEADS][IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            baseline[i] = new float[] {(float) random.nextGaussian()};
        }
        for (int head = 0; head < HEADS; head++) {
            for (int i = 0; i < IMAGES; i++) {
                float size = head == matters ? 3 : 1;
                ablated[head][i] = new float[] {size * (float) random.nextGaussian()};
            }
        }
        return HeadAblation.of("noise", 2, 4, new float[IMAGES][1], baseline, ablated, 0);
    }
}
