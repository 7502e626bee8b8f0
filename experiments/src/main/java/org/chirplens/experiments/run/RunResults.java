package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.checkpoint.HuggingFaceConfig;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.model.VitConfig;
import org.chirplens.report.AblationResults;
import org.chirplens.report.AtlasFigures;
import org.chirplens.report.ReportData.Fact;
import org.chirplens.report.ReportData.Scores;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.ParameterCount;

/**
 * What a run came to, read from the files of its directory alone.
 *
 * @param files where they are
 * @param manifest what was run
 * @param scaling of the labels
 * @param ablations one for each protocol
 */
record RunResults(RunFiles files, ObjectNode manifest, TargetScaling scaling, List<AblationResults> ablations) {
    /**
     * Reads a run.
     *
     * @throws IllegalArgumentException when the directory holds none
     */
    static RunResults read(Path directory) {
        RunFiles files = new RunFiles(directory);
        if (!Files.exists(files.manifest())) {
            throw new IllegalArgumentException(directory + ": must be a run directory, found no manifest.json");
        }
        return read(directory, JsonFiles.read(files.manifest()));
    }

    /** Reads a run whose manifest is known already. */
    static RunResults read(Path directory, ObjectNode manifest) {
        RunFiles files = new RunFiles(directory);
        JsonNode labels = manifest.path("labels");
        TargetScaling scaling =
                new TargetScaling(TargetsJson.read(labels), numbers(labels.path("mean")), numbers(labels.path("std")));
        return new RunResults(
                files,
                manifest,
                scaling,
                AblationFiles.protocols(files.ablation()).stream()
                        .map(protocol -> AblationFiles.readResults(files.ablation(), protocol, scaling))
                        .toList());
    }

    /** How well the model predicts the test images. */
    List<Scores> scores() {
        if (!Files.exists(files.metrics())) {
            return List.of();
        }
        ObjectNode metrics = JsonFiles.read(files.metrics());
        return List.of(new Scores(
                validated() ? "test images" : "test images (which also chose the epoch)",
                MetricsJson.metrics(scaling.targets(), metrics),
                MetricsJson.intervals(scaling.targets(), metrics)));
    }

    /** Whether the test images chose no epoch. Runs of earlier versions note no validation images: they had none. */
    boolean validated() {
        return manifest.at("/images/validation").asInt() > 0
                || manifest.at("/images/training").asInt() == 0;
    }

    /** What was run. */
    List<Fact> facts() {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("started", manifest.path("started").asText()));
        if (manifest.has("wall_seconds")) {
            facts.add(new Fact(
                    "duration",
                    ProgressLine.duration(manifest.path("wall_seconds").asDouble())));
        }
        if (Files.exists(files.model().resolve("config.json"))) {
            facts.add(
                    new Fact("model", model(HuggingFaceConfig.read(files.model().resolve("config.json")))));
        }
        facts.add(new Fact("trained", trained(history().size())));
        facts.add(new Fact("data", manifest.at("/hashes/data").asText()));
        facts.add(new Fact(
                "images",
                DataStage.words(
                        manifest.at("/images/training").asInt(),
                        manifest.at("/images/validation").asInt(),
                        manifest.at("/images/test").asInt())));
        facts.addAll(Versions.facts(manifest));
        return facts;
    }

    private String model(VitConfig vit) {
        return String.format(
                Locale.ROOT,
                "ViT of %d layers x %d heads, width %d, %d px in patches of %d, %s",
                vit.numLayers(),
                vit.numHeads(),
                vit.hiddenSize(),
                vit.imageSize(),
                vit.patchSize(),
                adapters());
    }

    private String adapters() {
        if (finetuned().isTextual()) {
            return Files.exists(files.model().resolve("adapter")) ? "with adapters" : "no adapters";
        }
        if (manifest.at("/config/training/train").asText().equals("backbone")) {
            return "no adapters";
        }
        JsonNode lora = manifest.at("/config/model/lora");
        List<String> targets = new ArrayList<>();
        lora.path("targets").forEach(target -> targets.add(target.asText()));
        return "LoRA rank " + lora.path("rank").asInt()
                + (lora.path("rankStabilised").asBoolean() ? ", rank-stabilised," : "")
                + (targets.isEmpty() ? "" : " on " + String.join(", ", targets));
    }

    private JsonNode finetuned() {
        return manifest.at("/config/model/finetuned");
    }

    private String trained(int epochs) {
        if (finetuned().isTextual()) {
            return "not in this run, which took " + finetuned().asText();
        }
        String trained = manifest.at("/config/training/train").asText() + ", " + epochs + " epochs";
        JsonNode parameters = manifest.path("parameters");
        return parameters.isMissingNode()
                ? trained
                : trained + "; trainable parameters "
                        + new ParameterCount(
                                parameters.path("trainable").asLong(),
                                parameters.path("total").asLong());
    }

    /** The epochs of training. */
    List<EpochRecord> history() {
        return Files.exists(files.training()) ? TrainingHistory.read(files.training(), scaling.targets()) : List.of();
    }

    /** What each head looks at. */
    List<AtlasFigures.Head> atlas() {
        return AtlasFiles.isDone(files.atlas()) ? AtlasFiles.read(files.atlas()) : List.of();
    }

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }
}
