package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A whole run at toy size, and what can be done with it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunTest {
    private static final String CONFIG = """
            data: {count: 40, test: 8}
            model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 1, numHeads: 2, mlpSize: 16, lora: {rank: 2}}
            training: {train: all, epochs: 2, batchSize: 8, ridgeWeight: 1, schedule: cosine}
            analysis: {attentionImages: 2, ablationImages: 6, batchSize: 4}
            runtime: {threads: 1}
            """;

    private final Path directory;
    private final Path config;
    private final Path run;

    RunTest(@TempDir Path directory) {
        this.directory = directory;
        this.config = directory.resolve("tiny.yaml");
        this.run = directory.resolve("tiny");
    }

    @BeforeAll
    void runsOnce() throws IOException {
        Files.writeString(config, CONFIG);
        Outcome outcome = Outcome.of("run", config.toString(), "--out", run.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).contains("[1/7] data", "trainable parameters: ", " (100.00 %)", "[7/7] report");
        assertThat(outcome.out()).contains("8 images", "start frequency", "report: " + run.resolve("report.html"));
    }

    @Test
    void everyFileOfTheRunDirectoryIsThere() {
        assertThat(List.of(
                        "manifest.json",
                        "config.yaml",
                        "training.csv",
                        "metrics.json",
                        "predictions.csv",
                        "checkpoints",
                        "tensorboard",
                        "model/config.json",
                        "model/model.safetensors",
                        "model/adapter/adapter_model.safetensors",
                        "model/regression_head.safetensors",
                        "model/chirplens.json",
                        "savedmodel/saved_model.pb",
                        "ablation/head_mask.csv",
                        "ablation/head_mask_predictions.csv",
                        "figures/samples.png",
                        "figures/training_curves.svg",
                        "figures/predicted_vs_true.png",
                        "figures/loss_increase_head_mask.svg",
                        "figures/start_time_histograms_head_mask.png",
                        "report.html"))
                .allSatisfy(file -> assertThat(run.resolve(file)).exists());
        assertThat(files(run.resolve("attention")).keySet())
                .filteredOn(name -> name.endsWith(".npy"))
                .hasSize(2);
        assertThat(files(run).keySet()).noneMatch(name -> name.endsWith(".tmp") || name.endsWith(".journal"));
    }

    @Test
    void theManifestSaysWhatWasDone() throws IOException {
        JsonNode manifest = Json.read(run.resolve("manifest.json"));
        assertThat(manifest.path("status").asText()).isEqualTo("done");
        assertThat(manifest.at("/config/model/lora/rank").asInt()).isEqualTo(2);
        // Of a model of width 8, patches of 192 values, one block of MLP 16, adapters of rank 2 on query and value.
        int backbone = 8 + 5 * 8 + 193 * 8 + 2 * 16 + 4 * 9 * 8 + 9 * 16 + 17 * 8 + 16;
        int trained = 2 * 2 * (8 + 8) + 9 * 256 + 257 * 128 + 129 * 3;
        assertThat(manifest.at("/parameters/trainable").asInt()).isEqualTo(backbone + trained);
        assertThat(manifest.at("/parameters/total").asInt()).isEqualTo(backbone + trained);
        assertThat(manifest.at("/stages/ablate/status").asText()).isEqualTo("done");
        assertThat(manifest.at("/hashes/model").asText()).hasSize(64);
        assertThat(manifest.at("/versions/tensorflow").asText()).startsWith("2.");
    }

    @Test
    void theAblationTableHasTheDocumentedColumns() throws IOException {
        List<String> lines = Files.readAllLines(run.resolve("ablation/head_mask.csv"));
        assertThat(lines.get(0))
                .isEqualTo("layer,head,loss,baseline_loss,loss_increase_percent,ci_low_percent,ci_high_percent,p_value,"
                        + "p_adjusted,loss_start_time,loss_start_frequency,loss_end_frequency");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).matches("0,1,[^,]+,[^,]+,[^,]+,,,,,[^,]+,[^,]+,[^,]+");
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask_predictions.csv")))
                .hasSize(1 + 3 * 6);
    }

    @Test
    void resumingAFinishedRunChangesNothing() {
        Map<String, String> before = files(run);
        Outcome outcome = Outcome.of("run", config.toString(), "--out", run.toString(), "--resume");
        assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
        assertThat(files(run)).isEqualTo(before);
    }

    @Test
    void aDirectoryThatHoldsARunIsRefused() {
        assertThat(Outcome.of("run", config.toString(), "--out", run.toString()))
                .isEqualTo(new Outcome(
                        ExitCode.USAGE,
                        "",
                        "chirplens: " + run + ": holds another run; --resume goes on with it, --out DIR writes"
                                + " elsewhere\n"));
    }

    @Test
    void anotherConfigIsNotResumed() {
        Outcome outcome =
                Outcome.of("run", config.toString(), "--out", run.toString(), "--resume", "--set", "training.epochs=3");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("(training.epochs: 2 there, 3 here)");
    }

    @Test
    void aRunStoppedAfterFineTuningEndsInTheSameResults() throws IOException {
        Path half = directory.resolve("half");
        assertThat(Outcome.of("finetune", config.toString(), "--out", half.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(Outcome.of("run", config.toString(), "--out", half.toString(), "--resume")
                        .code())
                .isEqualTo(ExitCode.DONE);
        for (String file : List.of(
                "predictions.csv", "ablation/head_mask.csv", "model/model.safetensors", "figures/samples.png")) {
            assertThat(half.resolve(file)).hasSameBinaryContentAs(run.resolve(file));
        }
    }

    @Test
    void theReportIsRenderedAgainFromTheFiles() throws IOException {
        byte[] before = Files.readAllBytes(run.resolve("report.html"));
        assertThat(Outcome.of("report", run.toString()).code()).isEqualTo(ExitCode.DONE);
        assertThat(run.resolve("report.html")).hasBinaryContent(before);
    }

    @Test
    void protocolsAreComparedOnTheRunsOwnTestImages() throws IOException {
        Path out = directory.resolve("compared");
        Outcome outcome = Outcome.of(
                "ablate",
                "--model",
                run.toString(),
                "--protocol",
                "released",
                "--protocol",
                "head_mask",
                "--released-batch",
                "3",
                "--out",
                out.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out())
                .contains(
                        "released, 8 images, loss without ablation",
                        "(mean of batches of 3); loss increase in percent",
                        "released_raw_labels, 8 images",
                        "head_mask, 8 images",
                        "rank correlation (Spearman)");
        assertThat(Files.readAllLines(out.resolve("ablation/agreement.csv")))
                .hasSize(7)
                .startsWith("a,b,spearman")
                .anyMatch(line -> line.startsWith("released,head_mask,"))
                .anyMatch(line -> line.startsWith("released,order_of_sweep,"));
        assertThat(out.resolve("ablation/released_raw_labels.csv")).exists();
        assertThat(Json.read(out.resolve("ablation/released.json"))
                        .path("loss_batch")
                        .asInt())
                .isEqualTo(3);
        assertThat(files(out).keySet()).noneMatch(name -> name.endsWith(".journal"));
    }

    @Test
    void everyProtocolOfAConfigIsInTheReport() throws IOException {
        Path all = directory.resolve("all");
        String protocols = "analysis.protocols=[released, resample, mean]";
        Outcome outcome = Outcome.of("run", config.toString(), "--out", all.toString(), "--set", protocols);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(all.resolve("ablation/agreement.csv")).exists();
        assertThat(all.resolve("ablation/head_mask.csv")).doesNotExist();
        assertThat(Files.readString(all.resolve("report.html")))
                .contains(
                        "<code>released</code>",
                        "<code>resample</code>",
                        "<code>mean</code>",
                        "as the published code measures it",
                        "with the damage of all heads before it");
    }

    @Test
    void preprocessingIsTheModelsOwnUnlessTold() {
        String own = Outcome.of("evaluate", "--model", run.toString()).out();
        assertThat(Outcome.of("evaluate", "--model", run.toString(), "--preprocessing", "training")
                        .out())
                .isEqualTo(own);
        assertThat(Outcome.of("evaluate", "--model", run.toString(), "--preprocessing", "imagenet")
                        .out())
                .contains("8 images")
                .isNotEqualTo(own);
        Outcome unknown = Outcome.of("evaluate", "--model", run.toString(), "--preprocessing", "none");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("--preprocessing must be one of training, imagenet, attention");
    }

    @Test
    void unknownProtocolsAndImagesOfNoRunAreRefused() {
        Outcome protocol = Outcome.of("ablate", "--model", run.toString(), "--protocol", "zero");
        assertThat(protocol.code()).isEqualTo(ExitCode.USAGE);
        assertThat(protocol.err())
                .contains("--protocol must be one of head_mask, zero_qkv_base, ", "released, found 'zero'");
        Outcome images = Outcome.of("ablate", "--model", run.resolve("model").toString());
        assertThat(images.code()).isEqualTo(ExitCode.USAGE);
        assertThat(images.err()).contains("--data must be given");
    }

    @Test
    void aGeneratedDataSetIsEvaluatedPredictedAndAblated() throws IOException {
        Path data = directory.resolve("data");
        assertThat(Outcome.of("generate", "--count", "5", "--seed", "3", "--out", data.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        JsonNode metrics = Outcome.of("evaluate", "--model", run.toString(), "--data", data.toString(), "--json")
                .json();
        assertThat(metrics.path("images").asInt()).isEqualTo(5);
        assertThat(metrics.at("/targets/end_frequency/rmse").asDouble()).isPositive();

        Path records = directory.resolve("records");
        Outcome.of("generate", "--count", "5", "--seed", "3", "--out", records.toString(), "--format", "tfrecord");
        assertThat(Outcome.of("evaluate", "--model", run.toString(), "--data", records.toString(), "--json")
                        .json())
                .isEqualTo(metrics);

        String image = data.resolve("spectrogram_2.png").toString();
        JsonNode predicted = Outcome.of("predict", "--model", run.toString(), image, "--json")
                .json();
        assertThat(predicted.at("/0/image").asText()).isEqualTo(image);
        assertThat(predicted.at("/0/start_time").isNumber()).isTrue();

        Path out = directory.resolve("ablated");
        Outcome ablated = Outcome.of(
                "ablate",
                "--model",
                run.toString(),
                "--data",
                data.toString(),
                "--limit",
                "3",
                "--out",
                out.toString());
        assertThat(ablated.out()).contains("head_mask, 3 images", "layer 1, head 2");
        assertThat(out.resolve("ablation/head_mask.csv")).exists();

        Outcome maps = Outcome.of(
                "attention",
                "--model",
                run.toString(),
                "--data",
                data.toString(),
                "--limit",
                "2",
                "--out",
                out.toString());
        assertThat(maps.code()).as(maps.err()).isEqualTo(ExitCode.DONE);
        assertThat(out.resolve("attention/spectrogram_2.npy")).exists();
        assertThat(out.resolve("figures/attention_spectrogram_2.svg")).exists();
    }

    @Test
    void theModelIsExportedInEveryForm() {
        for (String kind : List.of("savedmodel", "safetensors", "peft")) {
            Path out = directory.resolve("export-" + kind);
            Outcome outcome = Outcome.of("export", "--model", run.toString(), "--to", kind, "--out", out.toString());
            assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
            assertThat(out).isNotEmptyDirectory();
        }
    }

    @Test
    void badInputIsOneMessageAndExitCodeTwo() throws IOException {
        Path data = directory.resolve("bad");
        Outcome.of("generate", "--count", "3", "--seed", "3", "--out", data.toString());
        Path image = data.resolve("spectrogram_3.png");
        byte[] whole = Files.readAllBytes(image);
        Files.write(image, java.util.Arrays.copyOf(whole, whole.length / 2));
        refused(image.toString(), "evaluate", "--model", run.toString(), "--data", data.toString());
        Files.writeString(image, "no image");
        refused(image.toString(), "evaluate", "--model", run.toString(), "--data", data.toString());
        refused(image.toString(), "predict", "--model", run.toString(), image.toString());
        refused("no-such", "evaluate", "--model", run.toString(), "--data", "no-such");
        refused("model.lora.rank must be in [1, 8], found 0", "run", config.toString(), "--set", "model.lora.rank=0");

        Files.write(image, whole);
        refused("no-such", "evaluate", "--model", "no-such", "--data", data.toString());
        Path labels = data.resolve("labels.csv");
        List<String> rows = Files.readAllLines(labels);
        Files.write(labels, rows.subList(0, 3));
        refused("labels.csv", "evaluate", "--model", run.toString(), "--data", data.toString());
        Files.writeString(labels, String.join("\n", rows).replaceFirst("\n[^,]+,", "\nNaN,"));
        refused("labels.csv:2", "evaluate", "--model", run.toString(), "--data", data.toString());
    }

    @Test
    void aCheckpointWithAMissingTensorIsRefused() throws IOException {
        Path model = directory.resolve("broken");
        Outcome.of("export", "--model", run.toString(), "--to", "safetensors", "--out", model.toString());
        Files.copy(
                run.resolve("model/regression_head.safetensors"),
                model.resolve("model.safetensors"),
                StandardCopyOption.REPLACE_EXISTING);
        refused("embeddings.cls_token", "predict", "--model", model.toString(), "x.png");
    }

    private static void refused(String expected, String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("chirplens: ").contains(expected).doesNotContain("\tat ");
    }

    private static Map<String, String> files(Path directory) {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                String content =
                        java.util.Arrays.hashCode(Files.readAllBytes(file)) + " " + Files.getLastModifiedTime(file);
                files.put(directory.relativize(file).toString(), content);
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return files;
    }
}
