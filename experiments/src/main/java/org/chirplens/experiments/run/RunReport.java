package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.analysis.MapReading;
import org.chirplens.checkpoint.HuggingFaceConfig;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.model.VitConfig;
import org.chirplens.report.AblationResults;
import org.chirplens.report.AttentionReadings;
import org.chirplens.report.AttentionReadings.Picture;
import org.chirplens.report.AttentionReadings.Reading;
import org.chirplens.report.ConditionErrors;
import org.chirplens.report.Figure;
import org.chirplens.report.ReportData;
import org.chirplens.report.ReportData.Fact;
import org.chirplens.report.ReportData.FigureGroup;
import org.chirplens.report.ReportData.Scores;
import org.chirplens.report.ReportPage;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.ParameterCount;

/** Renders a run's figures and report from the files of its directory alone. */
public final class RunReport {
    /** The maps of further images are in the .npy files alone. */
    private static final int MOST_IMAGES = 64;

    private final RunFiles files;
    private final ObjectNode manifest;
    private final TargetScaling scaling;
    private final List<ConditionErrors> conditions;
    private final List<AblationResults> ablations;

    private RunReport(Path directory) {
        this.files = new RunFiles(directory);
        if (!Files.exists(files.manifest())) {
            throw new IllegalArgumentException(directory + ": must be a run directory, found no manifest.json");
        }
        this.manifest = WholeFile.readJson(files.manifest());
        JsonNode labels = manifest.path("labels");
        this.scaling =
                new TargetScaling(TargetsJson.read(labels), numbers(labels.path("mean")), numbers(labels.path("std")));
        this.conditions =
                Files.exists(files.predictions()) ? ConditionFiles.read(files.predictions(), scaling) : List.of();
        this.ablations = AblationFiles.protocols(files.ablation()).stream()
                .map(protocol -> AblationFiles.readResults(files.ablation(), protocol, scaling))
                .map(results ->
                        AtlasFiles.isDone(files.atlas()) ? AtlasFiles.withLabels(files.atlas(), results) : results)
                .toList();
    }

    /** Writes every figure, the table of numbers that one of them is drawn from, and the page. */
    public static void render(Path directory) {
        RunReport report = new RunReport(directory);
        Map<String, Map<String, Figure>> figures = report.figures();
        figures.values().forEach(topic -> RunFigures.save(topic, report.files.figures()));
        if (AtlasFiles.isDone(report.files.atlas()) && !report.ablations.isEmpty()) {
            AtlasFiles.writeImportance(report.files.atlas(), report.ablations);
        }
        ConditionFiles.write(report.files.figures(), report.conditions, report.scaling.targets());
        report.save(figures);
    }

    /** Writes the page alone, after its facts have changed. */
    static void renderPage(Path directory) {
        RunReport report = new RunReport(directory);
        report.save(report.figures());
    }

    private Map<String, Map<String, Figure>> figures() {
        Map<String, Map<String, Figure>> topics = new LinkedHashMap<>();
        topics.put("Images", RunFigures.data(files, scaling.targets()));
        topics.put("Fine-tuning", RunFigures.training(files, scaling, conditions, validated() ? "validation" : "test"));
        Map<String, Figure> ablation = new LinkedHashMap<>();
        ablations.forEach(one -> ablation.putAll(RunFigures.ablation(one.ablation(), scaling)));
        topics.put("Head ablation", ablation);
        topics.put("Beyond single heads", AttributionPictures.of(files, scaling.targets()));
        topics.put("Head atlas", RunFigures.atlas(files));
        topics.put("Attention maps", RunFigures.attention(files, MapReading.PATCH_QUERIES));
        return topics;
    }

    private AttentionReadings attention() {
        List<String> names = AttentionFiles.names(files.attention()).stream()
                .limit(MOST_IMAGES)
                .toList();
        return names.isEmpty()
                ? AttentionReadings.NONE
                : new AttentionReadings(
                        names.stream()
                                .map(name -> Picture.of(name, AttentionFiles.image(files.attention(), name)))
                                .toList(),
                        AttentionFiles.readings(files.attention(), names).stream()
                                .map(reading -> new Reading(
                                        reading.title(),
                                        names.stream()
                                                .map(name -> AttentionFiles.read(files.attention(), reading, name))
                                                .toList()))
                                .toList());
    }

    private void save(Map<String, Map<String, Figure>> figures) {
        List<FigureGroup> groups = new ArrayList<>();
        figures.forEach((title, group) -> {
            if (!group.isEmpty()) {
                groups.add(new FigureGroup(title, List.copyOf(group.values())));
            }
        });
        List<EpochRecord> history =
                Files.exists(files.training()) ? TrainingHistory.read(files.training(), scaling.targets()) : List.of();
        ReportPage.save(
                files.report(),
                new ReportData(
                        manifest.path("name").asText(),
                        manifest.path("command").asText(),
                        manifest.toPrettyString(),
                        facts(history),
                        scaling.targets(),
                        scores(),
                        history,
                        ablations,
                        attention(),
                        AtlasFiles.isDone(files.atlas()) ? AtlasFiles.profiles(files.atlas()) : List.of(),
                        groups));
    }

    private List<Scores> scores() {
        if (!Files.exists(files.metrics())) {
            return List.of();
        }
        ObjectNode metrics = WholeFile.readJson(files.metrics());
        return List.of(new Scores(
                validated() ? "test images" : "test images (which also chose the epoch)",
                MetricsJson.metrics(scaling.targets(), metrics),
                MetricsJson.intervals(scaling.targets(), metrics)));
    }

    /** Whether the test images chose no epoch. Runs of earlier versions note no validation images: they had none. */
    private boolean validated() {
        return manifest.at("/images/validation").asInt() > 0
                || manifest.at("/images/training").asInt() == 0;
    }

    private List<Fact> facts(List<EpochRecord> history) {
        List<Fact> facts = new ArrayList<>();
        JsonNode versions = manifest.path("versions");
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
        facts.add(new Fact("trained", trained(history.size())));
        facts.add(new Fact("data", manifest.at("/hashes/data").asText()));
        facts.add(new Fact(
                "images",
                DataStage.words(
                        manifest.at("/images/training").asInt(),
                        manifest.at("/images/validation").asInt(),
                        manifest.at("/images/test").asInt())));
        facts.add(new Fact("device", manifest.path("device").asText()));
        facts.add(new Fact(
                "versions",
                "ChirpLens " + versions.path("chirplens").asText() + " "
                        + manifest.path("git_revision").asText("") + ", TensorFlow "
                        + versions.path("tensorflow").asText() + ", Java "
                        + versions.path("java").asText()));
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

    private static double[] numbers(JsonNode array) {
        double[] numbers = new double[array.size()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = array.get(i).asDouble();
        }
        return numbers;
    }
}
