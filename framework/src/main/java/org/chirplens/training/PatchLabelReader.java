package org.chirplens.training;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Computes the pretext task's labels of an epoch's batches, in order and ahead of their use, on a thread of its own. */
final class PatchLabelReader implements AutoCloseable {
    private static final int AHEAD = 3;

    private final PatchLabels labels;
    private final int[] indices;
    private final int batchSize;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "patch-labels");
        thread.setDaemon(true);
        return thread;
    });
    private final Queue<CompletableFuture<float[]>> queue = new ArrayDeque<>();
    private int submitted;

    PatchLabelReader(PatchLabels labels, int[] indices, int batchSize) {
        this.labels = labels;
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
            queue.add(CompletableFuture.supplyAsync(() -> labels(batch), worker));
        }
    }

    private float[] labels(int[] batch) {
        float[] all = new float[0];
        for (int i = 0; i < batch.length; i++) {
            float[] one = labels.of(batch[i]);
            if (i == 0) {
                all = new float[batch.length * one.length];
            }
            System.arraycopy(one, 0, all, i * one.length, one.length);
        }
        return all;
    }

    /** The labels of the next batch, [images * patches]. */
    float[] next() {
        CompletableFuture<float[]> next = queue.remove();
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
