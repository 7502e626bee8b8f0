package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

    private static Outcome compare(Path a, Path b) {
        return Outcome.of("compare", a.toString(), b.toString());
    }
}
