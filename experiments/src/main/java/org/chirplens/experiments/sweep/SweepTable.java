package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.chirplens.experiments.run.CsvTable;
import org.chirplens.file.WholeFile;
import org.chirplens.report.SweepTrial;
import org.chirplens.statistics.RankCorrelation;
import org.chirplens.training.RegressionMetrics;

/** The tables of a sweep. All columns but those of wall times are the same whenever the sweep is run or resumed. */
public final class SweepTable {
    private final SweepTrials sweep;

    SweepTable(SweepTrials sweep) {
        this.sweep = sweep;
    }

    /** The table of a sweep's directory as JSON: an object for each trial, with the columns of {@code sweep.csv}. */
    public static ArrayNode of(Path directory) {
        return new SweepTable(SweepTrials.read(new SweepFiles(directory))).rows();
    }

    ArrayNode rows() {
        ArrayNode rows = JsonNodeFactory.instance.arrayNode();
        sweep.trials().forEach(trial -> rows.add(row(trial)));
        return rows;
    }

    private ObjectNode row(SweepTrial trial) {
        ObjectNode row = JsonNodeFactory.instance.objectNode();
        boolean trained = trial.epochs() > 0;
        RegressionMetrics metrics = trial.metrics();
        row.put("trial", trial.name());
        for (int a = 0; a < sweep.axes().size(); a++) {
            row.put(sweep.axes().get(a), trial.values().get(a));
        }
        row.put("status", trial.status());
        row.put("trainable_parameters", trained ? trial.trainableParameters() : null);
        row.put("epochs", trained ? trial.epochs() : null);
        row.put("best_epoch", trained ? trial.bestEpoch() : null);
        row.put("val_loss", Double.isFinite(trial.validationLoss()) ? trial.validationLoss() : null);
        row.put("images", metrics == null ? null : metrics.images());
        row.put("mse", metrics == null ? null : metrics.mse());
        for (int t = 0; t < sweep.targets().size(); t++) {
            String key = sweep.targets().get(t).key();
            double r = metrics == null ? Double.NaN : metrics.targets().get(t).pearsonR();
            row.put("pearson_r_" + key, Double.isFinite(r) ? r : null);
            row.put(
                    "mae_" + key,
                    metrics == null ? null : metrics.targets().get(t).mae());
            row.put(
                    "rmse_" + key,
                    metrics == null ? null : metrics.targets().get(t).rmse());
        }
        row.put("training_seconds", trained ? rounded(trial.trainingSeconds()) : null);
        row.put("total_seconds", trial.totalSeconds() > 0 ? rounded(trial.totalSeconds()) : null);
        row.put("error", trial.error());
        return row;
    }

    private static double rounded(double seconds) {
        return Math.round(seconds * 100) / 100.0;
    }

    /** Writes {@code sweep.csv}; a number that is not there is an empty cell. */
    void write(Path file) {
        List<String> lines = new ArrayList<>();
        for (JsonNode row : rows()) {
            if (lines.isEmpty()) {
                List<String> titles = new ArrayList<>();
                row.fieldNames().forEachRemaining(titles::add);
                lines.add(String.join(",", titles));
            }
            List<String> cells = new ArrayList<>();
            row.forEach(value -> cells.add(value.isNull() ? "" : CsvTable.cell(value.asText())));
            lines.add(String.join(",", cells));
        }
        WholeFile.writeText(file, String.join("\n", lines) + "\n");
    }

    /** Writes {@code head_importance.csv}: a row for each trial, protocol and head. */
    void writeHeads(Path file) {
        WholeFile.writeText(file, out -> {
            out.write("trial,protocol,layer,head,loss_increase_percent\n");
            for (SweepTrial trial : done()) {
                for (SweepTrial.Heads heads : trial.heads()) {
                    for (int h = 0; h < heads.increases().length; h++) {
                        out.write(trial.name() + "," + heads.protocol() + "," + h / heads.numHeads() + ","
                                + h % heads.numHeads() + "," + heads.increases()[h] + "\n");
                    }
                }
            }
        });
    }

    /** Writes {@code head_agreement.csv}: the rank correlation of every two trials' importance, for each protocol. */
    void writeAgreement(Path file) {
        List<SweepTrial> trials = done();
        WholeFile.writeText(file, out -> {
            out.write("protocol,a,b,spearman\n");
            for (String protocol : protocols(trials)) {
                for (int i = 0; i < trials.size(); i++) {
                    for (int j = i + 1; j < trials.size(); j++) {
                        double[] a = increases(trials.get(i), protocol);
                        double[] b = increases(trials.get(j), protocol);
                        if (a.length > 0 && a.length == b.length) {
                            out.write(protocol + "," + trials.get(i).name() + ","
                                    + trials.get(j).name() + "," + RankCorrelation.spearman(a, b) + "\n");
                        }
                    }
                }
            }
        });
    }

    private List<SweepTrial> done() {
        return sweep.trials().stream()
                .filter(trial -> trial.status().equals(SweepTrial.DONE))
                .toList();
    }

    private static List<String> protocols(List<SweepTrial> trials) {
        return trials.stream()
                .flatMap(trial -> trial.heads().stream().map(SweepTrial.Heads::protocol))
                .distinct()
                .collect(Collectors.toList());
    }

    private static double[] increases(SweepTrial trial, String protocol) {
        return trial.heads().stream()
                .filter(heads -> heads.protocol().equals(protocol))
                .findFirst()
                .map(SweepTrial.Heads::increases)
                .orElse(new double[0]);
    }
}
