package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.Versions;
import org.chirplens.report.Figure;
import org.chirplens.report.ReportData.Fact;
import org.chirplens.report.SweepData;
import org.chirplens.report.SweepFigures;
import org.chirplens.report.SweepPage;

/** Renders a sweep's tables, figures and report from the files of its directory alone. */
public final class SweepReport {
    private SweepReport() {}

    /** Writes every table and figure, and the page. */
    public static void render(Path directory) {
        SweepFiles files = new SweepFiles(directory);
        ObjectNode manifest = JsonFiles.read(files.manifest());
        SweepTrials trials = SweepTrials.read(files);
        SweepTable table = new SweepTable(trials);
        table.write(files.table());
        table.writeHeads(files.headImportance());
        table.writeAgreement(files.headAgreement());
        SweepData data = new SweepData(
                manifest.path("name").asText(),
                manifest.path("command").asText(),
                manifest.toPrettyString(),
                facts(manifest, trials, files),
                trials.targets(),
                trials.axes(),
                trials.trials());
        Map<String, Map<String, Figure>> figures = SweepFigures.draw(data);
        figures.values().forEach(topic -> RunFigures.save(topic, files.figures()));
        SweepPage.save(files.report(), data, figures);
    }

    private static List<Fact> facts(ObjectNode manifest, SweepTrials trials, SweepFiles files) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("started", manifest.path("started").asText()));
        facts.add(new Fact("axes", String.join(", ", trials.axes())));
        facts.add(new Fact("trials at once", manifest.path("parallel").asText()));
        Path first = files.trial(manifest.at("/trials/0/name").asText()).resolve("manifest.json");
        if (java.nio.file.Files.exists(first)) {
            JsonNode run = JsonFiles.read(first);
            facts.add(new Fact("data of the first trial", run.at("/hashes/data").asText()));
        }
        facts.addAll(Versions.facts(manifest));
        return facts;
    }
}
