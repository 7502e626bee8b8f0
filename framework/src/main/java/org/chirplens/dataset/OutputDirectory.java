package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory that a data set is written to: what it may hold before, and that it is described. */
final class OutputDirectory {
    private OutputDirectory() {}

    /**
     * Makes a directory the described data set's, or extends the one that it is already.
     *
     * @return the description of all that it is to hold
     * @throws IllegalArgumentException when it holds another data set; nothing has been written then
     */
    static DatasetDescription claim(Path directory, DatasetDescription description) {
        DatasetDescription whole = check(directory, description);
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot create " + directory, e);
        }
        if (!whole.equals(DatasetDescription.find(directory).orElse(null))) {
            whole.write(directory);
            removeTables(directory);
        }
        return whole;
    }

    private static DatasetDescription check(Path directory, DatasetDescription description) {
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
        if (labels
                || !DatasetFiles.imageNumbers(directory).isEmpty()
                || !DatasetFiles.recordsNumbers(directory).isEmpty()) {
            throw new IllegalArgumentException(directory + ": the output directory must hold no other data set, found "
                    + (labels ? LabelTable.FILE_NAME : "images") + " without " + DatasetDescription.FILE_NAME);
        }
        return description;
    }

    /** Takes the tables away while images are missing: they say that every image is there. */
    static void removeTables(Path directory) {
        for (String name : List.of(LabelTable.FILE_NAME, PairTable.FILE_NAME)) {
            Path table = directory.resolve(name);
            try {
                Files.deleteIfExists(table);
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + table, e);
            }
        }
    }
}
