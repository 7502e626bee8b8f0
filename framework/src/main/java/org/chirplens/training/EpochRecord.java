package org.chirplens.training;

/**
 * One row of {@code training.csv}.
 *
 * @param epoch counted from 1
 * @param images images seen since the start
 * @param trainLoss mean squared error over the epoch's images while it trained, on standardised labels; the pretext
 *     task's share is not in it
 * @param validation metrics on the validation images after the epoch; on the patches of these that the epoch saw
 * @param learningRate rate of the epoch's last step
 * @param seconds wall time of the epoch, validation included
 */
public record EpochRecord(
        int epoch, long images, double trainLoss, RegressionMetrics validation, double learningRate, double seconds) {}
