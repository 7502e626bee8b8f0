package org.chirplens.dataset;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads images in a given order as batches, which worker threads decode and preprocess ahead of their use. At most
 * {@value #AHEAD} batches are in memory beside the one in the caller's hands. Content and order do not depend on the
 * number of threads. One thread at a time may call {@link #next()}.
 */
public final class BatchReader implements Iterator<Batch>, AutoCloseable {
    private static final int AHEAD = 3;
    private static final AtomicInteger THREADS = new AtomicInteger();

    /** A batch under way: its images are done when every one of its tasks is. */
    private record Pending(Batch batch, List<Future<?>> images) {}

    private final ImageSet images;
    private final int[] indices;
    private final int batchSize;
    private final Preprocessing recipe;
    private final int imageSize;
    private final ExecutorService workers;
    private final Queue<Pending> queue = new ArrayDeque<>();
    private int submitted;

    /**
     * Starts reading.
     *
     * @param indices the images to read, in this order; an index may occur more than once
     * @param batchSize images of a batch; the last batch may have fewer
     * @param threads worker threads
     */
    public BatchReader(
            ImageSet images, int[] indices, int batchSize, Preprocessing recipe, int imageSize, int threads) {
        require("batchSize", batchSize);
        require("imageSize", imageSize);
        require("threads", threads);
        for (int index : indices) {
            if (index < 0 || index >= images.size()) {
                throw new IllegalArgumentException(
                        "an image index must be in [0, " + (images.size() - 1) + "], found " + index);
            }
        }
        this.images = images;
        this.indices = indices.clone();
        this.batchSize = batchSize;
        this.recipe = recipe;
        this.imageSize = imageSize;
        this.workers = Executors.newFixedThreadPool(threads, daemons());
        while (queue.size() < AHEAD && submitted < this.indices.length) {
            submit();
        }
    }

    private static void require(String name, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, found " + value);
        }
    }

    private static ThreadFactory daemons() {
        return task -> {
            Thread thread = new Thread(task, "batch-reader-" + THREADS.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private void submit() {
        int[] members = Arrays.copyOfRange(indices, submitted, Math.min(submitted + batchSize, indices.length));
        submitted += members.length;
        int length = Preprocessing.length(imageSize);
        float[] pixels = new float[Math.multiplyExact(members.length, length)];
        List<Future<?>> tasks = new ArrayList<>(members.length);
        for (int i = 0; i < members.length; i++) {
            int index = members[i];
            int offset = i * length;
            tasks.add(workers.submit(() -> recipe.apply(images.image(index), imageSize, pixels, offset)));
        }
        queue.add(new Pending(new Batch(members, pixels), tasks));
    }

    @Override
    public boolean hasNext() {
        return !queue.isEmpty();
    }

    /**
     * The next batch, waited for if need be. What {@link ImageSet#image} throws is thrown here, when the batch with
     * that image is asked for.
     *
     * @throws IllegalStateException after {@link #close()}, or when the calling thread is interrupted
     */
    @Override
    public Batch next() {
        if (workers.isShutdown()) {
            throw new IllegalStateException("the batch reader is closed");
        }
        Pending pending = queue.poll();
        if (pending == null) {
            throw new NoSuchElementException("all " + indices.length + " images have been read");
        }
        try {
            pending.images.forEach(BatchReader::await);
        } finally {
            if (submitted < indices.length) {
                submit();
            }
        }
        return pending.batch;
    }

    private static void await(Future<?> image) {
        try {
            image.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a batch", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException("a batch could not be read", e);
        }
    }

    /** Drops what has been read ahead and stops the worker threads; returns when none is at work any more. */
    @Override
    public void close() {
        workers.shutdownNow();
        queue.clear();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = workers.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
