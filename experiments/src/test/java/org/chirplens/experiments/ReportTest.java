package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.run.CsvTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two runs side by side, from their directories. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportTest {
    private final Path directory;
    private final Path a;
    private final Path b;

    ReportTest(@TempDir Path directory) {
        this.directory = directory;
        a = directory.resolve("first");
        b = directory.resolve("second");
    }

    @BeforeAll
    void runsTwice() throws IOException {
        Path model = directory.resolve("model");
        SmallModel.write(model.toString(), List.of());
        Path config = Files.writeString(directory.resolve("same.yaml"), """
                data: {source: generated, count: 7, seed: 3}
                model: {finetuned: %s}
                analysis: {attentionImages: 0, protocols: [head_mask, mean], atlas: {images: 4}}
                """.formatted(model));
        done("run", config.toString(), "--threads", "1", "--out", a.toString());
        done(
                "run",
                config.toString(),
                "--threads",
                "1",
                "--out",
                b.toString(),
                "--set",
                "data.count=5",
                "--set",
                "analysis.protocols=[mean, resample]");
    }

    private static Outcome done(String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        return outcome;
    }

    @Test
    void whatBothHaveIsComparedInFiguresTablesAndWords() throws IOException {
        Path out = directory.resolve("both");
        Path page = out.resolve("report.html");
        assertThat(done("report", a.toString(), b.toString(), "--out", out.toString())
                        .out())
                .isEqualToIgnoringNewLines(page.toString());
        assertThat(List.of(
                        "figures/loss_increase_mean.png",
                        "figures/difference_mean.svg",
                        "heads_mean.csv",
                        "labels.csv"))
                .allSatisfy(file -> assertThat(out.resolve(file)).exists());
        assertThat(out.resolve("heads_head_mask.csv")).doesNotExist();
        assertThat(Files.readString(page))
                .contains(
                        "differ in 2 settings. Both have the same model, but other data",
                        "<code>analysis.protocols</code>",
                        "[mean, resample]")
                .contains("Only A has head_mask.", "Only B has resample.", "./chirplens report " + a + " " + b);
        assertThat(increases(out.resolve("heads_mean.csv"), "loss_increase_percent_b"))
                .isEqualTo(increases(b.resolve("ablation/mean.csv"), "loss_increase_percent"))
                .hasSize(4);
        String before = Files.readString(page);
        done("report", a.toString(), b.toString(), "--out", out.toString());
        assertThat(page).hasContent(before);
    }

    @Test
    void nothingOfAnEarlierComparisonStays() throws IOException {
        Path out = directory.resolve("again");
        done("report", a.toString(), a.toString(), "--out", out.toString());
        Path ofOtherProtocol = out.resolve("heads_head_mask.csv");
        Path figure = out.resolve("figures/difference_head_mask.png");
        Path own = Files.writeString(out.resolve("notes.txt"), "mine");
        assertThat(List.of(ofOtherProtocol, figure))
                .allSatisfy(file -> assertThat(file).exists());

        done("report", a.toString(), b.toString(), "--out", out.toString());

        assertThat(List.of(ofOtherProtocol, figure))
                .allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(out.resolve("heads_mean.csv")).exists();
        assertThat(own).exists();
    }

    private static List<Double> increases(Path file, String column) {
        List<Double> values = new ArrayList<>();
        CsvTable.read(file, row -> values.add(row.number(column)));
        return values;
    }

    @Test
    void whatCannotBeComparedIsRefused() throws IOException {
        Path empty = Files.createDirectories(directory.resolve("empty"));
        refused("empty: must be a run directory, found no manifest.json", "report", a.toString(), empty.toString());
        refused("holds a run, whose report would be lost", "report", a.toString(), b.toString(), "--out", a.toString());
        Path data = Files.createDirectories(directory.resolve("data"));
        Files.writeString(data.resolve("labels.csv"), "Chirp_Start_Time\n");
        refused("no comparison", "report", a.toString(), b.toString(), "--out", data.toString());
        assertThat(data.resolve("labels.csv")).hasContent("Chirp_Start_Time");
        refused("--out with two runs only", "report", a.toString(), "--out", empty.toString());
        refused("report", "report", a.toString(), b.toString(), a.toString());
        Files.writeString(empty.resolve("manifest.json"), "{\"kind\": \"sweep\"}");
        refused("must be a run directory, found a sweep", "report", a.toString(), empty.toString());
    }

    private static void refused(String message, String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains(message);
    }

    @Test
    void modelsOfAnotherShapeAreComparedByTheirMetrics() throws IOException {
        Path config = Files.writeString(directory.resolve("other.yaml"), """
                data: {count: 20, test: 5}
                model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 1, numHeads: 2, mlpSize: 16, lora: {rank: 2}}
                training: {train: all, epochs: 1, batchSize: 8}
                analysis: {attentionImages: 0, atlas: {images: 0}}
                runtime: {threads: 1}
                """);
        Path other = directory.resolve("other");
        done("run", config.toString(), "--out", other.toString());
        Path out = directory.resolve("other-shape");
        done("report", a.toString(), other.toString(), "--out", out.toString());
        assertThat(out.resolve("figures")).doesNotExist();
        assertThat(out.resolve("report.html"))
                .content()
                .contains("A has 2 layers of 2 heads, B 1 layers of 2 heads", "How good the predictions are")
                .as("A has trained nothing")
                .contains("<code>training.learningRate</code></th><td>–</td>");
    }
}
