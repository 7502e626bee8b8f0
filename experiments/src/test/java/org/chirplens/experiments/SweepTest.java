package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A sweep at toy size: run at once, in parts, with a failure, with more values, and refused. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SweepTest {
    private static final String CONFIG = """
            data: {count: 32, test: 8}
            model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 2, numHeads: 2, mlpSize: 16}
            training: {train: all, epochs: 2, batchSize: 8}
            analysis: {ablationImages: 4, batchSize: 4}
            runtime: {threads: 1}
            sweep:
              grid:
                model.lora.rank: [1, 2]
                seed: [1, 2]
              stages: [finetune, evaluate, ablate]
            """;

    private final Path directory;
    private final Path config;
    private final Path sweep;

    SweepTest(@TempDir Path directory) {
        this.directory = directory;
        this.config = directory.resolve("tiny.yaml");
        this.sweep = directory.resolve("tiny");
    }

    @BeforeAll
    void sweepsOnce() throws IOException {
        Files.writeString(config, CONFIG);
        Outcome outcome = Outcome.of("sweep", config.toString(), "--out", sweep.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err())
                .contains("4 trials, 0 done before, 1 at once", "[4/4] rank-2_seed-2: done in")
                .doesNotContain("\r");
        assertThat(outcome.out()).contains("rank-1_seed-2", "report: " + sweep.resolve("report.html"));
    }

    @Test
    void theTableHasARowForEachTrialInTheOrderOfTheGrid() throws IOException {
        List<String> lines = Files.readAllLines(sweep.resolve("sweep.csv"));
        assertThat(lines.get(0))
                .isEqualTo(
                        "trial,model.lora.rank,seed,status,trainable_parameters,epochs,best_epoch,val_loss,images,mse,"
                                + "pearson_r_start_time,mae_start_time,rmse_start_time,"
                                + "pearson_r_start_frequency,mae_start_frequency,rmse_start_frequency,"
                                + "pearson_r_end_frequency,mae_end_frequency,rmse_end_frequency,"
                                + "training_seconds,total_seconds,error");
        assertThat(lines.subList(1, 5))
                .satisfiesExactly(
                        row -> assertThat(row).startsWith("rank-1_seed-1,1,1,done,"),
                        row -> assertThat(row).startsWith("rank-1_seed-2,1,2,done,"),
                        row -> assertThat(row).startsWith("rank-2_seed-1,2,1,done,"),
                        row -> assertThat(row).startsWith("rank-2_seed-2,2,2,done,"));
        // One more rank: a row of A and a column of B, each of the hidden size 8, for query and value of two layers.
        assertThat(parameters(lines.get(3)) - parameters(lines.get(1))).isEqualTo(2 * 8 * 2 * 2);
        String[] cells = lines.get(3).split(",", -1);
        JsonNode metrics = Json.read(sweep.resolve("trials/rank-2_seed-1/metrics.json"));
        assertThat(cells[9]).isEqualTo(metrics.path("mse").asText());
        String[] best = Files.readAllLines(sweep.resolve("trials/rank-2_seed-1/training.csv"))
                .get(Integer.parseInt(cells[6]))
                .split(",", -1);
        assertThat(Double.parseDouble(cells[7])).as("validation loss").isEqualTo(Double.parseDouble(best[3]));
    }

    @Test
    void theImportanceOfEveryHeadOfEveryTrialIsListed() throws IOException {
        List<String> lines = Files.readAllLines(sweep.resolve("head_importance.csv"));
        assertThat(lines).hasSize(1 + 4 * 4).startsWith("trial,protocol,layer,head,loss_increase_percent");
        String ablation = Files.readAllLines(sweep.resolve("trials/rank-1_seed-2/ablation/head_mask.csv"))
                .get(4);
        assertThat(lines.get(8)).isEqualTo("rank-1_seed-2,head_mask,1,1," + ablation.split(",", -1)[4]);
        assertThat(Files.readAllLines(sweep.resolve("head_agreement.csv"))).hasSize(1 + 6);
    }

    @Test
    void theReportSaysWhatWasFoundAndListsAllTrials() throws IOException {
        assertThat(Files.readString(sweep.resolve("report.html")))
                .contains("The sweep has 4 trials (2 values of rank × 2 values of seed): 4 done.")
                .contains("From rank 1 to 2 the mean squared error", "Chosen by the mean loss on the validation images")
                .contains("Which of the 4 heads matter (protocol head_mask)")
                .contains("<code>rank-2_seed-2</code>");
        for (String figure : List.of("accuracy", "errors", "cost", "heads_head_mask", "head_agreement_head_mask")) {
            assertThat(sweep.resolve("figures/" + figure + ".png")).isNotEmptyFile();
            assertThat(sweep.resolve("figures/" + figure + ".svg")).isNotEmptyFile();
        }
    }

    @Test
    void theReportIsRenderedAgainFromTheFiles() throws IOException {
        byte[] before = Files.readAllBytes(sweep.resolve("report.html"));
        assertThat(Outcome.of("report", sweep.toString()).code()).isEqualTo(ExitCode.DONE);
        assertThat(sweep.resolve("report.html")).hasBinaryContent(before);
    }

    @Test
    void aTrialIsTheRunOfItsOwnConfig() {
        Path run = directory.resolve("alone");
        Path own = sweep.resolve("trials/rank-2_seed-1/config.yaml");
        assertThat(Outcome.of("finetune", own.toString(), "--out", run.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(run.resolve("model/model.safetensors"))
                .hasSameBinaryContentAs(sweep.resolve("trials/rank-2_seed-1/model/model.safetensors"));
        assertThat(run.resolve("predictions.csv"))
                .hasSameBinaryContentAs(sweep.resolve("trials/rank-2_seed-1/predictions.csv"));
    }

    @Test
    void trialsAtOnceGiveTheSameTable() throws IOException {
        Path parallel = directory.resolve("parallel");
        Outcome outcome =
                Outcome.of("sweep", config.toString(), "--out", parallel.toString(), "--set", "sweep.parallel=2");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("2 at once");
        assertThat(withoutTimes(parallel)).isEqualTo(withoutTimes(sweep));
        assertThat(parallel.resolve("head_importance.csv"))
                .hasSameBinaryContentAs(sweep.resolve("head_importance.csv"));
    }

    @Test
    void aSweepWithFewerValuesIsExtendedByRunningWhatIsMissing() throws IOException {
        Path grown = directory.resolve("grown");
        Outcome small =
                Outcome.of("sweep", config.toString(), "--out", grown.toString(), "--set", "sweep.grid.seed=[2]");
        assertThat(small.code()).as(small.err()).isEqualTo(ExitCode.DONE);
        Outcome again = Outcome.of("sweep", config.toString(), "--out", grown.toString());
        assertThat(again.code()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("holds a sweep; --resume goes on with it");
        Path manifest = grown.resolve("trials/rank-1_seed-2/manifest.json");
        String now = Files.readString(manifest);
        Files.writeString(manifest, now.replaceFirst("\"data\" : \"", "\"data\" : \"other "));
        refused("holds a run with data other", "sweep", config.toString(), "--out", grown.toString(), "--resume");
        Files.writeString(manifest, now);
        Outcome whole = Outcome.of("sweep", config.toString(), "--out", grown.toString(), "--resume");
        assertThat(whole.code()).as(whole.err()).isEqualTo(ExitCode.DONE);
        assertThat(whole.err()).contains("4 trials, 2 done before");
        assertThat(withoutTimes(grown)).isEqualTo(withoutTimes(sweep));
    }

    @Test
    void trialsOfAnotherBackboneAreNotTakenForThese() throws IOException {
        Path tuned = directory.resolve("tuned");
        String backbone = "{backbone: " + sweep.resolve("trials/rank-1_seed-1/model") + "}";
        String[] words = {
            "sweep",
            config.toString(),
            "--out",
            tuned.toString(),
            "--set",
            "model=" + backbone,
            "--set",
            "sweep.grid={seed: [1]}",
            "--set",
            "sweep.stages=[finetune]",
            "--resume"
        };
        Outcome once = Outcome.of(words);
        assertThat(once.code()).as(once.err()).isEqualTo(ExitCode.DONE);
        Path manifest = tuned.resolve("trials/seed-1/manifest.json");
        String hash = Json.read(manifest).at("/hashes/backbone").asText();
        assertThat(hash).hasSize(64);
        String now = Files.readString(manifest);
        Files.writeString(manifest, now.replace(hash, "other"));
        refused("trials/seed-1: holds a run with backbone other, found " + hash, words);
        Files.writeString(manifest, now.replaceFirst("\"backbone\" : \"" + hash + "\",", ""));
        assertThat(Outcome.of(words).code()).as("an earlier version's").isEqualTo(ExitCode.DONE);
    }

    @Test
    void everyFineTunedModelKeepsItsOwnScalingOfLabels() throws IOException {
        Path model = sweep.resolve("trials/rank-1_seed-1/model");
        Path other = directory.resolve("other-model");
        try (Stream<Path> files = Files.walk(model)) {
            for (Path file : files.toList()) {
                Files.copy(file, other.resolve(model.relativize(file).toString()));
            }
        }
        ObjectNode card = (ObjectNode) Json.read(other.resolve("chirplens.json"));
        card.putArray("label_mean").add(1.5).add(2.5).add(3.5);
        Files.writeString(other.resolve("chirplens.json"), card.toString());
        Path models = Files.writeString(directory.resolve("models.yaml"), """
                data: {count: 8}
                runtime: {threads: 1}
                sweep: {grid: {model.finetuned: [%s, %s]}, stages: [finetune]}
                """.formatted(model, other));
        Path out = directory.resolve("models");
        Outcome outcome = Outcome.of("sweep", models.toString(), "--out", out.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        JsonNode names = Json.read(out.resolve("manifest.json")).path("trials");
        for (int i = 0; i < 2; i++) {
            Path trial =
                    out.resolve("trials").resolve(names.path(i).path("name").asText());
            assertThat(Json.read(trial.resolve("manifest.json")).at("/labels/mean"))
                    .isEqualTo(Json.read(trial.resolve("model/chirplens.json")).path("label_mean"));
        }
        assertThat(out.resolve("report.html")).content().doesNotContain("Training moves");
        card.putArray("label_mean").add(0).add(0).add(0);
        Files.writeString(other.resolve("chirplens.json"), card.toString());
        refused("holds a run with fine-tuned model ", "sweep", models.toString(), "--out", out.toString(), "--resume");
    }

    @Test
    void otherAxesAreRefused() {
        refused(
                "holds a sweep with the axes model.lora.rank, seed, found seed, model.lora.rank; --resume needs",
                "sweep",
                config.toString(),
                "--out",
                sweep.toString(),
                "--resume",
                "--set",
                "sweep.grid={seed: [1, 2], model.lora.rank: [1, 2]}");
    }

    @Test
    void aProblemThatOnlyTheDataShowsIsNamedWithItsTrials() {
        Path out = directory.resolve("none");
        String grid = "sweep.grid={analysis.protocols: [[mean], [resample]], seed: [1, 2]}";
        Outcome outcome = Outcome.of(
                "sweep",
                config.toString(),
                "--out",
                out.toString(),
                "--set",
                "analysis.ablationImages=1",
                "--set",
                grid);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("--set " + grid + ": analysis.protocols must leave out resample")
                .containsPattern("found 1 \\(trial protocols-[^ ]+_seed-1 and 1 more\\)");
        assertThat(out).doesNotExist();
    }

    @Test
    void trialsOfOtherSettingsAreNotTakenForThese() {
        Outcome outcome = Outcome.of(
                "sweep", config.toString(), "--out", sweep.toString(), "--resume", "--set", "training.epochs=3");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("rank-1_seed-1: holds a run of another config (training.epochs: 2 there, 3 here)")
                .contains("rank-2_seed-2: holds a run of another config");
    }

    @Test
    void aTrialThatFailsStopsNoOtherAndIsTriedAgain() throws IOException {
        Path partly = directory.resolve("partly");
        // At this rate the second step's loss is not a number any more.
        String rates = "sweep.grid={training.learningRate: [1e-4, 1e30], seed: [1]}";
        Outcome outcome = Outcome.of(
                "sweep",
                config.toString(),
                "--out",
                partly.toString(),
                "--set",
                rates,
                "--set",
                "training.weightDecay=0");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.FAILED);
        assertThat(outcome.err()).contains("learningRate-1e30_seed-1: failed: the loss became");
        List<String> lines = Files.readAllLines(partly.resolve("sweep.csv"));
        assertThat(lines.get(1)).startsWith("learningRate-0.0001_seed-1,0.0001,1,done,");
        assertThat(lines.get(2))
                .startsWith("learningRate-1e30_seed-1,1e30,1,failed,")
                .contains("the loss became");
        assertThat(Files.readString(partly.resolve("report.html"))).contains("Trials that failed", "the loss became");
        Outcome again = Outcome.of(
                "sweep",
                config.toString(),
                "--out",
                partly.toString(),
                "--resume",
                "--set",
                rates,
                "--set",
                "training.weightDecay=0");
        assertThat(again.code()).isEqualTo(ExitCode.FAILED);
        assertThat(again.err()).contains("2 trials, 1 done before", "learningRate-1e30_seed-1: failed");
    }

    @Test
    void aDirectoryOfARunAndASweepWithoutASectionAreRefused() throws IOException {
        Path run = sweep.resolve("trials/rank-1_seed-1");
        refused("holds a run, no sweep", "sweep", config.toString(), "--out", run.toString(), "--resume");
        refused("'sweep' is read by ./chirplens sweep alone", "run", config.toString());
        Path plain = directory.resolve("plain.yaml");
        Files.writeString(plain, CONFIG.substring(0, CONFIG.indexOf("sweep:")));
        refused("sweep must be a section with a grid", "sweep", plain.toString());
    }

    private static void refused(String expected, String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains(expected);
    }

    private static long parameters(String row) {
        return Long.parseLong(row.split(",", -1)[4]);
    }

    /** The table without its two columns of seconds. */
    private static String withoutTimes(Path sweep) throws IOException {
        try (Stream<String> lines = Files.lines(sweep.resolve("sweep.csv"))) {
            return String.join(
                    "\n",
                    lines.map(line -> line.replaceAll(",[^,]*,[^,]*,([^,]*)$", ",$1"))
                            .toList());
        }
    }
}
