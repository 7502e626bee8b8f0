package org.chirplens.dataset;

/** Counts what several threads have done, and passes the count on, to one listener at a time. */
final class Tally {
    private final ProgressListener listener;
    private final long total;
    private long done;

    /** Starts with what was done before and tells the listener so, if there is anything to do. */
    Tally(ProgressListener listener, long done, long total) {
        this.listener = listener;
        this.done = done;
        this.total = total;
        if (total > 0) {
            listener.progress(done, total);
        }
    }

    synchronized void add(long more) {
        done += more;
        listener.progress(done, total);
    }
}
