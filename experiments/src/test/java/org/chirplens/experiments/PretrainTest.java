package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A backbone from nothing at toy size, and a model that is fine-tuned from it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PretrainTest {
    private static final String PRETRAIN = """
            data: {count: 40, test: 8, targets: [start_time, end_frequency, frequency_change, duration]}
            model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 2, numHeads: 2, mlpSize: 16, storage: float16}
            training: {train: backbone, epochs: 2, batchSize: 8, pretext: {ridge: 1, ends: 0.3, labels: 1, cellSize: 4}}
            runtime: {threads: 1}
            """;
    private static final String FINETUNE = """
            data: {count: 40, test: 8}
            model: {backbone: BACKBONE, lora: {rank: 2}}
            training: {epochs: 1, batchSize: 8}
            runtime: {threads: 1}
            """;

    private final Path directory;
    private final Path config;
    private final Path run;
    private final Path backbone;

    PretrainTest(@TempDir Path directory) {
        this.directory = directory;
        this.config = directory.resolve("pretrain.yaml");
        this.run = directory.resolve("backbone");
        this.backbone = run.resolve("model");
    }

    @BeforeAll
    void aBackboneIsTrained() throws IOException {
        Files.writeString(config, PRETRAIN);
        Outcome outcome = Outcome.of("pretrain", config.toString(), "--out", run.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("pretrain", "(100.00 %)");
        assertThat(outcome.out()).contains("frequency change", "duration", "report: " + run.resolve("report.html"));
        assertThat(Files.readString(run.resolve("report.html"))).contains("no adapters", "frequency change");
    }

    @Test
    void theModelHasNoAdaptersAndAnOutputForEachTarget() {
        TrainedModel model = ModelDirectory.read(backbone);
        assertThat(model.config().lora()).isNull();
        assertThat(model.config().outputs()).isEqualTo(4);
        assertThat(backbone.resolve("adapter")).doesNotExist();
        assertThat(model.weights().keySet()).noneMatch(name -> name.contains("pretext"));
    }

    /** With a rate of almost nothing the head's predictions stay, although other images standardise labels otherwise. */
    @Test
    void aBackboneThatIsTrainedOnKeepsItsHead() throws IOException {
        Path yaml = Files.writeString(directory.resolve("on.yaml"), """
                data: {count: 60, test: 8, seed: 9, targets: [start_time, end_frequency, frequency_change, duration]}
                model: {backbone: BACKBONE}
                training:
                  {train: backbone, epochs: 2, axesEpochs: 1, batchSize: 8, learningRate: 1e-9, pretext: {ridge: 1, cellSize: 4}}
                runtime: {threads: 1}
                """.replace("BACKBONE", backbone.toString()));
        Path more = directory.resolve("more");
        Outcome outcome = Outcome.of("pretrain", yaml.toString(), "--out", more.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("regression head: the backbone's").containsOnlyOnce("axes alone");

        assertThat(ModelDirectory.card(more.resolve("model")).labelMean())
                .isNotEqualTo(ModelDirectory.card(backbone).labelMean());
        Path images = directory.resolve("images");
        assertThat(Outcome.of("generate", "--count", "4", "--seed", "4", "--out", images.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        double[] before = predictions(backbone, images);
        // Standardised values in float32, then seconds and hertz up to 100.
        assertThat(predictions(more.resolve("model"), images)).hasSize(16).containsExactly(before, within(2e-4));
    }

    @Test
    void aBackboneThatIsTrainedOnForOtherTargetsHasANewHead() throws IOException {
        Path yaml = Files.writeString(directory.resolve("others.yaml"), """
                data: {count: 40, test: 8, targets: [start_time, end_frequency, duration, frequency_change]}
                model: {backbone: BACKBONE}
                training: {train: backbone, epochs: 1, batchSize: 8}
                runtime: {threads: 1}
                """.replace("BACKBONE", backbone.toString()));
        Outcome outcome = Outcome.of(
                "pretrain",
                yaml.toString(),
                "--out",
                directory.resolve("others").toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("regression head: a new one");
    }

    private static double[] predictions(Path model, Path images) {
        Outcome outcome = Outcome.of("predict", "--model", model.toString(), "--csv", images.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        return outcome.out()
                .lines()
                .skip(1)
                .flatMap(line -> Arrays.stream(line.split(",")).skip(1))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @Test
    void fineTuningLeavesTheBackboneAsItIs() throws IOException {
        Path tuned = directory.resolve("tuned");
        Path yaml =
                Files.writeString(directory.resolve("tune.yaml"), FINETUNE.replace("BACKBONE", backbone.toString()));
        Outcome outcome = Outcome.of("finetune", yaml.toString(), "--out", tuned.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);

        Map<String, FloatArray> before = Safetensors.read(backbone.resolve("model.safetensors"));
        Map<String, FloatArray> after = Safetensors.read(tuned.resolve("model/model.safetensors"));
        assertThat(after.keySet()).isEqualTo(before.keySet());
        before.forEach((name, weights) -> assertThat(
                        Objects.requireNonNull(after.get(name)).data())
                .as(name)
                .containsExactly(weights.data()));
    }

    @Test
    void theReportIsMadeAnewWhenMoreStagesAreRun() throws IOException {
        Outcome evaluated = Outcome.of("evaluate", "--model", run.toString(), "--json");
        assertThat(evaluated.code()).as(evaluated.err()).isEqualTo(ExitCode.DONE);
        Path whole = directory.resolve("whole");
        assertThat(Outcome.of("pretrain", config.toString(), "--out", whole.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(whole.resolve("figures/loss_increase_head_mask.png")).doesNotExist();
        Outcome outcome = Outcome.of("run", config.toString(), "--out", whole.toString(), "--resume");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("evaluate: done before").doesNotContain("report: done before");
        assertThat(whole.resolve("figures/loss_increase_head_mask.png")).exists();
    }

    @Test
    void aConfigThatTrainsNoBackboneIsRefused() throws IOException {
        Path yaml =
                Files.writeString(directory.resolve("other.yaml"), PRETRAIN.replace("train: backbone", "train: all"));
        Outcome outcome = Outcome.of(
                "pretrain", yaml.toString(), "--out", directory.resolve("no").toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("other.yaml:3:19: training.train must be backbone for the command pretrain");
        assertThat(directory.resolve("no")).doesNotExist();
    }
}
