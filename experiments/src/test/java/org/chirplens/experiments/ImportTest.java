package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models from elsewhere become model directories, and go back. */
class ImportTest {
    private static final Path RESOURCES = Path.of("../framework/src/test/resources");
    private static final Path MODEL = RESOURCES.resolve("reference/config_a/model");
    private static final String RELEASED =
            MODEL.resolve("best_vit_regression.pth").toString();
    private static final String BACKBONE = MODEL.resolve("backbone_vitmodel").toString();
    private static final String CONFIG = BACKBONE + "/config.json";
    private static final String ADAPTER = MODEL.resolve("adapter").toString();
    private static final String HEAD =
            MODEL.resolve("regression_head.safetensors").toString();
    private static final String LABELS = RESOURCES.resolve("chirps/labels.csv").toString();

    private final Path directory;
    private final String out;

    ImportTest(@TempDir Path directory) {
        this.directory = directory;
        this.out = directory.resolve("model").toString();
    }

    @Test
    void theReleasedFileAndItsPartsAreTheSameModel() throws IOException {
        imports(RELEASED, "--config", CONFIG, "--labels", LABELS, "--preprocessing", "imagenet", "--out", out);
        Path parts = directory.resolve("parts");
        imports(BACKBONE, "--adapter", ADAPTER, "--head", HEAD, "--labels", LABELS, "--out", parts.toString());

        refused(
                "needs no import",
                "import",
                out,
                "--out",
                directory.resolve("again").toString());
        assertSameWeights(ModelDirectory.read(parts), ModelDirectory.read(Path.of(out)));
        JsonNode card = Json.read(Path.of(out, "chirplens.json"));
        assertThat(card.path("preprocessing").asText()).isEqualTo("imagenet");
        assertThat(card.path("label_mean")).hasSize(3);
        assertThat(card.at("/provenance/imported").asText()).isEqualTo("best_vit_regression.pth");
        assertThat(card.at("/provenance/sha256/best_vit_regression.pth").asText())
                .hasSize(64);
        assertThat(card.at("/provenance/sha256").fieldNames())
                .toIterable()
                .containsExactly("best_vit_regression.pth", "config.json", "labels.csv");
        assertThat(Json.read(parts.resolve("chirplens.json"))
                        .at("/provenance/sha256")
                        .fieldNames())
                .toIterable()
                .containsExactly(
                        "model.safetensors",
                        "config.json",
                        "adapter_config.json",
                        "adapter_model.safetensors",
                        "regression_head.safetensors",
                        "labels.csv");
        String image = RESOURCES.resolve("chirps/spectrogram_1.png").toString();
        assertThat(Outcome.of("predict", "--model", out, image).code()).isEqualTo(ExitCode.DONE);
    }

    @Test
    void theLabelsScaleIsThatOfAllRows() throws IOException {
        Path labels = directory.resolve("labels.csv");
        Files.writeString(labels, """
                Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Duration,Chirp_Type
                1,10,20,5,linear
                3,14,20.5,5,linear
                """);
        imports(RELEASED, "--config", CONFIG, "--labels", labels.toString(), "--out", out);

        JsonNode card = Json.read(Path.of(out, "chirplens.json"));
        assertThat(card.path("label_mean").toString()).isEqualTo("[2.0,12.0,20.25]");
        assertThat(card.path("label_std").toString()).isEqualTo("[1.0,2.0,0.25]");
    }

    @Test
    void whatIsExportedAsReleasedIsImportedAsAnEqualModel() {
        imports(RELEASED, "--config", CONFIG, "--alpha", "4", "--labels", LABELS, "--out", out);
        Path released = directory.resolve("released");
        Outcome exported = Outcome.of("export", "--model", out, "--to", "released", "--out", released.toString());
        assertThat(exported.code()).as(exported.err()).isEqualTo(ExitCode.DONE);
        Path again = directory.resolve("again");
        imports(released.resolve("best_vit_regression.safetensors").toString(), "--out", again.toString());

        TrainedModel model = ModelDirectory.read(Path.of(out));
        assertThat(ModelDirectory.read(again).config()).isEqualTo(model.config());
        assertSameWeights(ModelDirectory.read(again), model);
    }

    @Test
    void anotherImageSizeInterpolates() {
        imports(RELEASED, "--config", CONFIG, "--image-size", "64", "--out", out);

        assertThat(ModelDirectory.read(Path.of(out)).config().vit().imageSize()).isEqualTo(64);
    }

    @Test
    void withoutLabelsTheModelSaysThatItCannotPredict() {
        Outcome outcome = imports(RELEASED, "--config", CONFIG, "--out", out);
        assertThat(outcome.err()).contains("without --labels the model does not know the scale of its labels");

        refused("this is a bare backbone", "predict", "--model", out, "x.png");
    }

    @Test
    void anythingWrongIsSaidBeforeAnythingIsWritten() throws IOException {
        refused("--alpha does not apply", "import", BACKBONE, "--alpha", "3", "--out", out);
        refused("--adapter does not apply", "import", RELEASED, "--config", CONFIG, "--adapter", ADAPTER, "--out", out);
        refused("--head does not apply", "import", RELEASED, "--config", CONFIG, "--head", HEAD, "--out", out);
        refused("--labels does not apply", "import", BACKBONE, "--labels", LABELS, "--out", out);
        refused("no-such: the model to import must exist", "import", "no-such", "--out", out);
        refused("--config must exist", "import", RELEASED, "--config", "no-such", "--out", out);
        refused("needs its config.json", "import", RELEASED, "--out", out);
        refused("--alpha must be a number above 0", "import", RELEASED, "--alpha", "-1", "--out", out);
        refused("--preprocessing must be one of", "import", RELEASED, "--preprocessing", "x", "--out", out);
        refused(
                "--image-size must be a multiple of the model's patch size 8, found 36",
                "import",
                RELEASED,
                "--config",
                CONFIG,
                "--image-size",
                "36",
                "--out",
                out);
        Path labels = Files.writeString(directory.resolve("labels.csv"), "a,b\n");
        refused("labels.csv:1", "import", RELEASED, "--config", CONFIG, "--labels", labels.toString(), "--out", out);
        refused("exists already", "import", RELEASED, "--config", CONFIG, "--out", directory.toString());
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void aConfigsImageSizeMustHoldWholePatchesOfTheBackbone() throws IOException {
        Path config = Files.writeString(
                directory.resolve("x.yaml"), "model: {backbone: '" + BACKBONE + "'}\ndata: {count: 10, test: 2}\n");

        refused(
                "model.imageSize must be a multiple of the backbone's patch size 8, found 36",
                "run",
                config.toString(),
                "--set",
                "model.imageSize=36",
                "--out",
                out);
        assertThat(Path.of(out)).doesNotExist();
    }

    @Test
    void aConfigsImageSizeGivesALargerModel() throws IOException {
        Path config = Files.writeString(
                directory.resolve("x.yaml"),
                "model: {backbone: '" + BACKBONE + "', imageSize: 48, lora: {rank: 2}}\n"
                        + "data: {count: 10, test: 2}\ntraining: {epochs: 1, batchSize: 4}\n");
        Path run = directory.resolve("run");
        Outcome outcome = Outcome.of("finetune", config.toString(), "--out", run.toString());
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);

        assertThat(ModelDirectory.read(run.resolve("model")).config().vit().imageSize())
                .isEqualTo(48);
        assertThat(Json.read(run.resolve("manifest.json"))
                        .at("/config/model/imageSize")
                        .asInt())
                .isEqualTo(48);
    }

    private static Outcome imports(String... words) {
        String[] all = new String[words.length + 1];
        all[0] = "import";
        System.arraycopy(words, 0, all, 1, words.length);
        Outcome outcome = Outcome.of(all);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        return outcome;
    }

    private static void refused(String expected, String... words) {
        Outcome outcome = Outcome.of(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("chirplens: ").contains(expected).doesNotContain("\tat ");
    }

    private static void assertSameWeights(TrainedModel found, TrainedModel expected) {
        assertThat(found.weights().keySet()).isEqualTo(expected.weights().keySet());
        expected.weights().forEach((name, weight) -> assertThat(
                        java.util.Objects.requireNonNull(found.weights().get(name))
                                .data())
                .as(name)
                .isEqualTo(weight.data()));
    }
}
