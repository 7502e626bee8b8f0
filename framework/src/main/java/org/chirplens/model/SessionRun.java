package org.chirplens.model;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.proto.RunOptions;

/**
 * Runs graphs, but none while the process ends: TensorFlow crashes when it computes while its libraries are taken down. So a
 * process that is told to end (Ctrl-C, SIGTERM) waits for the graphs that are being run, and whoever would run another one
 * waits until the process is gone.
 */
public final class SessionRun {
    /** More than a step of ViT-B/16 with 32 images takes on two cores. */
    private static final int PATIENCE_SECONDS = 30;

    /** Held for reading by every graph that runs, for writing once the process ends. */
    private static final ReadWriteLock RUNNING = new ReentrantReadWriteLock();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SessionRun::end, "wait for running graphs"));
    }

    private SessionRun() {}

    /**
     * Runs a graph; from any thread, several at once.
     *
     * @param runner with its feeds, targets and fetches
     * @return the fetched tensors, which the caller closes
     */
    public static Result of(Session.Runner runner) {
        return guarded(runner::run);
    }

    /**
     * Runs a graph and traces when which operation ran on which device.
     *
     * @param runner with its feeds, targets and fetches
     * @return the fetched tensors and the trace, which the caller closes
     */
    public static Result traced(Session.Runner runner) {
        RunOptions options = RunOptions.newBuilder()
                .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
                .build();
        return guarded(runner.setOptions(options)::runAndFetchMetadata);
    }

    private static Result guarded(Supplier<Result> run) {
        RUNNING.readLock().lock();
        try {
            return run.get();
        } finally {
            RUNNING.readLock().unlock();
        }
    }

    /** Never unlocks; a graph that runs for longer than the patience is left to its fate. */
    private static void end() {
        try {
            RUNNING.writeLock().tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
