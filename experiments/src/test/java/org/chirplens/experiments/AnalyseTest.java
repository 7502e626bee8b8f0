package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.run.CsvTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run that analyses a model which is fine-tuned already, and the comparison of such runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AnalyseTest {
    private final Path directory;
    private final Path run;

    AnalyseTest(@TempDir Path directory) {
        this.directory = directory;
        run = directory.resolve("run");
    }

    @BeforeAll
    void analyses() throws IOException {
        Path model = directory.resolve("model");
        SmallModel.write(model.toString(), List.of());
        TrainedModel read = ModelDirectory.read(model);
        // Adapters of random weights start without effect: B is 0.
        read.weights().forEach((name, value) -> {
            if (name.endsWith(".lora_B.weight")) {
                Arrays.fill(value.data(), 0.1f);
            }
        });
        ModelDirectory.write(model, read);
        Outcome done = Outcome.of("run", config("analyse.yaml", ""), "--threads", "1", "--out", run.toString());
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.DONE);
        assertThat(done.err()).contains("is analysed as it is");
    }

    private String config(String name, String more) throws IOException {
        return Files.writeString(directory.resolve(name), """
                        data: {source: generated, count: 7, seed: 3}
                        model: {finetuned: %s}
                        analysis:
                          attentionImages: 1
                          ablationImages: 6
                          selectionImages: 3
                          selectedHeads: 2
                          protocols: [head_mask, mean]
                          attributions: [screening, direct, lens, pairs, cumulative, patching]
                          attributionImages: 4
                          pairHeads: 3
                          patchingPairs: 4
                        %s
                        """.formatted(directory.resolve("model"), more))
                .toString();
    }

    @Test
    void allImagesAreTestImagesOfTheGivenModel() throws IOException {
        assertThat(Files.readAllLines(run.resolve("predictions.csv"))).hasSize(1 + 7);
        for (String file : List.of("model.safetensors", "adapter/adapter_model.safetensors", "chirplens.json")) {
            assertThat(run.resolve("model").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("model").resolve(file));
        }
        assertThat(run.resolve("training.csv")).doesNotExist();
        assertThat(run.resolve("report.html")).content().contains("7 to test with", "not in this run, which took");
        Outcome evaluated = Outcome.of(
                "evaluate",
                "--threads",
                "1",
                "--model",
                directory.resolve("model").toString(),
                "--data",
                directory.resolve("analyse.yaml").toString(),
                "--out",
                directory.resolve("evaluated").toString());
        assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.DONE);
        assertThat(run.resolve("predictions.csv"))
                .hasSameTextualContentAs(directory.resolve("evaluated/predictions.csv"));
    }

    @Test
    void headsAreChosenOnSomeImagesAndReportedOnOthers() {
        List<String> rows = new ArrayList<>();
        CsvTable.read(run.resolve("ablation/mean_selected.csv"), row -> {
            rows.add(row.text("rank"));
            assertThat(row.number("p_adjusted")).isGreaterThanOrEqualTo(row.number("p_value"));
        });
        assertThat(rows).containsExactly("1", "2");
    }

    @Test
    void attributionsAreMeasuredDrawnAndReported() {
        for (String table : List.of("screening", "direct", "lens", "pairs", "cumulative", "patching")) {
            assertThat(run.resolve("attribution").resolve(table + ".csv")).exists();
        }
        for (String figure : List.of(
                "screening",
                "direct",
                "lens",
                "pairs",
                "cumulative",
                "patching_start_time",
                "patching_start_frequency",
                "patching_end_frequency")) {
            assertThat(run.resolve("figures/attribution_" + figure + ".png")).exists();
        }
        assertThat(run.resolve("report.html")).content().contains("Beyond single heads", "Gradient screening");
    }

    @Test
    void everyHeadHasAVerdictByEveryProtocol() {
        List<String> heads = new ArrayList<>();
        CsvTable.read(run.resolve("ablation/verdicts.csv"), row -> {
            heads.add(row.text("layer") + "." + row.text("head"));
            assertThat(List.of(row.text("head_mask"), row.text("mean"))).isSubsetOf("matters", "hinders", "open");
        });
        assertThat(heads).containsExactly("0.0", "0.1", "1.0", "1.1");
    }

    @Test
    void whatIsKeptEqualsTheRunUntilALossChanges() throws IOException {
        Path kept = directory.resolve("kept.csv");
        assertThat(Outcome.of("compare", run.toString(), "--write", kept.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        List<String> lines = new ArrayList<>(Files.readAllLines(kept));
        assertThat(lines).hasSize(1 + 2 * 4);
        assertThat(compare(run, kept).out()).contains("head_mask: 0 of 4 heads differ", "mean: 0 of 4 heads differ");
        assertThat(compare(run, kept).code()).isEqualTo(ExitCode.DONE);

        String[] cells = lines.get(3).split(",");
        assertThat(lines.get(3)).startsWith("head_mask,1,0,");
        cells[3] = String.valueOf(Double.parseDouble(cells[3]) * 1.001);
        lines.set(3, String.join(",", cells));
        Outcome changed = compare(run, Files.write(directory.resolve("changed.csv"), lines));
        assertThat(changed.code()).isEqualTo(ExitCode.CHECK);
        assertThat(changed.out())
                .contains("head_mask: 1 of 4 heads differ", "layer 2, head 1", "mean: 0 of 4 heads differ");

        lines.subList(5, 9).clear();
        Outcome shorter = compare(run, Files.write(directory.resolve("shorter.csv"), lines));
        assertThat(shorter.code()).isEqualTo(ExitCode.CHECK);
        assertThat(shorter.out()).contains("mean: only one of the two has it");
    }

    @Test
    void adaptersCanBeLeftOut() {
        Path out = directory.resolve("bare");
        Outcome bare = Outcome.of(
                "ablate",
                "--threads",
                "1",
                "--model",
                directory.resolve("model").toString(),
                "--data",
                directory.resolve("analyse.yaml").toString(),
                "--limit",
                "6",
                "--without-adapters",
                "--out",
                out.toString());
        assertThat(bare.code()).as(bare.err()).isEqualTo(ExitCode.DONE);
        Outcome compared = compare(run, out);
        assertThat(compared.code()).isEqualTo(ExitCode.CHECK);
        assertThat(compared.out()).contains("head_mask: 4 of 4 heads differ");
    }

    @Test
    void theImagesOfTheRunAreFoundAgain() {
        Outcome evaluated = Outcome.of("evaluate", "--model", run.toString(), "--json");
        assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.DONE);
        assertThat(evaluated.out()).contains("\"images\" : 7");
    }

    @Test
    void whatOnlyTrainingReadsIsRefused() throws IOException {
        Outcome refused = Outcome.of(
                "run",
                config("training.yaml", "training: {epochs: 2}"),
                "--out",
                directory.resolve("nowhere").toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("training.yaml:13", "training", "has no use with model.finetuned");
    }

    @Test
    void patchingIsRefusedForOtherTargets() throws IOException {
        Outcome refused = Outcome.of(
                "run",
                config("targets.yaml", ""),
                "--set",
                "data.targets=[duration]",
                "--out",
                directory.resolve("nowhere").toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("analysis.attributions must leave out patching");
    }

    @Test
    void tooManyChoosingImagesAreRefusedBeforeAnythingIsDone() throws IOException {
        Outcome refused = Outcome.of(
                "run",
                config("choosing.yaml", ""),
                "--set",
                "analysis.selectionImages=5",
                "--out",
                directory.resolve("nowhere").toString());
        assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err())
                .contains("analysis.selectionImages must leave at least 2 of the 6 ablation images, found 5");
        assertThat(directory.resolve("nowhere")).doesNotExist();
    }

    @Test
    void imagesThatAreNoFiguresHaveNoAtlas() throws IOException {
        Path data = directory.resolve("squares");
        done("generate", "--count", "5", "--seed", "1", "--out", data.toString());
        Files.delete(data.resolve("dataset.json"));
        for (int i = 1; i <= 5; i++) {
            BufferedImage square = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
            square.setRGB(i, i, 0xffffff);
            ImageIO.write(
                    square, "png", data.resolve("spectrogram_" + i + ".png").toFile());
        }
        Path out = directory.resolve("of-squares");
        Path config =
                Files.writeString(directory.resolve("squares.yaml"), """
                data: {source: directory, directory: %s}
                model: {finetuned: %s}
                analysis: {attentionImages: 0, ablationImages: 2}
                """.formatted(data, directory.resolve("model")));
        Outcome run = done("run", config.toString(), "--threads", "1", "--out", out.toString());
        assertThat(run.err()).contains("no atlas: ", "a figure must have 640 x 480 pixels, found 32 x 32");
        assertThat(out.resolve("report.html")).exists();
        assertThat(out.resolve("atlas")).doesNotExist();
    }

    @Test
    void anImageAndItsCounterfactualsChooseHeadsTogether() throws IOException {
        Path data = directory.resolve("pairs");
        done("generate", "--count", "4", "--seed", "1", "--pairs", "title,noise", "--out", data.toString());
        Path config =
                Files.writeString(directory.resolve("pairs.yaml"), """
                data: {source: directory, directory: %s}
                model: {finetuned: %s}
                analysis: {attentionImages: 0, atlas: {images: 0}, ablationImages: 12, selectionImages: 5}
                """.formatted(data, directory.resolve("model")));
        Path five = directory.resolve("five");
        done("run", config.toString(), "--threads", "1", "--out", five.toString());
        Path three = directory.resolve("three");
        done(
                "run",
                config.toString(),
                "--threads",
                "1",
                "--out",
                three.toString(),
                "--set",
                "analysis.selectionImages=3");
        assertThat(five.resolve("ablation/head_mask_selected.csv"))
                .hasSameTextualContentAs(three.resolve("ablation/head_mask_selected.csv"));
        Outcome two = Outcome.of(
                "run",
                config.toString(),
                "--out",
                directory.resolve("two").toString(),
                "--set",
                "analysis.selectionImages=2");
        assertThat(two.code()).isEqualTo(ExitCode.USAGE);
        assertThat(two.err()).contains("must hold an image and all its counterfactuals, 3 images, found 2");
    }

    /** The model is in the run; where it came from does not matter to what asks for the run's images. */
    @Test
    void imagesOfARunAreFoundWithoutTheModelThatItTook() throws IOException {
        Path moved = directory.resolve("moved");
        ModelDirectory.copy(run.resolve("model"), moved.resolve("model"));
        Files.writeString(
                moved.resolve("config.yaml"),
                Files.readString(run.resolve("config.yaml"))
                        .replace(directory.resolve("model").toString(), "gone"));
        assertThat(done("evaluate", "--model", moved.toString(), "--json").out())
                .isEqualTo(done("evaluate", "--model", run.toString(), "--json").out());
    }

    @Test
    void aRunThatWasStoppedBeforeItWasNotedAsDoneIs() throws IOException {
        String config = config("stale.yaml", "");
        Path out = directory.resolve("stale");
        String[] words = {
            "run",
            config,
            "--threads",
            "1",
            "--out",
            out.toString(),
            "--set",
            "analysis.attributions=[]",
            "--set",
            "analysis.protocols=[head_mask]",
            "--set",
            "analysis.atlas.images=0",
            "--resume"
        };
        done(words);
        String page = Files.readString(out.resolve("report.html"));
        String manifest = Files.readString(out.resolve("manifest.json"));
        Files.writeString(
                out.resolve("manifest.json"),
                manifest.replaceFirst("\"status\" : \"done\"", "\"status\" : \"running\"")
                        .replaceFirst(",\\s*\"wall_seconds\" : [0-9.]+", ""));
        Files.writeString(out.resolve("report.html"), "an earlier page");
        done(words);
        assertThat(out.resolve("report.html")).hasContent(page);
        assertThat(Json.read(out.resolve("manifest.json")).path("status").asText())
                .isEqualTo("done");
        assertThat(done(words).err()).contains("is complete; nothing to do");
    }

    @Test
    void figuresThatAreMissingAreDrawnFromTheTables() throws IOException {
        Path out = directory.resolve("drawn");
        String[] words = {
            "ablate",
            "--threads",
            "1",
            "--model",
            directory.resolve("model").toString(),
            "--data",
            directory.resolve("analyse.yaml").toString(),
            "--limit",
            "3",
            "--out",
            out.toString()
        };
        String first = done(words).out();
        Path figure = out.resolve("figures/start_time_histograms_head_mask.svg");
        Files.delete(figure);
        assertThat(done(words).out()).isEqualTo(first);
        assertThat(figure).exists();
        assertThat(Outcome.of(words).err()).contains("holds the results of an ablation by head_mask");
    }

    @Test
    void anOutputThatCannotBeADirectoryIsFoundBeforeTheWork() throws IOException {
        Path file = Files.writeString(directory.resolve("results.json"), "{}");
        for (String command : List.of("evaluate", "atlas")) {
            Outcome refused = Outcome.of(command, "--model", run.toString(), "--out", file.toString());
            assertThat(refused.code()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.err())
                    .contains(file + ": --out must be a directory that can be written to, found a file")
                    .doesNotContain("predicting");
        }
    }

    private static Outcome done(String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        return outcome;
    }

    private static Outcome compare(Path a, Path b) {
        return Outcome.of("compare", a.toString(), b.toString());
    }
}
