package org.chirplens.training;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Finds the chirps of an epoch's batches, in order and ahead of their use, on a thread of its own. */
final class ChirpCellsReader implements AutoCloseable {
    private static final int AHEAD = 3;

    private final ChirpFinder finder;
    private final int[] indices;
    private final int batchSize;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "chirp-cells");
        thread.setDaemon(true);
        return thread;
    });
    private final Queue<CompletableFuture<ChirpCells[]>> queue = new ArrayDeque<>();
    private int submitted;

    ChirpCellsReader(ChirpFinder finder, int[] indices, int batchSize) {
        this.finder = finder;
        this.indices = indices;
        this.batchSize = batchSize;
        for (int i = 0; i < AHEAD; i++) {
            submit();
        }
    }

    private void submit() {
        if (submitted < indices.length) {
            int[] batch = Arrays.copyOfRange(indices, submitted, Math.min(submitted + batchSize, indices.length));
            submitted += batch.length;
            queue.add(CompletableFuture.supplyAsync(
                    () -> Arrays.stream(batch).mapToObj(finder::of).toArray(ChirpCells[]::new), worker));
        }
    }

    /** The cells of each image of the next batch. */
    ChirpCells[] next() {
        CompletableFuture<ChirpCells[]> next = queue.remove();
        submit();
        try {
            return next.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
