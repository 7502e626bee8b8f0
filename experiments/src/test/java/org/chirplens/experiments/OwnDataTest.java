package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A whole run at toy size on images that are no chirps, with labels of their own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnDataTest {
    private static final int IMAGES = 24;
    private static final List<String> FORMATS = List.of("jpg", "png", "bmp");
    private static final String MODEL = """
            model: {imageSize: 16, patchSize: 8, hiddenSize: 8, numLayers: 2, numHeads: 2, mlpSize: 16, lora: {rank: 2, targets: [key, mlp_output]}}
            training: {train: all, epochs: 1, batchSize: 8}
            analysis: {attentionImages: 2, batchSize: 4, protocols: [head_mask, released]}
            runtime: {threads: 1}
            """;

    private final Path directory;
    private final Path data;
    private final Path run;

    OwnDataTest(@TempDir Path directory) {
        this.directory = directory;
        this.data = directory.resolve("patients");
        this.run = directory.resolve("run");
    }

    @BeforeAll
    void runsOnce() throws IOException {
        StringBuilder table = new StringBuilder("file,age,\"score, raw\"\n");
        Random random = new Random(5);
        for (int i = 0; i < IMAGES; i++) {
            String format = FORMATS.get(i % FORMATS.size());
            String name = (i % 5 == 0 ? "a, b/" : "") + "scan " + i + "." + format;
            int age = 20 + random.nextInt(60);
            grey(data.resolve(name), format, age);
            table.append(String.format(Locale.ROOT, "\"%s\",%d,%.3f%n", name, age, -random.nextDouble()));
        }
        Files.writeString(data.resolve("labels.csv"), table);
        Outcome outcome = Outcome.of("run", config("own.yaml", "source: images", MODEL), "--out", run.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out()).contains("5 images", "age", "raw score", "years");
    }

    private String config(String name, String source, String more) throws IOException {
        Path config = directory.resolve(name);
        Files.writeString(config, """
                data:
                  %s
                  directory: %s
                  fileColumn: file
                  targets:
                    - {column: age, unit: years}
                    - {column: "score, raw", title: raw score}
                """.formatted(source, data) + more);
        return config.toString();
    }

    private static void grey(Path file, String format, int level) throws IOException {
        Files.createDirectories(file.getParent());
        BufferedImage image = new BufferedImage(40, 30, BufferedImage.TYPE_BYTE_GRAY);
        for (int i = 0; i < 40 * 30; i++) {
            image.getRaster().setSample(i % 40, i / 40, 0, 2 * level + i % 40);
        }
        assertThat(ImageIO.write(image, format, file.toFile())).isTrue();
    }

    @Test
    void everyTableNamesTheTargets() throws IOException {
        assertThat(header("training.csv"))
                .endsWith(",r_age,mae_age,rmse_age,r2_age,r_score_raw,mae_score_raw,rmse_score_raw,r2_score_raw");
        assertThat(header("predictions.csv"))
                .isEqualTo("image,true_age,predicted_age,true_score_raw,predicted_score_raw");
        assertThat(header("ablation/head_mask.csv")).endsWith(",p_adjusted,loss_age,loss_score_raw");
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask.csv")).get(4))
                .matches("1,1(,[^,]+){9}");
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask_effects.csv")))
                .anyMatch(row -> row.startsWith("1,1,mean_shift,age,"))
                .anyMatch(row -> row.startsWith("1,1,wasserstein,score_raw,standardised,"));
        assertThat(Files.readAllLines(run.resolve("ablation/head_mask_layers.csv")))
                .anyMatch(row -> row.startsWith("deep_1/2,1,1,loss_increase_percent,score_raw,percent,"));
        assertThat(header("samples/labels.csv")).isEqualTo("image,age,score_raw");
        JsonNode metrics = Json.read(run.resolve("metrics.json"));
        assertThat(metrics.path("targets").fieldNames()).toIterable().containsExactly("age", "score_raw");
    }

    private String header(String file) throws IOException {
        return Files.readAllLines(run.resolve(file)).get(0);
    }

    @Test
    void adaptersSitOnTheLayersThatTheConfigNames() throws IOException {
        JsonNode adapter = Json.read(run.resolve("model/adapter/adapter_config.json"));
        // "output.dense" would mean the attention's output, too.
        assertThat(adapter.path("target_modules"))
                .extracting(JsonNode::asText)
                .containsExactlyInAnyOrder(
                        "encoder.layer.0.attention.attention.key",
                        "encoder.layer.0.output.dense",
                        "encoder.layer.1.attention.attention.key",
                        "encoder.layer.1.output.dense");
        assertThat(Files.readString(run.resolve("report.html"))).contains("LoRA rank 2 on key, mlp_output");
    }

    @Test
    void theModelSaysWhatItPredicts() throws IOException {
        JsonNode targets = Json.read(run.resolve("model/chirplens.json")).path("targets");
        assertThat(targets.at("/1/key").asText()).isEqualTo("score_raw");
        assertThat(targets.at("/1/title").asText()).isEqualTo("raw score");
        assertThat(targets.at("/0/unit").asText()).isEqualTo("years");
    }

    @Test
    void figuresAndReportAreMadeAndMadeAgain() throws IOException {
        assertThat(run.resolve("figures/age_histograms_head_mask.svg")).exists();
        assertThat(run.resolve("figures/predicted_vs_true.png")).exists();
        String report = Files.readString(run.resolve("report.html"));
        assertThat(run.resolve("figures/error_by_condition.csv")).doesNotExist();
        assertThat(run.resolve("figures/error_by_condition.png")).doesNotExist();
        assertThat(report).contains("Loss, raw score").doesNotContain("start time", "frequency");
        assertThat(Outcome.of("report", run.toString()).code()).isEqualTo(ExitCode.DONE);
        assertThat(run.resolve("report.html")).hasContent(report);
    }

    @Test
    void aValidationPartThatLeavesNoTrainingImagesIsRefusedWithItsPlace() throws IOException {
        String own = config("validation.yaml", "validation: 19\n  source: images", MODEL);
        Outcome outcome =
                Outcome.of("run", own, "--out", directory.resolve("refused").toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .isEqualTo("chirplens: " + own + ":2:15: data.validation does not fit: a split of 19 images with"
                        + " validation part 19.0 must leave at least one to train on, found 0 left\n");
        assertThat(directory.resolve("refused")).doesNotExist();
    }

    @Test
    void imagesOfAnyNameHaveFilesOfTheirOwn() throws IOException {
        try (Stream<Path> files = Files.list(run.resolve("attention"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .hasSize(4)
                    .allMatch(name -> name.matches("[A-Za-z0-9_-]+\\.(npy|png)"));
        }
    }

    @Test
    void aConfigFileNamesTheImagesOfACommand() throws IOException {
        String described = config("data.yaml", "source: images", "");
        JsonNode metrics = Outcome.of("evaluate", "--model", run.toString(), "--data", described, "--json")
                .json();
        assertThat(metrics.path("images").asInt()).isEqualTo(IMAGES);
        assertThat(metrics.at("/targets/score_raw/mae").asDouble()).isPositive();

        Path out = directory.resolve("ablated");
        Outcome ablated = Outcome.of(
                "ablate", "--model", run.toString(), "--data", described, "--limit", "3", "--out", out.toString());
        assertThat(ablated.code()).as(ablated.err()).isEqualTo(ExitCode.DONE);
        assertThat(ablated.out()).contains("head_mask, 3 images");
        assertThat(Files.readAllLines(out.resolve("ablation/head_mask_predictions.csv"))
                        .get(1))
                .startsWith("\"a, b/scan 0.jpg\",,,");
    }

    @Test
    void anImageIsPredictedWithNamesAndUnits() {
        String image = data.resolve("scan 1.png").toString();
        Outcome table = Outcome.of("predict", "--model", run.toString(), image);
        assertThat(table.out()).contains("image", "age", "raw score", " years");
        JsonNode one = Outcome.of("predict", "--model", run.toString(), image, "--json")
                .json()
                .path(0);
        assertThat(one.fieldNames()).toIterable().containsExactly("image", "age", "score_raw");
    }

    @Test
    void aModelAndImagesOfOtherTargetsAreRefusedNamingBoth() throws IOException {
        Path chirps = directory.resolve("chirps");
        Outcome.of("generate", "--count", "2", "--seed", "3", "--out", chirps.toString());
        Outcome outcome = Outcome.of("evaluate", "--model", run.toString(), "--data", chirps.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("the model must predict what the images are labelled with, start_time (s), start_frequency"
                        + " (Hz), end_frequency (Hz), found a model of age (years), score_raw");
    }

    @Test
    void aHeadOfAnotherNumberOfOutputsIsRefusedNamingTheTargets() throws IOException {
        Path broken = directory.resolve("broken");
        try (Stream<Path> files = Files.walk(run.resolve("model"))) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        broken.resolve(run.resolve("model").relativize(file).toString()));
            }
        }
        Path card = broken.resolve("chirplens.json");
        Files.writeString(
                card,
                Files.readString(card)
                        .replaceFirst("\"targets\" : \\[[^]]*\\],\\s*", "")
                        .replaceAll("\"label_(mean|std)\" : \\[[^]]*\\]", "\"label_$1\" : [ 1, 2, 3 ]"));
        Outcome outcome =
                Outcome.of("evaluate", "--model", broken.toString(), "--data", config("d.yaml", "source: images", ""));
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .contains("regression_head.safetensors", "misshapen 4.weight: expected [3, 128], found [2, 128]")
                .contains("chirplens.json beside it stands for the 3 released targets");
    }

    @Test
    void theModelIsExportedAndItsCardWithIt() throws IOException {
        Path out = directory.resolve("saved");
        Outcome outcome =
                Outcome.of("export", "--model", run.toString(), "--to", "savedmodel", "--out", out.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(Json.read(out.resolve("assets.extra/chirplens.json")).path("targets"))
                .hasSize(2);
    }
}
