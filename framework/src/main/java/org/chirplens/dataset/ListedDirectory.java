package org.chirplens.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
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
 * @param images as they are
 */
record ListedDirectory(
        Path directory,
        Optional<DatasetDescription> description,
        int first,
        List<LabelTable.Row> rows,
        ListedImages images) {
    /**
     * Lists a directory.
     *
     * @param findings gets what is wrong
     * @throws IllegalArgumentException when it holds no data set, or TFRecord files whose description is missing or
     *     cannot be read
     */
    static ListedDirectory of(Path directory, List<Finding> findings) {
        DatasetFiles.requireDirectory(directory);
        Optional<DatasetDescription> description = DatasetFiles.recordsNumbers(directory)
                        .isEmpty()
                ? description(directory, findings)
                : Optional.of(DatasetDescription.find(directory).orElseThrow(() -> Datasets.undescribed(directory)));
        int first = description.map(DatasetDescription::first).orElse(1);
        List<LabelTable.Row> rows = rows(directory, description.isPresent(), findings);
        compare(directory.resolve(LabelTable.FILE_NAME), description, rows, findings);
        int size = size(description, rows);
        TfRecordLayout layout = description.map(DatasetDescription::tfrecord).orElse(null);
        ListedImages images = description.isPresent() && layout != null
                ? ListedRecords.of(directory, description.get(), layout, findings)
                : ListedPngs.of(directory, first, size, rows.size(), findings);
        return new ListedDirectory(directory, description, first, rows, images);
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

    private static void compare(
            Path table, Optional<DatasetDescription> description, List<LabelTable.Row> rows, List<Finding> findings) {
        int count = description.map(DatasetDescription::count).orElse(Math.max(1, rows.size()));
        if (rows.size() != count) {
            findings.add(new Finding(
                    Kind.ROW_COUNT,
                    table + ": the label table must have "
                            + (description.isPresent()
                                    ? "the " + count + " rows that " + DatasetDescription.FILE_NAME + " says"
                                    : "a row per image")
                            + ", found " + rows.size()));
        }
    }

    private static int size(Optional<DatasetDescription> description, List<LabelTable.Row> rows) {
        return Math.max(rows.size(), description.map(DatasetDescription::count).orElse(0));
    }

    /** The number of images that there should be. */
    int size() {
        return size(description, rows);
    }

    /** How many images, from index 0 on, are one of the population and its counterfactuals; 1 without any. */
    int groupSize() {
        return description.map(DatasetDescription::groupSize).orElse(1);
    }

    String name(int index) {
        return DatasetFiles.imageName(first + index);
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
