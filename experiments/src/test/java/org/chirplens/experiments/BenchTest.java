package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** What {@code bench} prints, with a peer whose figures are known. */
@Isolated("sets the property chirplens.home")
class BenchTest {
    @TempDir
    private Path directory;

    private String home = "";

    @BeforeEach
    void findsTheScriptsOfThisProject() {
        home = System.getProperty("chirplens.home", "");
        System.setProperty("chirplens.home", Path.of("..").toString());
    }

    @AfterEach
    void restores() {
        if (home.isEmpty()) {
            System.clearProperty("chirplens.home");
        } else {
            System.setProperty("chirplens.home", home);
        }
    }

    @Test
    void jsonHoldsEveryCostAndTheRatiosToBothPeers() throws IOException {
        String peer = peer("echo '{\"images\": 10, \"cpu_seconds_per_image\": 0.2, \"wall_seconds_per_image\": 0.3,"
                + " \"matplotlib\": \"3\", \"python\": \"3.11\"}'");
        Outcome outcome =
                Outcome.of("bench", "generate", "--images", "100", "--threads", "1", "--peer", peer, "--json");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        JsonNode json = outcome.json();
        assertThat(json.path("images").asInt()).isEqualTo(100);
        for (String name : List.of(
                "png",
                "tensor",
                "stages/population_and_noise",
                "stages/smoothing",
                "stages/drawing",
                "stages/encoding")) {
            JsonNode cost = json.at("/" + name);
            assertThat(cost.path("cpu_ms").asDouble()).as(name).isGreaterThanOrEqualTo(0.1);
            assertThat(cost.path("cpu_ms").asDouble()
                            * cost.path("images_per_second_per_core").asDouble())
                    .isCloseTo(1000, within(1e-6));
        }
        JsonNode png = json.path("png");
        assertThat(png.path("recorded_ratio").asDouble() * png.path("cpu_ms").asDouble())
                .isCloseTo(290, within(1e-6));
        assertThat(png.path("peer_ratio").asDouble() * png.path("cpu_ms").asDouble())
                .isCloseTo(200, within(1e-6));
        assertThat(png.path("mean_bytes").asInt()).isBetween(150_000, 230_000);
        assertThat(json.path("peak_heap_mib").asDouble()).isBetween(1.0, 4096.0);
    }

    @Test
    void aPeerThatFailsIsNamedWithItsLastWords() throws IOException {
        String peer = peer("echo 'ModuleNotFoundError: no scipy' >&2; exit 1");
        Outcome outcome = Outcome.of("bench", "generate", "--peer", peer);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .isEqualTo("chirplens: --peer must be a Python with NumPy, SciPy and matplotlib; " + peer
                        + " ended with code 1: ModuleNotFoundError: no scipy\n");
    }

    @Test
    void aPeerThatIsNoProgramIsNamed() {
        Outcome outcome = Outcome.of(
                "bench", "generate", "--peer", directory.resolve("none").toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).startsWith("chirplens: --peer must be a Python that can be started, found ");
    }

    @Test
    void anUnknownBenchmarkAndTooFewImagesAreRefused() {
        assertThat(Outcome.of("bench", "everything").err())
                .isEqualTo("chirplens: bench knows generate, training, forward and ablation, found 'everything'\n");
        assertThat(Outcome.of("bench", "generate", "--images", "99").err())
                .isEqualTo("chirplens: --images must be at least 100, found 99\n");
    }

    @Test
    void trainingsOptionsAreCheckedBeforeAnyWork() {
        assertThat(Outcome.of("bench", "training", "--precision", "int8").err())
                .isEqualTo("chirplens: --precision must be float32, bfloat16 or float16, found 'int8'\n");
        assertThat(Outcome.of("bench", "training", "--batch", "4", "--accumulate", "5")
                        .err())
                .isEqualTo("chirplens: --accumulate must be at most --batch 4, found 5\n");
        assertThat(Outcome.of("bench", "training", "--peer", "python").err())
                .isEqualTo("chirplens: bench training has no --peer\n");
        assertThat(Outcome.of("bench", "forward", "--images", "4").err())
                .isEqualTo("chirplens: bench forward has no --images\n");
        assertThat(Outcome.of("bench", "ablation", "--protocol", "none").err())
                .startsWith("chirplens: --protocol must be one of head_mask, ");
        assertThat(Outcome.of("bench", "generate", "--batch", "4").err())
                .isEqualTo("chirplens: bench generate has no --batch\n");
    }

    @Test
    void ablationTellsBothSweepsAndThatTheirLossesAgree() {
        SmallModel.write(directory.resolve("model").toString(), List.of());
        Outcome outcome = Outcome.of(
                "bench",
                "ablation",
                "--model",
                directory.resolve("model").toString(),
                "--images",
                "3",
                "--protocol",
                "zero_qkv_base",
                "--json");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        JsonNode json = outcome.json();
        assertThat(json.path("images").asInt()).isEqualTo(3);
        assertThat(json.path("heads").asInt()).isEqualTo(4);
        assertThat(json.path("protocol").asText()).isEqualTo("zero_qkv_base");
        assertThat(json.path("max_relative_difference").asDouble()).isBetween(0.0, 1e-6);
        assertThat(json.path("cpu_ratio").asDouble()
                        * json.path("exact_cpu_seconds").asDouble())
                .isCloseTo(json.path("naive_cpu_seconds").asDouble(), within(1e-9));
        assertThat(json.path("screening_forwards").asDouble()).isBetween(0.5, 20.0);
        assertThat(json.path("pairs_per_second").asDouble()
                        * json.path("exact_wall_seconds").asDouble())
                .isCloseTo(3 * 4, within(1e-9));
        assertThat(json.has("gigaflop_per_cpu_second"))
                .as("of another protocol")
                .isFalse();
        assertThat(json.path("profile"))
                .anyMatch(kind -> kind.path("kind").asText().contains("MatMul"));
        assertThat(json.path("peers")).as("no peers on the class path").isEmpty();
    }

    @Test
    void ablationMeasuresAModelOfOneLayer() {
        SmallModel.writeOneLayer(directory.resolve("model").toString());
        Outcome outcome = Outcome.of(
                "bench", "ablation", "--model", directory.resolve("model").toString(), "--images", "2", "--json");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.json().path("gigaflop_per_cpu_second").asDouble()).isPositive();
    }

    @Test
    void forwardTellsItsRateBesideThatOfALargeMatrixProduct() {
        SmallModel.write(directory.resolve("model").toString(), List.of());
        Outcome outcome = Outcome.of(
                "bench", "forward", "--model", directory.resolve("model").toString(), "--batch", "2", "--json");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        JsonNode json = outcome.json();
        double rate =
                json.path("gigaflop").asDouble() * 1e3 / json.path("cpu_ms").asDouble();
        assertThat(json.path("gigaflop_per_cpu_second").asDouble()).isCloseTo(rate, within(1e-9));
        assertThat(json.path("product_gigaflop_per_cpu_second").asDouble()).isBetween(1.0, 10_000.0);
        assertThat(json.path("of_product").asDouble()).as("so small a model").isBetween(0.0, 0.5);
        assertThat(json.path("profile"))
                .anyMatch(kind -> kind.path("kind").asText().contains("MatMul")
                        && kind.path("calls").asInt() > 1
                        && kind.path("ms").asDouble() > 0);
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        Outcome outcome = Outcome.of("bench", "ablation", "--model", "none");
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .isEqualTo("chirplens: none: the model directory must exist, found no such directory\n");
    }

    private String peer(String body) throws IOException {
        Path script = directory.resolve("python");
        Files.writeString(script, "#!/bin/sh\n" + body + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script.toString();
    }
}
