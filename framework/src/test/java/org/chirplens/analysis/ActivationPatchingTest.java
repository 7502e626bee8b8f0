package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.junit.jupiter.api.Test;

class ActivationPatchingTest {
    /** A line through the origin with normal errors of deviation s has a slope of deviation s / sqrt(sum x^2). */
    @Test
    void theShareThatIsCarriedHasTheIntervalOfALeastSquaresSlope() {
        int pairs = 2000;
        double share = 0.3;
        double noise = 0.2;
        Random random = new Random(1);
        float[][] base = new float[pairs][1];
        float[][] donor = new float[pairs][1];
        float[][] patched = new float[pairs][1];
        double squares = 0;
        for (int i = 0; i < pairs; i++) {
            double way = random.nextGaussian();
            base[i][0] = (float) random.nextGaussian();
            donor[i][0] = (float) (base[i][0] + way);
            patched[i][0] = (float) (base[i][0] + share * way + noise * random.nextGaussian());
            squares += way * way;
        }
        var direction =
                new ActivationPatching.Direction(base, donor, new float[][][] {patched, donor}, new float[][][] {base});

        List<Estimate> heads = direction.carriedByHeads(0, Bootstrap.STANDARD);

        double half = 1.96 * noise / Math.sqrt(squares);
        // 2,000 resamples know the ends of an interval to about 5 % of its half width.
        assertThat(heads.get(0).value()).isCloseTo(share, within(2 * half));
        assertThat(heads.get(0).bca().high() - heads.get(0).value()).isCloseTo(half, within(0.15 * half));
        assertThat(heads.get(0).value() - heads.get(0).bca().low()).isCloseTo(half, within(0.15 * half));
        assertThat(heads.get(1).value()).isEqualTo(1);
        assertThat(direction.carriedByLayers(0, Bootstrap.STANDARD).get(0).value())
                .isZero();
    }
}
