package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.chirplens.dataset.Condition;
import org.chirplens.report.ConditionErrors.Bin;
import org.chirplens.report.ConditionErrors.Errors;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.training.Predictions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionErrorsTest {
    /** Predictions whose start time is off by 13 s times each of these, 13 s being one deviation of the label. */
    private static Predictions off(double... by) {
        float[][] predictions = new float[by.length][3];
        for (int i = 0; i < by.length; i++) {
            predictions[i][0] = (float) by[i];
        }
        return new Predictions(new int[by.length], predictions, new float[by.length][3]);
    }

    @Test
    void imagesAreSortedIntoRoundPartsOfTheRange() {
        double[] durations = {1, 2.5, 3.9, 15, 4, Double.NaN};
        ConditionErrors errors =
                ConditionErrors.of(Condition.DURATION, durations, off(1, -2, 6, 0, 0, 9), SampleResults.SCALING);
        assertThat(errors.bins()).extracting(Bin::from).containsExactly(0.0, 2.0, 4.0, 14.0);
        assertThat(errors.bins()).extracting(Bin::to).containsExactly(2.0, 4.0, 6.0, 16.0);
        assertThat(errors.bins()).extracting(Bin::images).containsExactly(1, 2, 1, 1);
        Errors second = errors.bins().get(1).targets().get(0);
        assertThat(second.mean()).isEqualTo(13 * 4.0);
        assertThat(second.lowerQuartile()).isEqualTo(13 * 3.0);
        assertThat(second.median()).isEqualTo(13 * 4.0);
        assertThat(second.upperQuartile()).isEqualTo(13 * 5.0);
        assertThat(second.interval())
                .isEqualTo(Bootstrap.STANDARD.ofMean(new double[] {26, 78}).bca());
        assertThat(errors.bins().get(0).targets().get(0).interval().isDefined()).isFalse();
    }

    @Test
    void shapesAreSortedByName() {
        ConditionErrors errors =
                ConditionErrors.of(Condition.SHAPE, new double[] {1, 0, 1}, off(1, 2, 0), SampleResults.SCALING);
        assertThat(errors.bins()).extracting(Bin::name).containsExactly("linear", "exponential");
        assertThat(errors.bins().get(1).targets().get(0).mean()).isCloseTo(6.5, within(1e-12));
    }

    @Test
    void aConditionOfNoImageIsRefused() {
        assertThatThrownBy(() -> ConditionErrors.of(
                        Condition.NOISE_LEVEL, new double[] {Double.NaN}, off(1), SampleResults.SCALING))
                .hasMessage("a condition must be known for at least 1 image, found none");
    }

    @ParameterizedTest
    @CsvSource({"7, 7", "999, 999", "1000, 1.0k", "9949, 9.9k", "9950, 10k", "123456, 123k", "999500, 1M"})
    void countsStayShort(int images, String text) {
        assertThat(ErrorByCondition.count(images)).isEqualTo(text);
    }
}
