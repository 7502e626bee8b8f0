package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.experiments.config.ConfigTree;
import org.chirplens.file.WholeFile;
import org.chirplens.report.ComparisonData;
import org.chirplens.report.ComparisonData.Setting;
import org.chirplens.report.ComparisonData.Side;
import org.chirplens.report.ComparisonFigures;
import org.chirplens.report.ComparisonPage;
import org.chirplens.report.Figure;
import org.chirplens.report.HeadComparison;
import org.chirplens.report.LabelComparison;
import org.chirplens.report.ReportData.Fact;

/** Renders two runs side by side, from the files of their directories alone. */
public final class RunComparison {
    private RunComparison() {}

    /**
     * Writes figures, tables of heads and the page.
     *
     * @param out where to; the files of a comparison that was written there before are replaced
     * @param command the command that repeats this
     * @throws IllegalArgumentException when one of the two is no run directory, or {@code out} holds what is no comparison
     */
    public static void render(Path directoryA, Path directoryB, Path out, String command) {
        RunResults a = RunResults.read(directoryA);
        RunResults b = RunResults.read(directoryB);
        RunFiles files = new RunFiles(out);
        requireComparisonAtMost(files);
        ObjectNode manifests = JsonNodeFactory.instance.objectNode();
        manifests.set("a", a.manifest());
        manifests.set("b", b.manifest());
        ComparisonData data = new ComparisonData(side(a), side(b), settings(a, b), command, manifests.toPrettyString());
        WholeFile.deleteOthers(out, "{heads_*,labels}.csv", Set.of());
        WholeFile.deleteOthers(files.figures(), "{loss_increase,difference}_*.{png,svg}", Set.of());
        for (HeadComparison heads : data.heads()) {
            WholeFile.writeText(out.resolve("heads_" + heads.name() + ".csv"), heads.csv());
        }
        LabelComparison labels = data.labels();
        if (!labels.heads().isEmpty()) {
            WholeFile.writeText(out.resolve("labels.csv"), labels.csv());
        }
        Map<String, Map<String, Figure>> figures = ComparisonFigures.draw(data);
        figures.values().forEach(topic -> RunFigures.save(topic, files.figures()));
        ComparisonPage.save(files.report(), data, figures);
    }

    /** A comparison writes over an earlier one and over nothing else: a data set has a {@code labels.csv}, too. */
    private static void requireComparisonAtMost(RunFiles files) {
        Path out = files.directory();
        if (Files.exists(files.manifest())) {
            throw new IllegalArgumentException(
                    out + ": holds a run, whose report would be lost; choose another directory with --out");
        }
        if (Files.exists(out) && !Files.exists(files.report()) && holdsAnything(out)) {
            throw new IllegalArgumentException(
                    out + ": holds files that are no comparison; choose another directory with --out");
        }
    }

    private static boolean holdsAnything(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return files.iterator().hasNext();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static Side side(RunResults run) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("directory", run.files().directory().toString()));
        facts.addAll(run.facts());
        String model = run.manifest().at("/hashes/model").asText();
        facts.add(new Fact("hash of the model", model));
        return new Side(
                name(run.files().directory()),
                model,
                data(run.manifest()),
                facts,
                run.scaling().targets(),
                run.scores(),
                run.ablations(),
                run.atlas());
    }

    /** Which images a run was tested with: of one data set, two splits have others. */
    private static String data(JsonNode manifest) {
        String all = manifest.at("/hashes/data").asText();
        if (all.isEmpty()) {
            return "";
        }
        String split = manifest.at("/images/training").asInt() > 0
                ? " of split " + manifest.at("/config/data/splitSeed").asInt()
                : "";
        return all + ", " + manifest.at("/images/test").asInt() + " test images" + split;
    }

    /** What a run is called beside another: as its directory, as two runs of one config have one name. */
    public static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? "root" : last.toString();
    }

    private static List<Setting> settings(RunResults a, RunResults b) {
        return ConfigTree.differences(config(a), config(b)).stream()
                .filter(difference -> !difference.key().equals("name"))
                .map(difference -> new Setting(difference.key(), text(difference.a()), text(difference.b())))
                .toList();
    }

    /** The settings that a run has read: its manifest has those of no use to it, too. */
    private static JsonNode config(RunResults run) {
        try {
            return new YAMLMapper().readTree(run.files().config().toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + run.files().config(), e);
        }
    }

    /** A value as one writes it in a config; empty where there is none. */
    private static String text(JsonNode value) {
        List<String> items = new ArrayList<>();
        value.forEach(item -> items.add(text(item)));
        return value.isArray()
                ? "[" + String.join(", ", items) + "]"
                : value.isObject() ? value.toString() : value.asText();
    }
}
