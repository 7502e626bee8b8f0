package org.chirplens.experiments.run;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the tables that runs write: a title row, numbers and plain names, no quotes. */
public final class CsvTable {
    private final Path file;
    private final Map<String, Integer> columns;
    private final int lineNumber;
    private final String[] cells;

    private CsvTable(Path file, Map<String, Integer> columns, int lineNumber, String[] cells) {
        this.file = file;
        this.columns = columns;
        this.lineNumber = lineNumber;
        this.cells = cells;
    }

    /** Hands each row to a consumer, as a view that is valid during the call. */
    public static void read(Path file, Consumer<CsvTable> rows) {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            String titles = reader.readLine();
            if (titles == null) {
                throw new IllegalArgumentException(file + ": is empty");
            }
            List<String> names = Arrays.asList(titles.split(",", -1));
            Map<String, Integer> columns =
                    IntStream.range(0, names.size()).boxed().collect(Collectors.toMap(names::get, i -> i));
            int number = 1;
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                rows.accept(new CsvTable(file, columns, ++number, line.split(",", -1)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The cell of a column. */
    public String text(String column) {
        Integer index = columns.get(column);
        if (index == null || index >= cells.length) {
            throw new IllegalArgumentException(file + ":" + lineNumber + ": has no column " + column);
        }
        return cells[index];
    }

    /** The cell of a column as a number. */
    public double number(String column) {
        try {
            return Double.parseDouble(text(column));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    file + ":" + lineNumber + ": " + column + " must be a number, found '" + text(column) + "'", e);
        }
    }

    boolean isEmpty(String column) {
        return text(column).isEmpty();
    }
}
