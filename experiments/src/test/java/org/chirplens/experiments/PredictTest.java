package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.dataset.ImageFile;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Predictions of a small model of random weights for eleven figures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PredictTest {
    private static final String NUMBER = "-?\\d+\\.\\d\\d";

    private final Path directory;
    private final String model;
    private final Path chirps;

    PredictTest(@TempDir Path directory) {
        this.directory = directory;
        this.model = directory.resolve("model").toString();
        this.chirps = directory.resolve("chirps, drawn");
    }

    @BeforeAll
    void makesModelAndImages() throws IOException {
        SmallModel.write(model, List.of());
        Outcome drawn = Outcome.of("generate", "--count", "11", "--seed", "4", "--out", chirps.toString());
        assertThat(drawn.code()).as(drawn.err()).isEqualTo(ExitCode.DONE);
        Files.writeString(chirps.resolve("labels.csv"), "labels are not looked at");
    }

    private Outcome predict(String... words) {
        List<String> all = new ArrayList<>(List.of("predict", "--model", model, "--threads", "1"));
        all.addAll(List.of(words));
        return Outcome.of(all.toArray(String[]::new));
    }

    private String image(int number) {
        return chirps.resolve("spectrogram_" + number + ".png").toString();
    }

    @Test
    void oneImageIsATableAndASentence() {
        Outcome outcome = predict(image(2));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.err()).isEmpty();
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(lines.get(0)).matches("image +start time +start frequency +end frequency");
        assertThat(lines.get(1)).startsWith(image(2)).matches(".* +N s +N Hz +N Hz".replace("N", NUMBER));
        assertThat(lines.get(3))
                .matches("A chirp starts at N s with a frequency of N Hz and ends with one of N Hz\\."
                        .replace("N", NUMBER));
        assertThat(numbers(lines.get(3))).isEqualTo(numbers(lines.get(1).substring(image(2).length())));
    }

    private static List<String> numbers(String line) {
        return Pattern.compile(NUMBER)
                .matcher(line)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    @Test
    void aFolderIsPredictedInTheOrderOfItsNumbersWhateverTheLabelsSay() {
        JsonNode list = predict("--json", chirps.toString()).json();
        assertThat(list)
                .extracting(one -> one.path("image").asText())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, 11).mapToObj(this::image).toList());
        assertThat(list).allSatisfy(one -> assertThat(one.fieldNames())
                .toIterable()
                .containsExactly("image", "start_time", "start_frequency", "end_frequency"));
    }

    @Test
    void valuesAreTheModelsInPhysicalUnits() {
        JsonNode list = predict("--json", chirps.toString()).json();
        float[] pixels = new float[Preprocessing.length(SmallModel.VIT.imageSize())];
        List<String> keys = List.of("start_time", "start_frequency", "end_frequency");
        try (InferenceModel inference =
                new InferenceModel(SmallModel.CONFIG, SmallModel.WEIGHTS, new SessionOptions("cpu", 1))) {
            for (int i = 0; i < 11; i++) {
                Preprocessing.TRAINING.apply(
                        ImageFile.read(Path.of(image(i + 1))), SmallModel.VIT.imageSize(), pixels, 0);
                float[] standardised = inference.predict(pixels, 1)[0];
                for (int t = 0; t < 3; t++) {
                    // Float noise of a model alone and in a batch, times the standard deviation.
                    assertThat(list.get(i).path(keys.get(t)).asDouble())
                            .as("image %d, %s", i + 1, keys.get(t))
                            .isCloseTo(SmallModel.MEAN[t] + SmallModel.STD[t] * standardised[t], within(1e-4));
                }
            }
        }
    }

    @Test
    void csvJsonAndTableSayTheSame() {
        JsonNode list = predict("--json", chirps.toString()).json();
        List<String> csv = predict("--csv", chirps.toString()).out().lines().toList();
        List<String> table = predict(chirps.toString()).out().lines().toList();
        assertThat(csv).hasSize(12);
        assertThat(table).hasSize(12);
        assertThat(csv.get(0)).isEqualTo("image,start_time,start_frequency,end_frequency");
        for (int i = 0; i < 11; i++) {
            JsonNode one = list.get(i);
            assertThat(csv.get(i + 1))
                    .isEqualTo(
                            "\"" + image(i + 1) + "\"," + one.path("start_time").asText() + ","
                                    + one.path("start_frequency").asText() + ","
                                    + one.path("end_frequency").asText());
            assertThat(table.get(i + 1))
                    .contains(String.format(
                            Locale.ROOT, "%.2f s", one.path("start_time").asDouble()));
        }
    }

    @Test
    void theBatchSizeChangesNoMoreThanFloatNoise() {
        JsonNode one = predict("--json", "--batch", "1", chirps.toString()).json();
        JsonNode four = predict("--json", "--batch", "4", chirps.toString()).json();
        for (int i = 0; i < 11; i++) {
            assertThat(four.get(i).path("end_frequency").asDouble())
                    .isCloseTo(one.get(i).path("end_frequency").asDouble(), within(1e-4));
        }
    }

    @Test
    void progressGoesToStandardErrorUnlessQuiet() {
        assertThat(predict(chirps.toString()).err()).contains("predicting  11/11 images");
        assertThat(predict("--quiet", chirps.toString()).err()).isEmpty();
    }

    @Test
    void whatIsNoImageIsRefusedBeforeAnythingIsPredicted() throws IOException {
        Path bad = Files.writeString(directory.resolve("bad.png"), "text");
        Path empty = Files.createDirectories(directory.resolve("empty"));
        refused(bad + ": must be", chirps.toString(), bad.toString());
        refused(empty + ": a folder of images must hold files named .png", empty.toString());
        refused("none.png: must exist, found no such file", image(1), "none.png");
        refused("--csv must not stand beside --json", "--csv", "--json", image(1));
        refused("--batch must be at least 1, found 0", "--batch", "0", image(1));
    }

    private void refused(String expected, String... words) {
        Outcome outcome = predict(words);
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).startsWith("chirplens: ").contains(expected);
    }

    @Test
    void aDamagedImageEndsTheListWithoutItsEnd() throws IOException {
        byte[] bytes = Files.readAllBytes(Path.of(image(3)));
        for (int i = bytes.length / 2; i < bytes.length / 2 + 40; i++) {
            bytes[i] ^= 0x55;
        }
        Path damaged = Files.write(directory.resolve("damaged.png"), bytes);
        Outcome outcome = predict("--json", "--batch", "1", image(1), damaged.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("chirplens: " + damaged);
        assertThat(outcome.out()).contains(image(1));
        assertThatThrownBy(() -> new ObjectMapper().readTree(outcome.out()))
                .isInstanceOf(JsonProcessingException.class);
        refused(damaged.toString(), "--json", "--batch", "2", image(1), damaged.toString());
    }

    @Test
    void aModelOfOtherTargetsSaysThemLineByLine() {
        String other = directory.resolve("other").toString();
        SmallModel.write(
                other,
                List.of(
                        new ModelCard.TargetName("age", "age", "years"),
                        new ModelCard.TargetName("score", "raw score", ""),
                        new ModelCard.TargetName("depth", "depth", "mm")));
        Outcome outcome = Outcome.of("predict", "--model", other, image(1));
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        List<String> lines = outcome.out().lines().toList();
        assertThat(lines.get(0)).matches("image +age +raw score +depth");
        assertThat(lines.get(3)).matches("age: [-0-9.]+ years");
        assertThat(lines.get(4)).matches("raw score: [-0-9.]+");
        assertThat(lines.get(5)).matches("depth: [-0-9.]+ mm");
        assertThat(lines).hasSize(6);
    }
}
