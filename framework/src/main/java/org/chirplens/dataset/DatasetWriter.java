package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.stream.IntStream;

/**
 * Writes generated images as a data set directory, which {@link Datasets#open} reads, or a shard of one. The description
 * is written first and {@code labels.csv} last, when every image is there; every file appears whole. So what was stopped
 * midway can be told from what is complete, and going on is doing the same again: {@link #open}, {@link #check},
 * {@link #draw}, {@link #finish}.
 *
 * <p>Any number of writers of one description, in any number of processes, may work on one directory at once; that one is extended by
 * another description is for one writer alone. The files of a data set are
 * functions of its description, so it does no harm when two write the same one.
 */
public final class DatasetWriter {
    private final Path directory;
    private final DatasetDescription description;
    private final ImageFiles files;
    private final int threads;

    /** The files that are this writer's to write: {@code start} to {@code end - 1}. */
    private final int start;

    private final int end;

    /** Of these, the files that are not known to be there and whole. */
    private int[] missing;

    private DatasetWriter(
            Path directory, DatasetDescription description, int threads, ImageFiles files, int start, int end) {
        this.directory = directory;
        this.description = description;
        this.threads = threads;
        this.files = files;
        this.start = start;
        this.end = end;
        this.missing = IntStream.range(start, end).toArray();
    }

    /**
     * Begins to write what a directory lacks of the described images. Images that it already holds of the same
     * population and seed are kept, and a range of numbers that continues or overlaps theirs extends the data set.
     *
     * @param directory created when it does not exist
     * @param shard which part of the described images to write; {@link Shard#WHOLE} is all that the directory lacks
     * @param threads that check, draw and encode
     * @throws IllegalArgumentException when the directory holds another data set; nothing has been written then
     */
    public static DatasetWriter open(Path directory, DatasetDescription description, Shard shard, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, found " + threads);
        }
        if (description.tfrecord() == null && description.last() > DatasetFiles.MOST_IMAGES) {
            throw new IllegalArgumentException("numbers of images in PNG files must be at most "
                    + DatasetFiles.MOST_IMAGES + ", found " + description.last());
        }
        DatasetDescription whole = OutputDirectory.claim(directory, description);
        TemporaryName.removeLeftovers(directory);
        ImageFiles files = ImageFiles.of(directory, whole);
        if (shard.count() == 1) {
            return new DatasetWriter(directory, whole, threads, files, 0, files.count());
        }
        // Shards divide what the command asks for, whatever the directory already held when each began.
        int first = files.fileOf(description.first());
        int total = files.fileOf(description.last()) + 1 - first;
        return new DatasetWriter(
                directory, whole, threads, files, first + shard.start(total), first + shard.end(total));
    }

    /**
     * Writes all that a directory lacks of the described images: {@link #open}, {@link #check}, {@link #draw} and
     * {@link #finish} in one.
     *
     * @param progress told the number of images that exist, first of those that were there before
     * @return the description of all that the directory now holds
     */
    public static DatasetDescription write(
            Path directory, DatasetDescription description, int threads, ProgressListener progress) {
        DatasetWriter writer = open(directory, description, Shard.WHOLE, threads);
        writer.check(ProgressListener.NONE);
        writer.draw(progress);
        writer.finish(ProgressListener.NONE);
        return writer.description;
    }

    /**
     * Looks for the files that this writer has to write: those that do not exist, and those that a crash of the machine
     * has left empty, cut off or with blocks of zeros, which their check sums tell.
     *
     * @param progress told how many images of those that exist have been looked at
     */
    public void check(ProgressListener progress) {
        int[] existing = present(files, missing);
        BitSet lacking = new BitSet();
        lacking.set(start, end);
        IntStream.of(existing).forEach(lacking::clear);
        IntStream.of(damaged(files, existing, progress)).forEach(lacking::set);
        missing = lacking.stream().toArray();
        if (missing.length > 0) {
            OutputDirectory.removeTables(directory);
        }
    }

    /**
     * Draws and writes what {@link #check} has found missing; without it, all of this writer's part.
     *
     * @param progress told how many images of this writer's part exist
     */
    public void draw(ProgressListener progress) {
        long all = images(files, IntStream.range(start, end).toArray());
        Tally tally = new Tally(progress, all - images(files, missing), all);
        ParallelLoop.run(missing.length, threads, i -> files.write(missing[i], () -> tally.add(1)));
        missing = new int[0];
    }

    /**
     * Writes {@code labels.csv} if every image of the data set is there, be it of this writer or of others. Of several
     * shards it is the last that finds it so.
     *
     * @param progress told how many images of other writers have been looked at
     * @return how many images are missing or damaged: 0 when the data set is complete
     */
    public long finish(ProgressListener progress) {
        // Another writer may have extended the data set since this one began.
        DatasetDescription whole = DatasetDescription.find(directory).orElse(description);
        boolean extended = !whole.equals(description);
        ImageFiles all = extended ? ImageFiles.of(directory, whole) : files;
        int[] others = IntStream.range(0, all.count())
                .filter(file -> extended || file < start || file >= end)
                .toArray();
        int[] existing = present(all, others);
        long lacking = images(all, others) - images(all, existing) + images(files, missing);
        if (lacking == 0) {
            lacking = images(all, damaged(all, existing, progress));
        }
        if (lacking == 0) {
            GeneratedChirps images = whole.images();
            if (!whole.pairs().isEmpty()) {
                PairTable.write(directory.resolve(PairTable.FILE_NAME), images);
            }
            LabelTable.write(directory.resolve(LabelTable.FILE_NAME), images);
        }
        return lacking;
    }

    private static int[] present(ImageFiles files, int[] some) {
        BitSet present = files.present();
        return IntStream.of(some).filter(present::get).toArray();
    }

    private static long images(ImageFiles files, int[] some) {
        return IntStream.of(some).mapToLong(files::images).sum();
    }

    private int[] damaged(ImageFiles all, int[] some, ProgressListener progress) {
        BitSet damaged = new BitSet();
        Tally tally = new Tally(progress, 0, images(all, some));
        ParallelLoop.run(some.length, threads, i -> {
            if (all.problem(some[i]) != null) {
                synchronized (damaged) {
                    damaged.set(some[i]);
                }
            }
            tally.add(all.images(some[i]));
        });
        return damaged.stream().toArray();
    }
}
