package org.chirplens.dataset;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes {@code pairs.csv}: a row per counterfactual image of a generated data set. */
public final class PairTable {
    /** The table's name in a data set. */
    public static final String FILE_NAME = "pairs.csv";

    private static final String HEADER = "factor,image,counterfactual,value,counterfactual_value";

    private PairTable() {}

    /**
     * The counterfactual pairs of a data set.
     *
     * @throws IllegalArgumentException naming file and line of a row that breaks the format
     */
    public static List<CounterfactualPair> read(Path file) {
        List<CounterfactualPair> pairs = new ArrayList<>();
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            int lineNumber = 1;
            String line = reader.readLine();
            if (!HEADER.equals(line)) {
                throw new IllegalArgumentException(file + ":1: the header must be " + HEADER + ", found " + line);
            }
            for (line = reader.readLine(); line != null; line = reader.readLine()) {
                lineNumber++;
                pairs.add(pair(line, file + ":" + lineNumber));
            }
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": must be text in UTF-8, found other bytes", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        return pairs;
    }

    private static CounterfactualPair pair(String line, String place) {
        String[] cells = line.split(",", -1);
        if (cells.length != 5) {
            throw new IllegalArgumentException(place + ": a row must have 5 values, found " + cells.length);
        }
        try {
            return new CounterfactualPair(
                    Factor.of(cells[0]), Integer.parseInt(cells[1]), Integer.parseInt(cells[2]), cells[3], cells[4]);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    place + ": image and counterfactual must be whole numbers, found " + cells[1] + " and " + cells[2],
                    e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(place + ": " + e.getMessage(), e);
        }
    }

    /** Writes the pairs of generated images; the table is never seen half-written. */
    static void write(Path file, GeneratedChirps images) {
        SharedFile.writeThrough(file, out -> {
            out.write(HEADER + "\n");
            for (int index = 0; index < images.size(); index++) {
                CounterfactualPair pair = images.pair(index);
                if (pair != null) {
                    out.write(row(pair) + "\n");
                }
            }
        });
    }

    /** A row without its line break. */
    static String row(CounterfactualPair pair) {
        return pair.factor().key() + "," + pair.image() + "," + pair.counterfactual() + "," + pair.value() + ","
                + pair.counterfactualValue();
    }
}
