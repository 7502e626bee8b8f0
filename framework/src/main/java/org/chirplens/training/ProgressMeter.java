package org.chirplens.training;

import java.util.function.IntToDoubleFunction;
import java.util.function.LongSupplier;
import org.chirplens.training.TrainingListener.Phase;
import org.chirplens.training.TrainingListener.Progress;

/** Turns counts of done images into progress with rate and time left. */
final class ProgressMeter {
    private final TrainingListener listener;
    private final int epochs;
    private final int trainImages;
    private final int validationImages;
    private final IntToDoubleFunction work;
    private final LongSupplier nanoTime;

    private int epoch;
    private long epochStart;
    private long phaseStart;
    private double lossSum;
    private int lossImages;
    /** Seconds per image of the last validation; NaN before there was one. */
    private double secondsPerValidation = Double.NaN;

    private double secondsPerTraining;

    /**
     * @param work what an image of an epoch costs beside those of others; epochs are counted from 1
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    ProgressMeter(
            TrainingListener listener,
            int epochs,
            int trainImages,
            int validationImages,
            IntToDoubleFunction work,
            LongSupplier nanoTime) {
        this.listener = listener;
        this.epochs = epochs;
        this.trainImages = trainImages;
        this.validationImages = validationImages;
        this.work = work;
        this.nanoTime = nanoTime;
    }

    /** @param number counted from 1 */
    void startEpoch(int number) {
        if (epoch > 0) {
            secondsPerValidation *= work.applyAsDouble(number) / work.applyAsDouble(epoch);
        }
        epoch = number;
        epochStart = nanoTime.getAsLong();
        phaseStart = epochStart;
        lossSum = 0;
        lossImages = 0;
    }

    void trained(int images, double loss) {
        lossSum += loss * images;
        lossImages += images;
        secondsPerTraining = seconds(phaseStart) / lossImages;
        report(Phase.TRAINING, lossImages, trainImages);
        if (lossImages == trainImages) {
            phaseStart = nanoTime.getAsLong();
        }
    }

    void validated(int images) {
        secondsPerValidation = seconds(phaseStart) / images;
        report(Phase.VALIDATION, images, validationImages);
    }

    /** Mean training loss of the epoch so far; every image counts as much as any other. */
    double trainLoss() {
        return lossSum / lossImages;
    }

    double epochSeconds() {
        return seconds(epochStart);
    }

    private void report(Phase phase, int done, int total) {
        double rate = done / seconds(phaseStart);
        listener.progress(new Progress(phase, epoch, epochs, done, total, rate, trainLoss(), eta(phase, done)));
    }

    /** Before the first validation it is taken to cost a third of a training step per image, as its forward pass does. */
    private double eta(Phase phase, int done) {
        double perValidation = Double.isNaN(secondsPerValidation) ? secondsPerTraining / 3 : secondsPerValidation;
        double later = 0;
        for (int next = epoch + 1; next <= epochs; next++) {
            double more = work.applyAsDouble(next) / work.applyAsDouble(epoch);
            later += more * (trainImages * secondsPerTraining + validationImages * perValidation);
        }
        double now = phase == Phase.TRAINING
                ? (trainImages - done) * secondsPerTraining + validationImages * perValidation
                : (validationImages - done) * perValidation;
        return later + now;
    }

    private double seconds(long since) {
        return Math.max(1, nanoTime.getAsLong() - since) / 1e9;
    }
}
