package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class LearningRateTest {
    private static final TrainingConfig RELEASED = TrainingConfig.released();

    @Test
    void theRateFallsInTheFourthEpochWithoutImprovement() {
        LearningRate rate = new LearningRate(RELEASED, 1000);
        rate.epochEnded(1);
        for (int epoch = 0; epoch < 3; epoch++) {
            rate.epochEnded(1);
            assertThat(rate.at(10)).isEqualTo(1e-4);
        }
        rate.epochEnded(1);
        assertThat(rate.at(10)).isCloseTo(1e-5, within(1e-18));
    }

    @Test
    void aReductionHoldsDuringWarmUpToo() {
        LearningRate rate = new LearningRate(RELEASED.with().warmupSteps(100).build(), 1000);
        for (int epoch = 0; epoch < 5; epoch++) {
            rate.epochEnded(1);
        }
        assertThat(rate.at(49)).isCloseTo(0.5e-5, within(1e-18));
        assertThat(rate.at(99)).isCloseTo(rate.at(100), within(1e-18));
    }

    @Test
    void anImprovementBelowTheRelativeThresholdDoesNotCount() {
        LearningRate rate = new LearningRate(RELEASED, 1000);
        double loss = 1;
        for (int epoch = 0; epoch < 5; epoch++) {
            rate.epochEnded(loss);
            loss -= 0.00002;
        }
        assertThat(rate.at(0)).isCloseTo(1e-5, within(1e-18));
        // The first loss is still the best: 0.9998 is better than it by more than 1e-4 of it.
        rate.epochEnded(0.9998);
        assertThat(rate.state().best()).isEqualTo(0.9998);
        assertThat(rate.state().badEpochs()).isZero();
    }

    @Test
    void aRateStaysWhenItsChangeWouldBeBelowOneHundredMillionth() {
        LearningRate rate = new LearningRate(RELEASED.with().learningRate(1e-8).build(), 10);
        for (int epoch = 0; epoch < 6; epoch++) {
            rate.epochEnded(1);
        }
        assertThat(rate.at(0)).isEqualTo(1e-8);
    }

    @Test
    void aRestoredScheduleGoesOnWhereItWas() {
        LearningRate first = new LearningRate(RELEASED, 10);
        LearningRate second = new LearningRate(RELEASED, 10);
        first.epochEnded(1);
        first.epochEnded(2);
        second.restore(first.state());
        for (int epoch = 0; epoch < 3; epoch++) {
            first.epochEnded(2);
            second.epochEnded(2);
        }
        assertThat(second.at(0)).isEqualTo(first.at(0)).isCloseTo(1e-5, within(1e-18));
    }

    @Test
    void warmUpIsLinearAndTheCosineEndsAtZero() {
        TrainingConfig config = RELEASED.with()
                .schedule(Schedule.cosine())
                .warmupSteps(4)
                .learningRate(1)
                .build();
        LearningRate rate = new LearningRate(config, 104);
        assertThat(rate.at(0)).isEqualTo(0.25);
        assertThat(rate.at(3)).isEqualTo(1);
        assertThat(rate.at(4)).isEqualTo(1);
        assertThat(rate.at(54)).isCloseTo(0.5, within(1e-12));
        assertThat(rate.at(104)).isCloseTo(0, within(1e-12));
        rate.epochEnded(1);
        assertThat(rate.at(54)).isCloseTo(0.5, within(1e-12));
    }

    @Test
    void trainingStopsAfterAsManyEpochsWithoutANewBestAsThePatience() {
        EarlyStopping state = EarlyStopping.start().after(1, 2).after(2, 1);
        assertThat(state.isBest(2)).isTrue();
        for (int epoch = 3; epoch < 6; epoch++) {
            state = state.after(epoch, 1);
            assertThat(state.shouldStop(4)).as("after epoch %d", epoch).isFalse();
        }
        state = state.after(6, 1.5);
        assertThat(state.shouldStop(4)).isTrue();
        assertThat(state.shouldStop(0)).isFalse();
        assertThat(state.bestEpoch()).isEqualTo(2);
        assertThat(state.after(7, 0.5).shouldStop(4)).isFalse();
    }

    @Test
    void theDefaultsAreThoseOfTheReleasedScript() {
        assertThat(RELEASED.batchSize()).isEqualTo(32);
        assertThat(RELEASED.learningRate()).isEqualTo(1e-4);
        assertThat(RELEASED.weightDecay()).isEqualTo(0.01);
        assertThat(RELEASED.schedule()).isEqualTo(new Schedule.Plateau(0.1, 3, 1e-4));
        assertThat(RELEASED.earlyStoppingPatience()).isEqualTo(4);
        assertThat(RELEASED.with().build()).isEqualTo(RELEASED);
    }

    @Test
    void aBadValueIsRefusedWithItsNameAndRule() {
        assertThatThrownBy(() -> RELEASED.with().batchSize(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("batchSize must be at least 1, found 0");
        assertThatThrownBy(() -> RELEASED.with().learningRate(Double.NaN).build())
                .hasMessage("learningRate must be above 0 and finite, found NaN");
    }
}
