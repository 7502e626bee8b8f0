package org.chirplens.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.chirplens.chirp.Chirp;
import org.jspecify.annotations.Nullable;

/** The TFRecord files of a generated data set, which are written record by record. */
final class TfRecordFiles implements ImageFiles {
    private final Path directory;
    private final DatasetDescription description;
    private final TfRecordLayout layout;
    private final GeneratedChirps images;
    private final int firstFile;

    TfRecordFiles(Path directory, DatasetDescription description, TfRecordLayout layout) {
        this.directory = directory;
        this.description = description;
        this.layout = layout;
        this.images = description.images();
        this.firstFile = layout.file(description.first());
    }

    @Override
    public int count() {
        return fileOf(description.last()) + 1;
    }

    @Override
    public int fileOf(int imageNumber) {
        return layout.file(imageNumber) - firstFile;
    }

    @Override
    public int images(int file) {
        return last(file) - first(file) + 1;
    }

    @Override
    public BitSet present() {
        return DatasetFiles.recordsNumbers(directory).get(firstFile, firstFile + count());
    }

    /** Also finds the file that an extended data set holds more images in, and records of another data set. */
    @Override
    public @Nullable String problem(int file) {
        Path path = path(file);
        try (TfRecordFile records = TfRecordFile.open(path)) {
            int number = first(file);
            for (long offset : records.offsets(images(file))) {
                Chirp chirp = images.chirp(number - description.first());
                ChirpExample.verify(records.read(offset), number, chirp, path + ": byte " + offset);
                number++;
            }
            return null;
        } catch (IllegalArgumentException e) {
            return e.getMessage();
        }
    }

    @Override
    public void write(int file, Runnable drawn) throws IOException {
        SharedFile.write(path(file), out -> {
            for (int number = first(file); number <= last(file); number++) {
                int index = number - description.first();
                TfRecord.write(
                        out, ChirpExample.encode(number, images.chirp(index), images.image(index), layout.encoding()));
                drawn.run();
            }
        });
    }

    /** The images as they are drawn. */
    GeneratedChirps drawn() {
        return images;
    }

    /** The number of the first image in a file. */
    int first(int file) {
        return layout.first(firstFile + file, description);
    }

    private int last(int file) {
        return layout.last(firstFile + file, description);
    }

    /** Where a file is. */
    Path path(int file) {
        return directory.resolve(DatasetFiles.recordsName(firstFile + file));
    }
}
