package org.chirplens.dataset;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.Finding.Kind;
import org.jspecify.annotations.Nullable;

/** What is wrong with the values in a data set's label table and in its table of counterfactual pairs. */
final class LabelFindings {
    private final ListedDirectory data;
    private final @Nullable GeneratedChirps drawn;
    private final List<Finding> findings;

    private LabelFindings(ListedDirectory data, @Nullable GeneratedChirps drawn, List<Finding> findings) {
        this.data = data;
        this.drawn = drawn;
        this.findings = findings;
    }

    /**
     * Looks at every row of both tables.
     *
     * @param drawn what a generated set must be; null for other sets
     */
    static void add(ListedDirectory data, @Nullable GeneratedChirps drawn, List<Finding> findings) {
        LabelFindings labels = new LabelFindings(data, drawn, findings);
        labels.labels();
        if (drawn != null) {
            labels.pairs(drawn);
        }
    }

    private void labels() {
        LabelBounds bounds = LabelBounds.of(data.description());
        for (int i = 0; i < data.rows().size(); i++) {
            Chirp chirp = data.label(i);
            if (chirp == null) {
                continue;
            }
            for (String problem : bounds.problems(chirp)) {
                findings.add(new Finding(Kind.LABEL_RANGE, data.row(i) + ": " + problem));
            }
            if (drawn != null && i < drawn.size() && !chirp.equals(drawn.chirp(i))) {
                findings.add(new Finding(
                        Kind.LABEL_SEED,
                        data.row(i) + ": the row must be " + LabelTable.row(drawn.chirp(i))
                                + ", which the seed gives, found " + LabelTable.row(chirp)));
            }
        }
    }

    private void pairs(GeneratedChirps images) {
        Path file = data.directory().resolve(PairTable.FILE_NAME);
        boolean exists = Files.exists(file);
        if (data.groupSize() == 1) {
            if (exists) {
                pair(file + ": must not exist, as " + DatasetDescription.FILE_NAME + " has no pairs");
            }
        } else if (exists) {
            try {
                compare(file, PairTable.read(file), images);
            } catch (IllegalArgumentException | UncheckedIOException e) {
                pair(String.valueOf(e.getMessage()));
            }
        } else if (!data.rows().isEmpty()) {
            // A set that was stopped has neither table, which the number of label rows says.
            pair(file + ": must exist, as " + DatasetDescription.FILE_NAME + " has pairs");
        }
    }

    private void compare(Path file, List<CounterfactualPair> found, GeneratedChirps images) {
        int rows = 0;
        for (int index = 0; index < images.size(); index++) {
            CounterfactualPair pair = images.pair(index);
            if (pair == null) {
                continue;
            }
            if (rows < found.size() && !pair.equals(found.get(rows))) {
                // Below the header, each row is a line.
                pair(PairTable.FILE_NAME + ":" + (rows + 2) + ": the row must be " + PairTable.row(pair)
                        + ", which the seed gives, found " + PairTable.row(found.get(rows)));
            }
            rows++;
        }
        if (found.size() != rows) {
            pair(file + ": the table must have a row for each of the " + rows + " counterfactuals, found "
                    + found.size());
        }
    }

    private void pair(String text) {
        findings.add(new Finding(Kind.PAIR_TABLE, text));
    }
}
