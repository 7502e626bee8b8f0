package org.chirplens.experiments.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Reads the tables that runs write: a title row, then a line per row; a name may stand in double quotes. */
public final class CsvTable {
    private static final ObjectReader CSV =
            new CsvMapper().readerFor(String[].class).with(CsvParser.Feature.WRAP_AS_ARRAY);

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
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                MappingIterator<String[]> lines = CSV.readValues(reader)) {
            if (!lines.hasNext()) {
                throw new IllegalArgumentException(file + ": is empty");
            }
            List<String> names = Arrays.asList(lines.next());
            Map<String, Integer> columns =
                    IntStream.range(0, names.size()).boxed().collect(Collectors.toMap(names::get, i -> i));
            int number = 1;
            while (lines.hasNext()) {
                rows.accept(new CsvTable(file, columns, ++number, lines.next()));
            }
        } catch (JsonProcessingException | RuntimeJsonMappingException e) {
            throw new IllegalArgumentException(file + ": must be a table that a run wrote, found " + e.getMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": must be a table that a run wrote, found what is no UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** A name as a cell: in quotes where it must be. */
    public static String cell(String name) {
        boolean plain = name.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? name : "\"" + name.replace("\"", "\"\"") + "\"";
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

    /** The cell of a column as a number; NaN where it is empty. */
    double numberIfAny(String column) {
        return isEmpty(column) ? Double.NaN : number(column);
    }

    /** The cell of a column, which must be one of some words. */
    String oneOf(String column, List<String> words) {
        String text = text(column);
        if (!words.contains(text)) {
            throw new IllegalArgumentException(file + ":" + lineNumber + ": " + column + " must be one of "
                    + String.join(", ", words) + ", found '" + text + "'");
        }
        return text;
    }

    /** Whether the table has a column. */
    boolean has(String column) {
        return columns.containsKey(column);
    }

    boolean isEmpty(String column) {
        return text(column).isEmpty();
    }
}
