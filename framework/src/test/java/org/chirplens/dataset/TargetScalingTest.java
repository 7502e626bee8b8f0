package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetScalingTest {
    private static final ImageSet IMAGES = ChirpDirectory.open(RecordedArrays.chirps());

    @Test
    void standardisedTargetsHaveMeanZeroAndVarianceOne() {
        int[] indices = IntStream.range(0, IMAGES.size()).toArray();
        TargetScaling scaling = TargetScaling.over(IMAGES, indices);

        for (int target = 0; target < 3; target++) {
            double sum = 0;
            double squares = 0;
            for (int index : indices) {
                double z = scaling.standardise(target, IMAGES.label(index)[target]);
                sum += z;
                squares += z * z;
            }
            assertThat(sum / indices.length).as("mean of %s", target).isCloseTo(0, within(1e-12));
            assertThat(squares / indices.length).as("variance of %s", target).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void onlyTheGivenImagesCount() {
        TargetScaling scaling = TargetScaling.over(IMAGES, new int[] {0, 2});

        double first = IMAGES.label(0)[0];
        double third = IMAGES.label(2)[0];
        assertThat(scaling.mean()[0]).isCloseTo((first + third) / 2, within(1e-12));
        assertThat(scaling.std()[0]).isCloseTo(Math.abs(first - third) / 2, within(1e-12));
    }

    @Test
    void aPhysicalValueComesBackFromItsStandardisedOne() {
        TargetScaling scaling = TargetScaling.released(new double[] {20, 50, 51}, new double[] {12, 28, 29});

        for (int target = 0; target < 3; target++) {
            double there = scaling.standardise(target, 33.25);
            assertThat(scaling.toPhysical(target, there)).isCloseTo(33.25, within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void aStandardDeviationThatCannotDivideIsRefused(double std) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetScaling.released(new double[3], new double[] {1, std, 1}))
                .withMessageContaining("std must be above 0");
    }

    /** 700 times 1/700 is not 1. */
    @ParameterizedTest
    @ValueSource(ints = {3, 7, 700, 1000})
    void equalLabelsHaveNoStandardDeviation(int count) {
        int[] one = new int[count];
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TargetScaling.over(IMAGES, one))
                .withMessageContaining("std must be above 0");
    }

    @Test
    void oneImageHasNoStandardDeviation() {
        assertThatIllegalArgumentException().isThrownBy(() -> TargetScaling.over(IMAGES, new int[] {1}));
    }
}
