package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.Npy;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.run.CsvTable;
import org.chirplens.figure.FigureRegion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code data regions} prints and writes, and its exit codes. */
class RegionsTest {
    private static final int REGIONS = FigureRegion.values().length;

    @TempDir
    private Path directory;

    private Path data = Path.of("");
    private Path out = Path.of("");

    @BeforeEach
    void generates() {
        data = directory.resolve("data");
        out = directory.resolve("out");
        Outcome generated =
                Outcome.of("generate", "--count", "4", "--seed", "3", "--pairs", "title", "--out", data.toString());
        assertThat(generated.code()).as(generated.err()).isEqualTo(ExitCode.DONE);
    }

    private Outcome regions(Path images, String... more) {
        return Outcome.of(java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("data", "regions", images.toString(), "--out", out.toString()),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new));
    }

    @Test
    void sharesOfAnImageAndPartsOfAPatchAddUpToOne() {
        Outcome outcome = regions(data, "--grid", "5");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out())
                .startsWith(data + ": 8 images\n")
                .contains("colour bar ticks")
                .endsWith("\n" + out + "\n");

        Map<String, Double> shares = new HashMap<>();
        Map<String, Double> pixels = new HashMap<>();
        CsvTable.read(out.resolve("regions.csv"), row -> {
            shares.merge(row.text("image"), row.number("share"), Double::sum);
            pixels.merge(row.text("image"), row.number("pixels"), Double::sum);
        });
        assertThat(shares).hasSize(8).allSatisfy((name, sum) -> assertThat(sum).isCloseTo(1, within(1e-9)));
        assertThat(pixels.values()).containsOnly(640.0 * 480);

        NumericArray masks = Npy.read(out.resolve("region_masks.npy"));
        assertThat(masks.shape()).containsExactly(8, REGIONS, 5, 5);
        for (int image = 0; image < 8; image++) {
            for (int patch = 0; patch < 25; patch++) {
                double sum = 0;
                for (int region = 0; region < REGIONS; region++) {
                    sum += masks.data()[(image * REGIONS + region) * 25 + patch];
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
        assertThat(out.resolve("figures/regions.png")).exists();
        assertThat(out.resolve("figures/regions.svg")).exists();
    }

    @Test
    void theJsonFileNamesTheAxesAndTheResultHasMeanShares() throws IOException {
        JsonNode result = regions(data, "--limit", "3", "--json").json();
        assertThat(result.path("images").asInt()).isEqualTo(3);
        double sum = 0;
        for (JsonNode share : result.path("mean_shares")) {
            sum += share.asDouble();
        }
        assertThat(sum).isCloseTo(1, within(1e-9));
        JsonNode axes = Json.read(out.resolve("regions.json"));
        assertThat(axes.path("grid").asInt()).isEqualTo(14);
        assertThat(axes.at("/regions/0").asText()).isEqualTo("chirp");
        assertThat(axes.path("regions")).hasSize(REGIONS);
        assertThat(axes.path("images")).hasSize(3);
        assertThat(axes.at("/images/2").asText()).isEqualTo("spectrogram_3.png");
        // The third image is one of the population, the second a counterfactual without title.
        Map<String, Double> titles = new HashMap<>();
        CsvTable.read(out.resolve("regions.csv"), row -> {
            if (row.text("region").equals("title")) {
                titles.put(row.text("image"), row.number("pixels"));
            }
        });
        assertThat(titles).hasSize(3).containsEntry("spectrogram_2.png", 0.0);
        assertThat(titles.get("spectrogram_3.png")).isPositive();
    }

    @Test
    void imagesThatAreNoChirpFiguresAreExitCode2AndLeaveNothing() throws IOException {
        Path config = directory.resolve("other.yaml");
        Files.writeString(
                config,
                "data: {source: images, directory: " + data
                        + ", filePattern: \"spectrogram_{i}.png\", targets: [{column: Chirp_Start_Time, name: start}]}\n");
        Outcome outcome = regions(config);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("regions need images that are figures of chirps");
        assertThat(out).doesNotExist();
        for (String[] words :
                List.of(new String[] {"--grid", "0"}, new String[] {"--limit", "-1"}, new String[] {"--redraw", "3"})) {
            assertThat(regions(data, words).code()).as(words[0]).isEqualTo(ExitCode.USAGE);
        }
        assertThat(Outcome.of("data", "regions", data.toString(), "more").err())
                .isEqualTo("chirplens: data regions takes one data set, found also 'more'\n");
    }

    @Test
    void aConfigMayDescribeTheFigures() throws IOException {
        Path config = directory.resolve("drawn.yaml");
        Files.writeString(config, "data: {source: generated, count: 20, seed: 1}\n");
        Outcome outcome = regions(config, "--limit", "0", "--json");
        assertThat(outcome.code()).as(outcome.err()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.json().path("images").asInt()).isEqualTo(20);
    }
}
