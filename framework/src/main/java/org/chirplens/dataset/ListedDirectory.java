package org.chirplens.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.Finding.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The files and labels of a data set directory as they are, whatever is wrong with them; {@link ChirpDirectory} is what
 * is read when nothing is.
 *
 * @param description what it says of itself; empty for a released set, and when that cannot be read
 * @param first the number of the first image
 * @param rows the label table's; row i is image {@code first + i}
 * @param present the numbers of the images that exist
 */
record ListedDirectory(
        Path directory,
        Optional<DatasetDescription> description,
        int first,
        List<LabelTable.Row> rows,
        BitSet present) {
    /**
     * Lists a directory.
     *
     * @param findings gets what is wrong
     * @throws IllegalArgumentException when it holds no data set
     */
    static ListedDirectory of(Path directory, List<Finding> findings) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + ": the data directory must exist, found "
                    + (Files.exists(directory) ? "a file" : "no such directory"));
        }
        Optional<DatasetDescription> description = description(directory, findings);
        int first = description.map(DatasetDescription::first).orElse(1);
        ListedDirectory listed = new ListedDirectory(
                directory,
                description,
                first,
                rows(directory, description.isPresent(), findings),
                DatasetFiles.imageNumbers(directory));
        listed.compare(findings);
        return listed;
    }

    private static Optional<DatasetDescription> description(Path directory, List<Finding> findings) {
        try {
            return DatasetDescription.find(directory);
        } catch (IllegalArgumentException e) {
            findings.add(new Finding(Kind.DESCRIPTION, String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    private static List<LabelTable.Row> rows(Path directory, boolean described, List<Finding> findings) {
        Path table = directory.resolve(LabelTable.FILE_NAME);
        if (described && !Files.exists(table)) {
            // Generating writes the table last, so this set was stopped; its images can be looked at.
            return List.of();
        }
        LabelTable.Rows read = LabelTable.readAll(table);
        read.problems().forEach(problem -> findings.add(new Finding(Kind.LABEL_ROW, problem)));
        return read.rows();
    }

    private void compare(List<Finding> findings) {
        int count = description.map(DatasetDescription::count).orElse(Math.max(1, rows.size()));
        if (rows.size() != count) {
            findings.add(new Finding(
                    Kind.ROW_COUNT,
                    table() + ": the label table must have "
                            + (description.isPresent()
                                    ? "the " + count + " rows that " + DatasetDescription.FILE_NAME + " says"
                                    : "a row per image")
                            + ", found " + rows.size()));
        }
        BitSet expected = new BitSet();
        expected.set(first, first + size());
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(present);
        missing.stream()
                .forEach(
                        number -> findings.add(new Finding(Kind.MISSING_IMAGE, file(number - first) + ": must exist")));
        BitSet extra = (BitSet) present.clone();
        extra.andNot(expected);
        extra.stream()
                .forEach(number -> findings.add(new Finding(
                        Kind.EXTRA_IMAGE,
                        file(number - first) + ": must have a row in " + LabelTable.FILE_NAME + ", found " + rows.size()
                                + " rows")));
    }

    Path table() {
        return directory.resolve(LabelTable.FILE_NAME);
    }

    /** The number of images that there should be. */
    int size() {
        return Math.max(rows.size(), description.map(DatasetDescription::count).orElse(0));
    }

    boolean isPresent(int index) {
        return present.get(first + index);
    }

    String name(int index) {
        return DatasetFiles.imageName(first + index);
    }

    Path file(int index) {
        return directory.resolve(name(index));
    }

    /** The labels of an image; null when its row is missing or cannot be read. */
    @Nullable
    Chirp label(int index) {
        return index < rows.size() ? rows.get(index).chirp() : null;
    }

    /** Where the labels of an image are, for messages. */
    String row(int index) {
        return LabelTable.FILE_NAME + ":" + rows.get(index).line();
    }
}
