package org.chirplens.model;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Works on several items at once, and hands the results on one after the other, in the order of the items. */
final class InOrder {
    private InOrder() {}

    private record UnderWay<I, R>(I item, Future<R> result) {}

    /**
     * Returns when all is done. Items are taken and results handed on by the calling thread. The first failure ends the work: nothing
     * is handed on after it, and no item is being worked on any more when it is thrown.
     *
     * @param atOnce items that are worked on at once; 1 works in the calling thread
     * @throws IllegalStateException when the calling thread is interrupted
     */
    static <I, R> void run(int atOnce, Iterator<I> items, Function<I, R> work, BiConsumer<I, R> results) {
        if (atOnce == 1) {
            while (items.hasNext()) {
                I item = items.next();
                results.accept(item, work.apply(item));
            }
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(atOnce, task -> {
            Thread thread = new Thread(task, "in-order");
            thread.setDaemon(true);
            return thread;
        });
        try {
            Queue<UnderWay<I, R>> underWay = new ArrayDeque<>();
            while (items.hasNext() || !underWay.isEmpty()) {
                if (items.hasNext() && underWay.size() < atOnce) {
                    I item = items.next();
                    underWay.add(new UnderWay<>(item, threads.submit(() -> work.apply(item))));
                } else {
                    UnderWay<I, R> oldest = underWay.remove();
                    results.accept(oldest.item, await(oldest.result));
                }
            }
        } finally {
            end(threads);
        }
    }

    private static <R> R await(Future<R> result) {
        try {
            return result.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a model was computing", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a model could not compute", e);
        }
    }

    /** Tensors that the work uses are closed after this: nobody may be at work then. */
    private static void end(ExecutorService threads) {
        threads.shutdownNow();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = threads.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
