package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.analysis.Protocol;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.run.AblationFiles;
import org.chirplens.experiments.run.CsvTable;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.MetricsJson;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.experiments.run.TargetsJson;
import org.chirplens.report.SweepTrial;
import org.chirplens.training.RegressionMetrics;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a sweep, read back from its manifest and their run directories.
 *
 * @param targets what every trial predicts
 * @param axes the settings that the trials differ in, by their dotted keys
 * @param trials in the order of the grid
 */
record SweepTrials(List<Target> targets, List<String> axes, List<SweepTrial> trials) {
    static SweepTrials read(SweepFiles files) {
        ObjectNode manifest = JsonFiles.read(files.manifest());
        List<Target> targets = new ArrayList<>();
        List<SweepTrial> trials = new ArrayList<>();
        for (JsonNode entry : manifest.path("trials")) {
            RunFiles run = new RunFiles(files.trial(entry.path("name").asText()));
            boolean begun = Files.exists(run.manifest());
            if (begun && targets.isEmpty()) {
                targets.addAll(TargetsJson.ofRun(run));
            }
            trials.add(trial(entry, run, begun ? JsonFiles.read(run.manifest()) : null, targets));
        }
        return new SweepTrials(
                targets.isEmpty() ? Target.RELEASED : targets, texts(manifest.path("axes")), List.copyOf(trials));
    }

    private static SweepTrial trial(JsonNode entry, RunFiles run, @Nullable ObjectNode manifest, List<Target> targets) {
        JsonNode training = manifest == null ? entry.path("none") : manifest.path("training");
        return new SweepTrial(
                entry.path("name").asText(),
                texts(entry.path("values")),
                entry.path("status").asText(),
                entry.path("error").asText(),
                manifest == null ? 0 : manifest.at("/parameters/trainable").asLong(),
                training.path("epochs").asInt(),
                training.path("best_epoch").asInt(),
                manifest == null ? Double.NaN : validationLoss(run, manifest),
                training.path("seconds").asDouble(),
                manifest == null ? 0 : seconds(manifest, training),
                metrics(run, targets),
                heads(run.ablation()),
                link(entry, run));
    }

    /** That of the best epoch; NaN where nothing was trained, or no image was there to validate with. */
    private static double validationLoss(RunFiles run, ObjectNode manifest) {
        int best = manifest.at("/training/best_epoch").asInt();
        double[] loss = {Double.NaN};
        // Without validation images the column of the table is of the test images.
        if (best > 0 && manifest.at("/images/validation").asInt() > 0 && Files.exists(run.training())) {
            CsvTable.read(run.training(), row -> {
                if ((int) row.number("epoch") == best) {
                    loss[0] = row.number("val_loss");
                }
            });
        }
        return loss[0];
    }

    /** The wall time of all stages; fine-tuning counts with its parts before it was resumed. */
    private static double seconds(ObjectNode manifest, JsonNode training) {
        JsonNode stages = manifest.path("stages");
        double seconds = 0;
        for (JsonNode stage : stages) {
            seconds += stage.path("seconds").asDouble();
        }
        double lastPart = stages.path("finetune").path("seconds").asDouble();
        return seconds - lastPart + Math.max(lastPart, training.path("seconds").asDouble());
    }

    private static @Nullable RegressionMetrics metrics(RunFiles run, List<Target> targets) {
        return Files.exists(run.metrics()) ? MetricsJson.metrics(targets, JsonFiles.read(run.metrics())) : null;
    }

    private static List<SweepTrial.Heads> heads(Path ablation) {
        List<SweepTrial.Heads> all = new ArrayList<>();
        for (Protocol protocol : AblationFiles.protocols(ablation)) {
            List<Double> increases = new ArrayList<>();
            int[] size = new int[2];
            CsvTable.read(AblationFiles.table(ablation, protocol.key()), row -> {
                increases.add(row.number("loss_increase_percent"));
                size[0] = Math.max(size[0], 1 + (int) row.number("layer"));
                size[1] = Math.max(size[1], 1 + (int) row.number("head"));
            });
            all.add(new SweepTrial.Heads(
                    protocol.key(),
                    size[0],
                    size[1],
                    increases.stream().mapToDouble(Double::doubleValue).toArray()));
        }
        return all;
    }

    private static @Nullable String link(JsonNode entry, RunFiles run) {
        return Files.exists(run.report()) ? "trials/" + entry.path("name").asText() + "/report.html" : null;
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
