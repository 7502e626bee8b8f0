package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressMeterTest {
    private static final double NANOS = 1e-9;

    private long now;

    private final List<TrainingListener.Progress> heard = new ArrayList<>();

    private final TrainingListener listener = new TrainingListener() {
        @Override
        public void progress(Progress progress) {
            heard.add(progress);
        }
    };

    /** Three epochs of ten images and four to validate with; an image of the last epoch is three times the work. */
    private final ProgressMeter meter = new ProgressMeter(listener, 3, 10, 4, epoch -> epoch == 3 ? 6 : 2, () -> now);

    private double secondsLeft() {
        return heard.get(heard.size() - 1).etaSeconds();
    }

    private void passes(long seconds) {
        now += TimeUnit.SECONDS.toNanos(seconds);
    }

    @Test
    void timeLeftKnowsThatLaterEpochsAreMoreWork() {
        meter.startEpoch(1);
        passes(30);
        meter.trained(5, 1);
        // 6 s an image, and 2 s to validate with it until that is measured: an epoch of 68 s, and one of three times
        // that.
        assertThat(secondsLeft()).isCloseTo(30 + 8 + 68 + 3 * 68, within(NANOS));
        passes(30);
        meter.trained(5, 1);
        passes(4);
        meter.validated(4);
        assertThat(secondsLeft()).isCloseTo(64 + 3 * 64, within(NANOS));
        meter.startEpoch(2);
        passes(60);
        meter.trained(10, 1);
        assertThat(secondsLeft()).isCloseTo(4 + 3 * 64, within(NANOS));
        meter.startEpoch(3);
        passes(180);
        meter.trained(10, 1);
        assertThat(secondsLeft()).isCloseTo(4 * 3, within(NANOS));
        passes(12);
        meter.validated(4);
        assertThat(secondsLeft()).isZero();
    }

    @Test
    void everyImageOfAnEpochCountsAsMuchInItsLoss() {
        meter.startEpoch(1);
        passes(1);
        meter.trained(8, 1);
        passes(1);
        meter.trained(2, 6);
        assertThat(meter.trainLoss()).isCloseTo(2, within(NANOS));
        assertThat(meter.epochSeconds()).isCloseTo(2, within(NANOS));
        assertThat(heard.get(1).imagesPerSecond()).isCloseTo(5, within(NANOS));
    }
}
