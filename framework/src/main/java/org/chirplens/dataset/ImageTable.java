package org.chirplens.dataset;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.csv.CsvFactory;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the label table of an {@link ImageLayout}: CSV as RFC 4180 has it, in UTF-8, with a header. */
final class ImageTable {
    /**
     * A row.
     *
     * @param line the line that it begins in, from 1
     * @param file the image's file name, relative to the directory
     * @param label the targets' values, in their units
     */
    record Row(int line, String file, double[] label) {}

    private static final CsvFactory CSV = CsvFactory.builder()
            .enable(CsvParser.Feature.TRIM_SPACES)
            .enable(CsvParser.Feature.SKIP_EMPTY_LINES)
            .build();

    private final Path file;
    private final ImageLayout layout;
    private final Problems problems = new Problems();
    private final List<Row> rows = new ArrayList<>();
    private List<String> header = List.of();

    private ImageTable(Path file, ImageLayout layout) {
        this.file = file;
        this.layout = layout;
    }

    /**
     * Reads all rows.
     *
     * @throws IllegalArgumentException naming file, line and column of every value that breaks a rule
     */
    static List<Row> read(Path file, ImageLayout layout) {
        ImageTable table = new ImageTable(file, layout);
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
                CsvParser parser = CSV.createParser(reader)) {
            table.read(parser);
        } catch (NoSuchFileException e) {
            throw new IllegalArgumentException(
                    file + ": the label table of a data set must exist, found no such file", e);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(
                    file + ":" + line + ": the label table must be CSV, found: " + e.getOriginalMessage(), e);
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": the label table must be text in UTF-8, found other bytes", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        table.problems.throwIfAny();
        if (table.rows.isEmpty()) {
            throw new IllegalArgumentException(file + ": the label table must have a row per image, found no row");
        }
        return table.rows;
    }

    private void read(CsvParser parser) throws IOException {
        List<Integer> targets = List.of();
        int fileAt = -1;
        while (parser.nextToken() == JsonToken.START_ARRAY) {
            int line = parser.currentLocation().getLineNr();
            List<String> cells = new ArrayList<>();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                cells.add(parser.getText());
            }
            if (header.isEmpty()) {
                header = withoutMark(cells);
                targets = layout.columns().stream()
                        .map(column -> position(column.title()))
                        .toList();
                fileAt = layout.fileColumn() == null ? -1 : position(layout.fileColumn());
            } else {
                row(line, cells, fileAt, targets);
            }
        }
        if (header.isEmpty()) {
            throw new IllegalArgumentException(file + ":1: the label table must have a header, found nothing");
        }
    }

    /** Cells without the byte order mark that some programs begin a file with. */
    private static List<String> withoutMark(List<String> cells) {
        String first = cells.get(0);
        if (first.startsWith("\ufeff")) {
            // The mark keeps the parser from seeing the quotes of the first cell.
            String bare = first.substring(1);
            boolean quoted = bare.length() >= 2 && bare.startsWith("\"") && bare.endsWith("\"");
            cells.set(0, quoted ? bare.substring(1, bare.length() - 1) : bare);
        }
        return cells;
    }

    private int position(String title) {
        int found = Collections.frequency(header, title);
        if (found != 1) {
            throw new IllegalArgumentException(file + ":1: the header must have the column '" + title + "' once, found "
                    + (found == 0 ? String.join(", ", header) : found + " of it"));
        }
        return header.indexOf(title);
    }

    private void row(int line, List<String> cells, int fileAt, List<Integer> targets) {
        if (cells.size() != header.size()) {
            problem(line, "a row must have " + header.size() + " values, as the header, found " + cells.size());
            return;
        }
        double[] label = new double[targets.size()];
        for (int t = 0; t < label.length; t++) {
            label[t] = number(layout.columns().get(t).title(), cells.get(targets.get(t)), line);
        }
        String pattern = layout.filePattern();
        String name = pattern == null
                ? cells.get(fileAt)
                : pattern.replace(ImageLayout.NUMBER, String.valueOf(rows.size() + 1));
        String wrong = nameProblem(name);
        if (wrong != null) {
            String column = layout.fileColumn() == null ? "the image" : layout.fileColumn();
            problem(line, column + " " + wrong + ", found " + shown(name));
        }
        // Also where something is wrong, as the numbers of the next rows depend on it.
        rows.add(new Row(line, name, label));
    }

    private double number(String column, String cell, int line) {
        double value = LabelTable.parsed(cell);
        if (!Double.isFinite(value)) {
            problem(line, column + " must be a number, found " + shown(cell));
        }
        return value;
    }

    private static @Nullable String nameProblem(String name) {
        try {
            Path path = Path.of(name);
            boolean inside = !path.isAbsolute() && !path.normalize().startsWith("..");
            return inside && !name.isBlank() && name.chars().noneMatch(c -> c < ' ')
                    ? null
                    : "must be a file inside the data directory";
        } catch (InvalidPathException e) {
            return "must be a name that files can have here (" + e.getReason() + ")";
        }
    }

    private static String shown(String cell) {
        return cell.isEmpty() ? "nothing" : cell;
    }

    private void problem(int line, String problem) {
        problems.add(file + ":" + line + ": " + problem);
    }
}
