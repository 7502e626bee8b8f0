package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes generated images as a data set directory of the released format, which {@link ChirpDirectory} reads, beside
 * {@code dataset.json}. The description is written first and {@code labels.csv} last, every file under a temporary
 * name that is then moved: what was stopped midway can be told from what is complete, and calling again goes on.
 */
public final class DatasetWriter {
    private final Path directory;
    private final DatasetDescription description;
    private final GeneratedChirps images;
    private final ProgressListener progress;
    private final int[] missing;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private long done;

    private DatasetWriter(Path directory, DatasetDescription description, ProgressListener progress) {
        this.directory = directory;
        this.description = description;
        this.images = description.images();
        this.progress = progress;
        this.missing = missing();
        this.done = (long) images.size() - missing.length;
    }

    /**
     * Generates what a directory lacks of the described images. Images that it already holds of the same population
     * and seed are kept, and a range of numbers that continues or overlaps theirs extends the data set.
     *
     * @param directory created when it does not exist
     * @param threads that draw and encode
     * @param progress told the number of images that exist, first of those that were there before
     * @return the description of all that the directory now holds
     * @throws IllegalArgumentException when the directory holds another data set
     */
    public static DatasetDescription write(
            Path directory, DatasetDescription description, int threads, ProgressListener progress) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, found " + threads);
        }
        DatasetDescription whole = claim(directory, description);
        new DatasetWriter(directory, whole, progress).write(threads);
        return whole;
    }

    /**
     * Checks, before any long work and without writing anything, that {@link #write} would accept the directory.
     *
     * @return the description of all that it would hold
     * @throws IllegalArgumentException when it holds another data set
     */
    public static DatasetDescription check(Path directory, DatasetDescription description) {
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + ": the output must be a directory, found a file");
        }
        if (!Files.exists(directory)) {
            return description;
        }
        DatasetDescription present = DatasetDescription.find(directory).orElse(null);
        if (present != null) {
            return present.grownBy(description, directory);
        }
        boolean labels = Files.exists(directory.resolve(LabelTable.FILE_NAME));
        if (labels || !DatasetFiles.imageNumbers(directory).isEmpty()) {
            throw new IllegalArgumentException(directory + ": the output directory must hold no other data set, found "
                    + (labels ? LabelTable.FILE_NAME : "images") + " without " + DatasetDescription.FILE_NAME);
        }
        return description;
    }

    private static DatasetDescription claim(Path directory, DatasetDescription description) {
        DatasetDescription whole = check(directory, description);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
        whole.write(directory);
        return whole;
    }

    /** Indices of the images to draw: those without a file, or with one that a crash of the machine cut off. */
    private int[] missing() {
        BitSet present = DatasetFiles.imageNumbers(directory);
        return IntStream.range(0, images.size())
                .parallel()
                .filter(index -> !present.get(description.first() + index)
                        || PngFile.headerProblem(directory.resolve(images.name(index))) != null)
                .toArray();
    }

    private void write(int threads) {
        progress.progress(done, images.size());
        Thread[] workers = new Thread[Math.min(threads, missing.length)];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Thread(this::work, "dataset-writer-" + i);
            workers[i].setDaemon(true);
            workers[i].start();
        }
        join(workers);
        Throwable failed = failure.get();
        if (failed instanceof RuntimeException exception) {
            throw exception;
        }
        if (failed instanceof Error error) {
            throw error;
        }
        if (!description.pairs().isEmpty()) {
            PairTable.write(directory.resolve(PairTable.FILE_NAME), images);
        }
        LabelTable.write(directory.resolve(LabelTable.FILE_NAME), images);
    }

    private void work() {
        try {
            for (int i = next.getAndIncrement();
                    i < missing.length && failure.get() == null;
                    i = next.getAndIncrement()) {
                int index = missing[i];
                Path file = directory.resolve(images.name(index));
                DatasetFiles.write(file, PngEncoder.encode(images.image(index)));
                finished();
            }
        } catch (IOException e) {
            failure.compareAndSet(null, new UncheckedIOException("cannot write images to " + directory, e));
        } catch (RuntimeException | Error e) {
            failure.compareAndSet(null, e);
        }
    }

    private synchronized void finished() {
        done++;
        progress.progress(done, images.size());
    }

    private void join(Thread[] workers) {
        try {
            for (Thread worker : workers) {
                worker.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            IllegalStateException stopped = new IllegalStateException("interrupted while generating " + directory, e);
            failure.compareAndSet(null, stopped);
            throw stopped;
        }
    }
}
