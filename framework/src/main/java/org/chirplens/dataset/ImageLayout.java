package org.chirplens.dataset;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the labels of a directory of images are. Of {@code fileColumn} and {@code filePattern} one is given.
 *
 * @param labels the CSV file with a row per image, relative to the directory
 * @param fileColumn the column that holds each image's file name, relative to the directory
 * @param filePattern the name of each image's file, in which {@value #NUMBER} stands for its row, from 1
 * @param columns what is to be predicted, at least one
 */
public record ImageLayout(
        String labels,
        @Nullable String fileColumn,
        @Nullable String filePattern,
        List<Column> columns) {
    /** Stands for the number of the row in {@link #filePattern}. */
    public static final String NUMBER = "{i}";

    /**
     * A column of numbers.
     *
     * @param title what its header cell says
     * @param target what the numbers are
     */
    public record Column(String title, Target target) {}

    public ImageLayout {
        columns = List.copyOf(columns);
        Target.requireDistinct(columns.stream().map(Column::target).toList());
        if ((fileColumn == null) == (filePattern == null)) {
            throw new IllegalArgumentException("one of fileColumn and filePattern must be given, found "
                    + (fileColumn == null ? "neither" : "both"));
        }
        if (filePattern != null && !filePattern.contains(NUMBER)) {
            throw new IllegalArgumentException(
                    "filePattern must hold " + NUMBER + ", which stands for the row, found '" + filePattern + "'");
        }
    }

    List<Target> targets() {
        return columns.stream().map(Column::target).toList();
    }
}
