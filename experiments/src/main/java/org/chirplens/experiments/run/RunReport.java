package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.analysis.MapReading;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.report.AblationResults;
import org.chirplens.report.AttentionReadings;
import org.chirplens.report.AttentionReadings.Picture;
import org.chirplens.report.AttentionReadings.Reading;
import org.chirplens.report.ConditionErrors;
import org.chirplens.report.Figure;
import org.chirplens.report.ReportData;
import org.chirplens.report.ReportData.FigureGroup;
import org.chirplens.report.ReportPage;

/** Renders a run's figures and report from the files of its directory alone. */
public final class RunReport {
    /** The maps of further images are in the .npy files alone. */
    private static final int MOST_IMAGES = 64;

    private final RunResults run;
    private final RunFiles files;
    private final TargetScaling scaling;
    private final List<ConditionErrors> conditions;
    private final List<AblationResults> ablations;

    private RunReport(RunResults run) {
        this.run = run;
        this.files = run.files();
        this.scaling = run.scaling();
        this.ablations = AtlasFiles.isDone(files.atlas())
                ? AtlasFiles.withLabels(files.atlas(), run.ablations())
                : run.ablations();
        this.conditions =
                Files.exists(files.predictions()) ? ConditionFiles.read(files.predictions(), scaling) : List.of();
    }

    /** Writes every figure, the table of numbers that one of them is drawn from, and the page. */
    public static void render(Path directory) {
        RunReport report = new RunReport(RunResults.read(directory));
        Map<String, Map<String, Figure>> figures = report.figures();
        figures.values().forEach(topic -> RunFigures.save(topic, report.files.figures()));
        if (AtlasFiles.isDone(report.files.atlas()) && !report.ablations.isEmpty()) {
            AtlasFiles.writeImportance(report.files.atlas(), report.ablations);
        }
        ConditionFiles.write(report.files.figures(), report.conditions, report.scaling.targets());
        report.save(figures);
    }

    /**
     * Writes the page alone, after its facts have changed.
     *
     * @param manifest which the directory may hold only later
     */
    static void renderPage(Path directory, ObjectNode manifest) {
        RunReport report = new RunReport(RunResults.read(directory, manifest));
        report.save(report.figures());
    }

    private Map<String, Map<String, Figure>> figures() {
        Map<String, Map<String, Figure>> topics = new LinkedHashMap<>();
        topics.put("Images", RunFigures.data(files, scaling.targets()));
        topics.put(
                Files.exists(files.training()) ? "Fine-tuning" : "Predictions",
                RunFigures.training(
                        files,
                        scaling,
                        conditions,
                        run.validated() ? "validation" : "test",
                        run.manifest().at("/config/training/axesEpochs").asInt()));
        Map<String, Figure> ablation = new LinkedHashMap<>();
        ablations.forEach(one -> ablation.putAll(RunFigures.ablation(one.ablation(), scaling)));
        topics.put("Head ablation", ablation);
        topics.put("Beyond single heads", AttributionPictures.of(files, scaling.targets()));
        topics.put("Head atlas", RunFigures.atlas(files));
        topics.put("Attention maps", RunFigures.attention(files, MapReading.PATCH_QUERIES));
        return topics;
    }

    private AttentionReadings attention() {
        List<String> all = AttentionFiles.names(files.attention(), MapReading.PATCH_QUERIES);
        List<String> names = all.stream().limit(MOST_IMAGES).toList();
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
                                .toList(),
                        all.size());
    }

    private void save(Map<String, Map<String, Figure>> figures) {
        ReportPage.save(
                files.report(),
                new ReportData(
                        run.manifest().path("name").asText(),
                        run.manifest().path("command").asText(),
                        run.manifest().toPrettyString(),
                        run.facts(),
                        scaling.targets(),
                        run.scores(),
                        run.history(),
                        ablations,
                        attention(),
                        AtlasFiles.isDone(files.atlas()) ? AtlasFiles.profiles(files.atlas()) : List.of(),
                        FigureGroup.of(figures)));
    }
}
