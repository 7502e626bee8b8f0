package org.chirplens.experiments.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A table for people: the first column to the left, the others to the right. */
public final class TextTable {
    private final List<String[]> rows = new ArrayList<>();

    /** Starts a table with its column titles. */
    public TextTable(String... titles) {
        rows.add(titles);
    }

    /** Adds a row with a cell per column. */
    public TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** The table as lines, without a final line break. */
    @Override
    public String toString() {
        int columns = rows.get(0).length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row[c].length());
            }
        }
        return rows.stream().map(row -> line(widths, row)).collect(Collectors.joining("\n"));
    }

    /** A row alone, for tables that are printed as they come; a cell wider than its column is not cut. */
    public static String line(int[] widths, String... cells) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < cells.length; c++) {
            String pad = " ".repeat(Math.max(0, widths[c] - cells[c].length()));
            line.append(c == 0 ? cells[c] + pad : "  " + pad + cells[c]);
        }
        return line.toString().stripTrailing();
    }
}
