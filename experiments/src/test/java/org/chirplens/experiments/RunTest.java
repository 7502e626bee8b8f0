package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.model.Devices;
import org.chirplens.model.SessionOptions;
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
            training: {train: all, epochs: 2, batchSize: 8, pretext: {ridge: 1}, schedule: cosine}
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
        assertThat(outcome.err())
                .contains("[1/9] data", "trainable parameters: ", " (100.00 %)", "[9/9] report")
                .contains("40 images: 28 to train on, 4 to validate with, 8 to test with", "  validation loss ")
                .doesNotContain("test loss");
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
                        "figures/error_by_condition.svg",
                        "figures/error_by_condition.csv",
                        "figures/loss_increase_head_mask.svg",
                        "figures/start_time_histograms_head_mask.png",
                        "report.html"))
                .allSatisfy(file -> assertThat(run.resolve(file)).exists());
        assertThat(files(run.resolve("attention")).keySet())
                .as("averaged over patches, and of the CLS token")
                .filteredOn(name -> name.endsWith(".npy"))
                .hasSize(2 + 2);
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
        String taken = Devices.hasGpu(SessionOptions.defaults()) ? "gpu" : "cpu";
        assertThat(manifest.path("device").asText()).isEqualTo("auto");
        assertThat(manifest.path("device_taken").asText()).isEqualTo(taken);
        assertThat(Files.readString(run.resolve("report.html"))).contains(taken + " (auto)");
    }

    @Test
    void metricsHaveTheirIntervalsBesideThem() throws IOException {
        JsonNode metrics = Json.read(run.resolve("metrics.json"));
        assertThat(metrics.path("images").asInt()).isEqualTo(8);
        assertThat(metrics.at("/intervals/resamples").asInt()).isEqualTo(2000);
        between(metrics, "mse");
        for (String target : List.of("start_time", "start_frequency", "end_frequency")) {
            JsonNode of = metrics.path("targets").path(target);
            List.of("pearson_r", "r2", "mae", "rmse", "mse").forEach(name -> between(of, name));
            double rmse = of.path("rmse").asDouble();
            assertThat(of.path("mse").asDouble()).isEqualTo(rmse * rmse);
        }
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("95 % confidence intervals", "Error by noise and chirp");
    }

    @Test
    void theReportOffersTheTablesOfHeadsAsTheyAre() throws IOException {
        String table = Base64.getEncoder().encodeToString(Files.readAllBytes(run.resolve("ablation/head_mask.csv")));
        assertThat(Files.readString(run.resolve("report.html")))
                .contains("download=\"head_mask.csv\" href=\"data:text/csv;charset=utf-8;base64," + table + "\"")
                .contains("\"targets\":[\"all targets\",\"start time\"", "averaged over patch queries");
    }

    private static void between(JsonNode tree, String name) {
        JsonNode interval = tree.path(name + "_ci");
        assertThat(tree.path(name).asDouble())
                .as(name)
                .isBetween(interval.get(0).asDouble(), interval.get(1).asDouble());
    }

    @Test
    void withoutValidationTheTestImagesChooseAndTheReportSaysSo() throws IOException {
        Path released = directory.resolve("released");
        Outcome outcome =
                Outcome.of("finetune", config.toString(), "--out", released.toString(), "--set", "data.validation=0");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err())
                .contains("32 to train on, 8 to test with, which also choose the epoch", "  test loss ")
                .doesNotContain("validation loss");
        assertThat(Outcome.of("report", released.toString()).code()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readString(released.resolve("report.html")))
                .contains("test images (which also chose the epoch)");
        assertThat(Files.readString(run.resolve("report.html"))).doesNotContain("which also chose");
    }

    @Test
    void aRunOfAnEarlierVersionStillHasAReport() throws IOException {
        Path old = directory.resolve("old");
        assertThat(Outcome.of("finetune", config.toString(), "--out", old.toString())
                        .code())
                .isEqualTo(ExitCode.DONE);
        Files.writeString(
                old.resolve("metrics.json"),
                "{\"images\": 8, \"mse\": 1.5, \"targets\": {\"start_time\": {\"pearson_r\": null, \"mae\": 2, \"rmse\": 3}}}");
        cutColumns(old.resolve("training.csv"), "r2_");
        cutColumns(old.resolve("predictions.csv"), "noise_level|duration|start_freq|frequency_change|shape");
        assertThat(Outcome.of("report", old.toString()).code()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readString(old.resolve("report.html")))
                .contains("<td>2.00 s</td>")
                .doesNotContain("confidence intervals", "Error by noise");
        assertThat(old.resolve("figures/error_by_condition.csv")).doesNotExist();
    }

    /** Leaves out the columns of a table whose titles begin in one of some ways. */
    private static void cutColumns(Path table, String beginnings) throws IOException {
        List<String> lines = Files.readAllLines(table);
        String[] titles = lines.get(0).split(",", -1);
        Files.write(
                table,
                lines.stream()
                        .map(line -> {
                            String[] cells = line.split(",", -1);
                            return IntStream.range(0, titles.length)
                                    .filter(c -> !titles[c].matches("(" + beginnings + ").*"))
                                    .mapToObj(c -> cells[c])
                                    .collect(Collectors.joining(","));
                        })
                        .toList());
    }

    @Test
    void evaluateWritesErrorsByWhatTheDataTells() throws IOException {
        Path data = directory.resolve("noisy");
        Outcome.of("generate", "--count", "6", "--seed", "4", "--out", data.toString());
        Path out = directory.resolve("evaluated");
        String[] evaluate = {
            "evaluate", "--model", run.toString(), "--data", data.toString(), "--json", "--out", out.toString()
        };
        JsonNode metrics = Outcome.of(evaluate).json();
        assertThat(Json.read(out.resolve("metrics.json"))).isEqualTo(metrics);
        assertThat(Files.readAllLines(out.resolve("predictions.csv")).get(0))
                .isEqualTo("image,true_start_time,predicted_start_time,true_start_frequency,"
                        + "predicted_start_frequency,true_end_frequency,predicted_end_frequency,"
                        + "noise_level,duration,start_frequency,frequency_change,shape");
        List<String> rows = Files.readAllLines(out.resolve("figures/error_by_condition.csv"));
        assertThat(rows.get(0))
                .isEqualTo("condition,category,from,to,images,target,mean_absolute_error,ci_low,ci_high,"
                        + "lower_quartile,median,upper_quartile");
        for (String condition :
                List.of("noise_level,", "duration,", "start_frequency,", "frequency_change,", "shape,")) {
            double[] weighted = rows.stream()
                    .filter(row -> row.startsWith(condition) && row.contains(",end_frequency,"))
                    .map(row -> row.split(",", -1))
                    .mapToDouble(cells -> Integer.parseInt(cells[4]) * Double.parseDouble(cells[6]))
                    .toArray();
            assertThat(DoubleStream.of(weighted).sum() / 6)
                    .as(condition + " mean over all parts is the mean of all images")
                    .isCloseTo(metrics.at("/targets/end_frequency/mae").asDouble(), within(1e-4));
        }
        refused("exists already", evaluate);

        Files.delete(data.resolve("dataset.json"));
        Path others = directory.resolve("evaluated-without-noise");
        evaluate[evaluate.length - 1] = others.toString();
        assertThat(Outcome.of(evaluate).code()).isEqualTo(ExitCode.DONE);
        assertThat(Files.readAllLines(others.resolve("predictions.csv")).get(0))
                .endsWith("predicted_end_frequency,duration,start_frequency,frequency_change,shape");
    }

    @Test
    void theAblationTableHasTheDocumentedColumns() throws IOException {
        List<String> lines = Files.readAllLines(run.resolve("ablation/head_mask.csv"));
        assertThat(lines.get(0))
                .isEqualTo("layer,head,loss,baseline_loss,loss_increase_percent,ci_low_percent,ci_high_percent,p_value,"
                        + "p_adjusted,loss_start_time,loss_start_frequency,loss_end_frequency");
        assertThat(lines).hasSize(3);
        assertThat(lines.get(2)).matches("0,1(,[^,]+){10}");
        double[] cells = Stream.of(lines.get(2).split(",", -1))
                .mapToDouble(Double::parseDouble)
                .toArray();
        assertThat(cells[4]).as("increase within its interval").isBetween(cells[5], cells[6]);
        assertThat(cells[8]).as("adjusted p-value").isBetween(cells[7], 1.0);
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask_predictions.csv")))
                .hasSize(1 + 3 * 6);
    }

    @Test
    void theTablesOfEffectsAgreeWithTheTableOfHeads() throws IOException {
        String[] head =
                Files.readAllLines(run.resolve("ablation/head_mask.csv")).get(2).split(",", -1);
        List<String> effects = Files.readAllLines(run.resolve("ablation/head_mask_effects.csv"));
        assertThat(effects.get(0)).isEqualTo("layer,head,metric,target,unit,value,ci_low,ci_high,p_value,p_holm,p_bh");
        // Of each of two heads: 7 metrics of all targets, and of each target 8 in standardised units and 5 in its own.
        assertThat(effects).hasSize(1 + 2 * (7 + 3 * 13));
        assertThat(effects.stream().filter(row -> row.startsWith("0,1,loss_increase_percent,pooled,percent,")))
                .singleElement()
                .satisfies(row -> {
                    String[] cells = row.split(",", -1);
                    // The value is summed in another order; interval and p-values are the same numbers.
                    assertThat(Double.parseDouble(cells[5])).isCloseTo(Double.parseDouble(head[4]), within(1e-6));
                    assertThat(List.of(cells[6], cells[7], cells[8], cells[9]))
                            .isEqualTo(List.of(head[5], head[6], head[7], head[8]));
                });
        assertThat(effects.stream().filter(row -> row.startsWith("0,1,mean_shift,start_time,s,")))
                .hasSize(1);
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask_layers.csv")))
                .startsWith("part,first_layer,last_layer,metric,target,unit,value,ci_low,ci_high")
                // One layer, which has no halves.
                .hasSize(1 + 4)
                .anyMatch(row -> row.startsWith("layer,0,0,loss_increase_percent,end_frequency,percent,"));
        assertThat(Json.read(run.resolve("ablation/head_mask.json"))
                        .at("/intervals/resamples")
                        .asInt())
                .isEqualTo(2000);
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
        refused(
                "holds a run with precision float32, found bfloat16",
                "run",
                config.toString(),
                "--out",
                half.toString(),
                "--resume",
                "--precision",
                "bfloat16");
        Path manifest = half.resolve("manifest.json");
        String now = Files.readString(manifest);
        Files.writeString(manifest, now.replaceFirst("\"data\" : \"", "\"data\" : \"other "));
        refused("holds a run with data other", "run", config.toString(), "--out", half.toString(), "--resume");
        Files.writeString(manifest, now);
        // A part of a stage that failed took its time too.
        JsonNode before = Json.read(manifest);
        ((ObjectNode) before.path("stages"))
                .putObject("ablate")
                .put("status", "running")
                .put("seconds", 1000);
        Files.writeString(manifest, before.toString());
        assertThat(Outcome.of("run", config.toString(), "--out", half.toString(), "--resume")
                        .code())
                .isEqualTo(ExitCode.DONE);
        assertThat(Json.read(manifest).at("/stages/ablate/seconds").asDouble()).isGreaterThanOrEqualTo(1000);
        assertThat(Json.read(manifest).path("wall_seconds").asDouble()).isGreaterThan(1000);
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
    void oneProtocolIsRankedWithIntervalsAndAdjustedPValues() {
        Outcome table = Outcome.of("ablate", "--model", run.toString());
        assertThat(table.code()).as(table.err()).isEqualTo(ExitCode.DONE);
        assertThat(table.out())
                .containsPattern("head +loss +increase +95 % interval +adjusted p")
                .containsPattern("[+-][0-9.]+ to [+-][0-9.]+ %  +[0-9.]+")
                .contains("Holm over 2 heads", "rank correlation");
        JsonNode head =
                Outcome.of("ablate", "--model", run.toString(), "--json").json().at("/protocols/0/heads/0");
        assertThat(head.path("loss_increase_percent").asDouble())
                .isBetween(
                        head.path("ci_low_percent").asDouble(),
                        head.path("ci_high_percent").asDouble());
        assertThat(head.path("p_adjusted").asDouble())
                .isBetween(head.path("p_value").asDouble(), 1.0);
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
                        "(mean of batches of 3) (damage adds up); loss increase in percent",
                        "released_raw_labels, 8 images",
                        "head_mask, 8 images",
                        "rank correlation (Spearman)");
        assertThat(Files.readAllLines(out.resolve("ablation/agreement.csv")))
                .hasSize(7)
                .startsWith("a,b,spearman,verdicts_flipped")
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
    void protocolsThatAreThereAreNotMeasuredAgain() throws IOException {
        Path out = directory.resolve("in-parts");
        String[] one = {
            "ablate", "--model", run.toString(), "--limit", "4", "--out", out.toString(), "--protocol", "mean"
        };
        assertThat(Outcome.of(one).code()).isEqualTo(ExitCode.DONE);
        Outcome again = Outcome.of(one);
        assertThat(again.code()).isEqualTo(ExitCode.USAGE);
        assertThat(again.err()).contains("holds the results of an ablation by mean; remove it");
        Path table = out.resolve("ablation/mean.csv");
        byte[] before = Files.readAllBytes(table);

        String[] both = {
            "ablate",
            "--model",
            run.toString(),
            "--limit",
            "4",
            "--out",
            out.toString(),
            "--protocol",
            "mean",
            "--protocol",
            "head_mask"
        };
        Outcome completed = Outcome.of(both);
        assertThat(completed.code()).as(completed.err()).isEqualTo(ExitCode.DONE);
        assertThat(completed.err()).contains("ablating, head_mask");
        assertThat(table).hasBinaryContent(before);
        assertThat(out.resolve("ablation/agreement.csv")).content().contains("mean,head_mask,");

        Files.delete(out.resolve("ablation/agreement.csv"));
        Path predictions = out.resolve("ablation/mean_predictions.csv");
        List<String> rows = Files.readAllLines(predictions);
        Files.write(predictions, rows.subList(0, rows.size() - 1));
        refused("mean_predictions.csv: must have a row for each image and head", both);
        Files.write(predictions, rows);
        assertThat(Outcome.of(both).code()).as("agreement was not written yet").isEqualTo(ExitCode.DONE);

        both[8] = "noise";
        assertThat(Outcome.of(Arrays.copyOf(both, 9)).code()).isEqualTo(ExitCode.DONE);
        assertThat(Outcome.of(both).code()).as("not compared with noise yet").isEqualTo(ExitCode.DONE);
        assertThat(out.resolve("ablation/agreement.csv")).content().contains("noise,head_mask,");
        both[8] = "mean";

        both[4] = "3";
        Outcome others = Outcome.of(both);
        assertThat(others.code()).isEqualTo(ExitCode.USAGE);
        Files.delete(table);
        refused("holds results with images 4, and 3 is asked for", both);
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
    void protocolsThatCannotBeMeasuredAreRefusedBeforeAnyWork() {
        Path none = directory.resolve("none");
        refused(
                "--set analysis.protocols=[mean, resample]: analysis.protocols must leave out resample",
                "run",
                config.toString(),
                "--out",
                none.toString(),
                "--set",
                "analysis.protocols=[mean, resample]",
                "--set",
                "analysis.ablationImages=1");
        refused(
                "--set analysis.protocols=[other_head]: analysis.protocols must leave out other_head",
                "run",
                config.toString(),
                "--out",
                none.toString(),
                "--set",
                "analysis.protocols=[other_head]",
                "--set",
                "model.numHeads=1");
        assertThat(none).doesNotExist();
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
    void attentionIsReadInTheWaysThatAreNamed() {
        Path data = directory.resolve("few");
        Outcome.of("generate", "--count", "1", "--seed", "3", "--out", data.toString());
        Path out = directory.resolve("readings");
        List<String> words = new ArrayList<>(List.of(
                "attention",
                "--model",
                run.toString(),
                "--data",
                data.toString(),
                "--limit",
                "1",
                "--out",
                out.toString()));
        for (String reading : List.of("cls_weighted", "patch_0_1", "rollout")) {
            words.addAll(List.of("--reading", reading));
        }
        Outcome maps = Outcome.of(words.toArray(String[]::new));
        assertThat(maps.code()).as(maps.err()).isEqualTo(ExitCode.DONE);
        for (String file : List.of(
                "spectrogram_1.png",
                "cls_weighted/spectrogram_1.npy",
                "patch_0_1/spectrogram_1.npy",
                "rollout/spectrogram_1.npy")) {
            assertThat(out.resolve("attention").resolve(file)).exists();
        }
        assertThat(out.resolve("attention/spectrogram_1.npy")).doesNotExist();
        assertThat(out.resolve("figures/attention_spectrogram_1.svg")).content().contains("times what is written");
        words.set(words.size() - 1, "patch_2_0");
        words.set(words.indexOf(out.toString()), out + "-2");
        assertThat(Outcome.of(words.toArray(String[]::new)).err())
                .contains("the row and column of a query patch must be below 2, found 2 and 0");
    }

    @Test
    void theModelIsExportedInEveryForm() {
        for (String kind : List.of("savedmodel", "safetensors", "peft")) {
            Path out = directory.resolve("export-" + kind);
            Outcome outcome =
                    Outcome.of("export", "--model", run.toString(), "--to", kind, "--out", out.toString(), "--json");
            assertThat(outcome.json().path("written").asText()).isEqualTo(out.toString());
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
