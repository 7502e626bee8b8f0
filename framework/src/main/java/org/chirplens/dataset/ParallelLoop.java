package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Threads that take one index after another, each the next that nobody has taken; the first failure ends all. */
final class ParallelLoop {
    /** The work of one index. */
    @FunctionalInterface
    interface Body {
        void run(int index) throws IOException;
    }

    private final int count;
    private final Body body;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    private ParallelLoop(int count, Body body) {
        this.count = count;
        this.body = body;
    }

    /** Runs the body for 0 to {@code count - 1} and returns when all is done. */
    static void run(int count, int threads, Body body) {
        new ParallelLoop(count, body).run(Math.min(threads, count));
    }

    private void run(int threads) {
        Thread[] workers = new Thread[threads];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Thread(this::work, "dataset-" + i);
            workers[i].setDaemon(true);
            workers[i].start();
        }
        join(workers);
        Throwable failed = failure.get();
        if (failed instanceof IOException exception) {
            throw new UncheckedIOException("cannot read or write a data set", exception);
        }
        if (failed instanceof RuntimeException exception) {
            throw exception;
        }
        if (failed instanceof Error error) {
            throw error;
        }
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement(); i < count && failure.get() == null; i = next.getAndIncrement()) {
                body.run(i);
            }
        } catch (IOException | RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private void join(Thread[] workers) {
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            IllegalStateException stopped = new IllegalStateException("interrupted while working on a data set", e);
            failure.compareAndSet(null, stopped);
            throw stopped;
        }
    }
}
