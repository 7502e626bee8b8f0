package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.run.CsvTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The head atlas of the shipped model, which has heads that follow the chirp, and what the command refuses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AtlasTest {
    private static final int HEADS = 144;
    private static final int IMAGES = 12;

    private final Path directory;
    private final Path tables;
    private String printed = "";

    AtlasTest(@TempDir Path directory) {
        this.directory = directory;
        tables = directory.resolve("out/atlas");
    }

    @BeforeAll
    void looks() throws IOException {
        Outcome done = atlas("out", config("images.yaml", "{source: generated, count: " + IMAGES + ", seed: 3}"));
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.DONE);
        printed = done.out();
    }

    private String config(String name, String data) throws IOException {
        return Files.writeString(directory.resolve(name), "data: " + data + "\n")
                .toString();
    }

    private Outcome atlas(String out, String data, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "atlas",
                "--model",
                "../savedmodels/chirp-vit",
                "--data",
                data,
                "--out",
                directory.resolve(out).toString()));
        words.addAll(List.of(more));
        return Outcome.of(words.toArray(String[]::new));
    }

    @Test
    void someHeadsFollowTheChirpAndLoseItWhenItMoves() {
        List<String> chirp = new ArrayList<>();
        CsvTable.read(tables.resolve("heads.csv"), row -> {
            if (row.text("labels").equals("chirp")) {
                chirp.add(row.text("layer") + "." + row.text("head"));
                assertThat(row.text("specialisation")).isEqualTo("monosemantic");
                assertThat(row.number("chirp_auc_low")).isGreaterThan(0.5);
            }
        });
        assertThat(chirp).hasSizeGreaterThanOrEqualTo(3);
        List<String> tested = new ArrayList<>();
        CsvTable.read(tables.resolve("removal.csv"), row -> {
            if (row.text("region").equals("chirp")) {
                tested.add(row.text("layer") + "." + row.text("head"));
                assertThat(row.text("factor")).isEqualTo("start_time");
                assertThat(row.text("holds")).isEqualTo("true");
            }
        });
        assertThat(tested).containsAll(chirp);
        assertThat(printed).contains("chirp", "monosemantic", "two halves of the images");
    }

    @Test
    void everyHeadHasItsEvidenceForEveryLabel() {
        List<String> rows = new ArrayList<>();
        CsvTable.read(tables.resolve("labels.csv"), row -> {
            rows.add(row.text("label"));
            assertThat(row.number("share")).isBetween(0.0, 1.0);
            if (row.text("given").equals("true")) {
                assertThat(row.number("share_low")).isGreaterThan(0.1);
                assertThat(row.number("share_low")).isGreaterThan(row.number("null_untrained"));
            }
        });
        assertThat(rows).hasSize(HEADS * 10);
        List<Double> shares = new ArrayList<>();
        CsvTable.read(tables.resolve("parts.csv"), row -> shares.add(row.number("share")));
        assertThat(shares).hasSize(HEADS * 19);
    }

    @Test
    void changesAgainstTheBackboneAreTold() {
        List<Double> changes = new ArrayList<>();
        CsvTable.read(tables.resolve("heads.csv"), row -> changes.add(row.number("change")));
        assertThat(changes)
                .hasSize(HEADS)
                .as("adapters on queries change every head")
                .allMatch(change -> change > 0 && change < 1);
    }

    @Test
    void theSummaryIsWhatJsonPrints() throws IOException {
        Outcome json = atlas(
                "json", config("few.yaml", "{source: generated, count: 4, seed: 3}"), "--json", "--reading", "cls");
        assertThat(json.code()).as(json.err()).isEqualTo(ExitCode.DONE);
        JsonNode summary = json.json();
        assertThat(summary).isEqualTo(Json.read(directory.resolve("json/atlas/summary.json")));
        assertThat(summary.path("images").asInt()).isEqualTo(4);
        assertThat(summary.path("reading").asText()).isEqualTo("cls");
    }

    @Test
    void tooFewImagesAreRefused() throws IOException {
        Outcome few = atlas("few", config("three.yaml", "{source: generated, count: 3, seed: 3}"));
        assertThat(few.code()).isEqualTo(ExitCode.USAGE);
        assertThat(few.err()).contains("the head atlas needs at least 4 images, found 3");
    }

    @Test
    void anUnknownReadingIsRefused() throws IOException {
        Outcome unknown = atlas("x", config("y.yaml", "{source: generated, count: 4}"), "--reading", "mean");
        assertThat(unknown.code()).isEqualTo(ExitCode.USAGE);
        assertThat(unknown.err()).contains("must be one of patch_queries, cls, found \"mean\"");
    }
}
