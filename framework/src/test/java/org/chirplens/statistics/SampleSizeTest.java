package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class SampleSizeTest {
    /** (1.95996 + 0.84162)² / 0.5² = 31.4 for an effect of half a standard deviation; -0.5 and 1.5 have mean 0.5, std √2. */
    @Test
    void theSizeIsThatOfTheFormula() {
        assertThat(SampleSize.STANDARD.forSignOf(new double[] {-0.5, 1.5})).isEqualTo(Math.ceil(2 * 31.3955));
        assertThat(SampleSize.STANDARD.forSignOf(new double[] {0.5, -1.5})).isEqualTo(Math.ceil(2 * 31.3955));
    }

    @Test
    void noEffectNeedsInfinitelyManyImagesAndASureOneTwo() {
        assertThat(SampleSize.STANDARD.forSignOf(new double[8])).isInfinite();
        assertThat(SampleSize.STANDARD.forSignOf(new double[] {3, 3, 3})).isEqualTo(2);
        assertThat(SampleSize.STANDARD.forSignOf(new double[] {3})).isNaN();
        assertThatThrownBy(() -> new SampleSize(0, 0.8)).hasMessageContaining("level must be in (0, 1), found 0");
        assertThatThrownBy(() -> new SampleSize(0.05, 1)).hasMessageContaining("power must be in (0, 1), found 1");
    }

    /** With 63 images and an effect of 0.354 standard deviations, 80 % of 1,000 tests reject; standard error 1.3 points. */
    @Test
    void soManyImagesHaveThePowerAskedFor() {
        Random random = new Random(4);
        int rejected = 0;
        for (int sample = 0; sample < 1000; sample++) {
            double[] differences = new double[63];
            java.util.Arrays.setAll(differences, i -> Math.sqrt(0.125) + random.nextGaussian());
            rejected += SignFlipTest.pValue(differences) <= 0.05 ? 1 : 0;
        }
        assertThat(rejected / 1000.0).isCloseTo(0.8, within(4 * 0.013));
    }

    /** scipy.stats.wasserstein_distance (SciPy 1.17.1); sorted pairs differ by 2.5, 2.5, 4.4 and 0.6. */
    @Test
    void theDistanceOfDistributionsDoesNotSeeWhichImageIsWhich() {
        double[] a = {3.4, 3.9, 7.5, 7.8};
        assertThat(Wasserstein.distance(a, new double[] {1.4, 0.9, 3.1, 7.2})).isCloseTo(2.5, within(1e-12));
        assertThat(Wasserstein.distance(a, new double[] {7.8, 3.4, 3.9, 7.5})).isZero();
        assertThatThrownBy(() -> Wasserstein.distance(a, new double[3])).hasMessageContaining("found 4 and 3 values");
    }
}
