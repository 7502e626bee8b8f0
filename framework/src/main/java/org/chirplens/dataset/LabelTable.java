package org.chirplens.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpShape;
import org.jspecify.annotations.Nullable;

/** Reads and writes {@code labels.csv}: a row per image, numbers in their shortest form that reads back unchanged. */
public final class LabelTable {
    /** The table's name in a data set. */
    public static final String FILE_NAME = "labels.csv";

    /** The columns in the order in which they are written; any order is read. */
    private enum Column {
        START_TIME("Chirp_Start_Time"),
        START_FREQUENCY("Chirp_Start_Freq"),
        END_FREQUENCY("Chirp_End_Freq"),
        DURATION("Chirp_Duration"),
        TYPE("Chirp_Type");

        private final String title;

        Column(String title) {
            this.title = title;
        }
    }

    private static final Column[] COLUMNS = Column.values();

    private final Path file;
    private final Problems problems = new Problems();

    private LabelTable(Path file) {
        this.file = file;
    }

    /**
     * A row of a table.
     *
     * @param line where it is, from 1
     * @param chirp null when one of its values breaks a rule
     */
    record Row(int line, @Nullable Chirp chirp) {}

    /** All rows of a table, and what is wrong with some of them. */
    record Rows(List<Row> rows, List<String> problems) {}

    /**
     * Reads the chirps of a table, a row each.
     *
     * @throws IllegalArgumentException naming file, line and column of every value that breaks a rule
     */
    public static List<Chirp> read(Path file) {
        LabelTable table = new LabelTable(file);
        List<Row> rows = table.rows();
        table.problems.throwIfAny();
        return rows.stream().map(Row::chirp).filter(Objects::nonNull).toList();
    }

    /**
     * Reads all that can be read of a table.
     *
     * @throws IllegalArgumentException when there is no table, or one without the columns
     */
    static Rows readAll(Path file) {
        LabelTable table = new LabelTable(file);
        List<Row> rows = table.rows();
        return new Rows(rows, table.problems.all());
    }

    private List<Row> rows() {
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            return rows(reader);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + ": the label table of a data set must exist, found no such file", e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": must be text in UTF-8, found other bytes", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Writes the table of a data set; it is never seen half-written. */
    static void write(Path file, GeneratedChirps images) {
        SharedFile.writeThrough(file, out -> {
            out.write(header() + "\n");
            for (int index = 0; index < images.size(); index++) {
                out.write(row(images.chirp(index)) + "\n");
            }
        });
    }

    private static String header() {
        return String.join(",", Arrays.stream(COLUMNS).map(c -> c.title).toList());
    }

    /** The line of a table that says a chirp's labels. */
    static String row(Chirp chirp) {
        return chirp.startTimeSeconds() + "," + chirp.startFrequencyHz() + "," + chirp.endFrequencyHz() + ","
                + chirp.durationSeconds() + "," + chirp.shape().key();
    }

    private List<Row> rows(BufferedReader reader) throws IOException {
        List<Row> rows = new ArrayList<>();
        String headerLine = reader.readLine();
        int[] positions = positions(headerLine == null ? "" : headerLine);
        int lineNumber = 1;
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            lineNumber++;
            if (!line.isBlank()) {
                rows.add(new Row(lineNumber, chirp(line, lineNumber, positions)));
            }
        }
        return rows;
    }

    private int[] positions(String headerLine) {
        String withoutMark = headerLine.startsWith("\ufeff") ? headerLine.substring(1) : headerLine;
        List<String> titles = Arrays.asList(cells(withoutMark));
        int[] positions = new int[COLUMNS.length];
        for (Column column : COLUMNS) {
            int position = titles.indexOf(column.title);
            if (position < 0 || titles.size() != COLUMNS.length) {
                throw new IllegalArgumentException(file + ":1: the header must have the columns " + header()
                        + " (in any order), found " + (headerLine.isBlank() ? "nothing" : withoutMark));
            }
            positions[column.ordinal()] = position;
        }
        return positions;
    }

    /** The values of a line; a value may stand in double quotes, but none holds a comma. */
    private static String[] cells(String line) {
        String[] cells = line.split(",", -1);
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i].strip();
            boolean quoted = cell.length() >= 2 && cell.startsWith("\"") && cell.endsWith("\"");
            cells[i] = quoted ? cell.substring(1, cell.length() - 1) : cell;
        }
        return cells;
    }

    private @Nullable Chirp chirp(String line, int lineNumber, int[] positions) {
        String[] cells = cells(line);
        if (cells.length != COLUMNS.length) {
            problem(lineNumber, "a row must have " + COLUMNS.length + " values, found " + cells.length);
            return null;
        }
        double[] numbers = new double[COLUMNS.length - 1];
        for (int c = 0; c < numbers.length; c++) {
            numbers[c] = number(COLUMNS[c], cells[positions[c]], lineNumber);
        }
        ChirpShape shape = shape(cells[positions[Column.TYPE.ordinal()]], lineNumber);
        return shape == null || Arrays.stream(numbers).anyMatch(Double::isNaN)
                ? null
                : new Chirp(numbers[0], numbers[3], numbers[1], numbers[2], shape);
    }

    /** The value, or NaN after noting what is wrong with it. */
    private double number(Column column, String cell, int lineNumber) {
        double value = parsed(cell);
        boolean holds = Double.isFinite(value) && (column == Column.DURATION ? value > 0 : value >= 0);
        if (!holds) {
            String rule = column == Column.DURATION ? "a number above 0" : "a number of at least 0";
            problem(lineNumber, column.title + " must be " + rule + ", found " + (cell.isEmpty() ? "nothing" : cell));
        }
        return holds ? value : Double.NaN;
    }

    /** A cell as a number; NaN when it is none. */
    static double parsed(String cell) {
        // Java's own suffixes and hexadecimal floats are no numbers in a CSV file.
        if (cell.isEmpty() || Character.isLetter(cell.charAt(cell.length() - 1)) || cell.indexOf('x') >= 0) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(cell);
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    private @Nullable ChirpShape shape(String cell, int lineNumber) {
        for (ChirpShape shape : ChirpShape.values()) {
            if (shape.key().equals(cell)) {
                return shape;
            }
        }
        problem(
                lineNumber,
                Column.TYPE.title + " must be linear or exponential, found " + (cell.isEmpty() ? "nothing" : cell));
        return null;
    }

    private void problem(int lineNumber, String problem) {
        problems.add(file + ":" + lineNumber + ": " + problem);
    }
}
