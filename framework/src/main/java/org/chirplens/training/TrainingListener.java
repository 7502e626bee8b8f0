package org.chirplens.training;

/**
 * Hears how training goes, on the training thread. What it throws stops the run, which can then be resumed from the
 * last complete epoch.
 */
public interface TrainingListener {
    /** Hears nothing. */
    TrainingListener SILENT = new TrainingListener() {};

    /** What a run is doing. */
    enum Phase {
        TRAINING,
        VALIDATION
    }

    /**
     * How far a run is.
     *
     * @param phase what it is doing
     * @param epoch counted from 1
     * @param epochs planned number of epochs
     * @param imagesDone images of this epoch's phase that are done
     * @param imagesTotal images of this epoch's phase
     * @param imagesPerSecond rate over this phase
     * @param loss mean squared error of the epoch's training so far, without the pretext task's share
     * @param etaSeconds estimate of the time left until the last planned epoch ends; NaN before there is one
     */
    record Progress(
            Phase phase,
            int epoch,
            int epochs,
            int imagesDone,
            int imagesTotal,
            double imagesPerSecond,
            double loss,
            double etaSeconds) {}

    /** Called after every batch. */
    default void progress(Progress progress) {}

    /** Called after every epoch, when it is saved. Also called for the earlier epochs of a resumed run, first. */
    default void epoch(EpochRecord epoch) {}
}
