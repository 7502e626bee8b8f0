package org.chirplens.dataset;

/** Told about the progress of long work. It may be called from any thread, but never from two at once. */
@FunctionalInterface
public interface ProgressListener {
    /** Hears nothing. */
    ProgressListener NONE = (done, total) -> {};

    /**
     * Called after each unit of work, and first with what was done before, when work goes on that was stopped.
     *
     * @param done units finished so far, never decreasing
     * @param total units in all
     */
    void progress(long done, long total);
}
