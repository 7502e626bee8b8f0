package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.run.CsvTable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The tables of {@code attribute} for a small model of random weights and six figures. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttributeTest {
    private static final int HEADS = 4;
    private static final int IMAGES = 6;

    private final Path directory;
    private final Path tables;

    AttributeTest(@TempDir Path directory) {
        this.directory = directory;
        tables = directory.resolve("out/attribution");
    }

    @BeforeAll
    void attributes() {
        SmallModel.write(directory.resolve("model").toString(), List.of());
        Outcome drawn = Outcome.of(
                "generate",
                "--count",
                String.valueOf(IMAGES),
                "--seed",
                "4",
                "--out",
                directory.resolve("chirps").toString());
        assertThat(drawn.code()).as(drawn.err()).isEqualTo(ExitCode.DONE);
        Outcome done = attribute("out");
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCode.DONE);
        assertThat(done.out()).startsWith(tables.toString());
    }

    private Outcome attribute(String out, String... more) {
        List<String> words = new ArrayList<>(List.of(
                "attribute",
                "--threads",
                "1",
                "--model",
                directory.resolve("model").toString(),
                "--data",
                directory.resolve("chirps").toString(),
                "--out",
                directory.resolve(out).toString(),
                "--heads",
                "3",
                "--pairs",
                "5"));
        words.addAll(List.of(more));
        if (!words.contains("--factors")) {
            words.addAll(List.of("--factors", "start_time,title"));
        }
        return Outcome.of(words.toArray(String[]::new));
    }

    private static List<String> column(Path table, String name) {
        List<String> cells = new ArrayList<>();
        CsvTable.read(table, row -> cells.add(row.text(name)));
        return cells;
    }

    private List<Double> numbers(String table, String name) {
        return column(tables.resolve(table), name).stream().map(Double::valueOf).toList();
    }

    /** Predictions are read back from their table, in seconds and Hz of float32: 1e-6 is some times the rounding. */
    @Test
    void exactIncreasesAreThoseOfTheAblation() {
        List<String> losses = column(directory.resolve("out/ablation/mean_per_position.csv"), "loss");
        List<String> baselines = column(directory.resolve("out/ablation/mean_per_position.csv"), "baseline_loss");
        List<Double> screened = numbers("screening.csv", "exact_loss_increase");
        List<Double> total = numbers("direct.csv", "loss_increase_total");
        assertThat(screened).hasSize(HEADS);
        for (int head = 0; head < HEADS; head++) {
            double increase = Double.parseDouble(losses.get(head)) - Double.parseDouble(baselines.get(head));
            assertThat(screened.get(head)).isCloseTo(increase, within(1e-6));
            assertThat(total.get(head)).isCloseTo(increase, within(1e-6));
        }
    }

    @Test
    void selfRepairIsWhatTheOwnPathWouldHaveCostMore() {
        List<Double> total = numbers("direct.csv", "loss_increase_total");
        List<Double> frozen = numbers("direct.csv", "loss_increase_direct_frozen");
        List<Double> repaired = numbers("direct.csv", "self_repair");
        for (int head = 0; head < HEADS; head++) {
            assertThat(repaired.get(head)).isCloseTo(frozen.get(head) - total.get(head), within(1e-9));
        }
        hasIntervals("direct.csv", "self_repair");
    }

    @Test
    void theLensEndsAtTheModelsOwnPrediction() {
        assertThat(column(tables.resolve("lens.csv"), "layers"))
                .containsExactly("0", "0", "0", "1", "1", "1", "2", "2", "2");
        assertThat(numbers("lens.csv", "distance_to_final").subList(6, 9)).containsOnly(0.0);
        assertThat(numbers("lens.csv", "rmse")).allMatch(rmse -> rmse > 0);
    }

    @Test
    void threeHeadsHaveThreePairsWithAnIntervalEach() {
        List<Double> interaction = numbers("pairs.csv", "interaction");
        assertThat(interaction).hasSize(3);
        for (int pair = 0; pair < 3; pair++) {
            double expected = numbers("pairs.csv", "joint_loss_increase").get(pair)
                    - numbers("pairs.csv", "sum_of_both").get(pair);
            assertThat(interaction.get(pair)).isCloseTo(expected, within(1e-12));
        }
        hasIntervals("pairs.csv", "interaction");
    }

    private void hasIntervals(String table, String column) {
        List<Double> values = numbers(table, column);
        List<Double> low = numbers(table, "ci_low");
        List<Double> high = numbers(table, "ci_high");
        for (int row = 0; row < values.size(); row++) {
            assertThat(values.get(row)).isBetween(low.get(row), high.get(row));
        }
    }

    /** Whatever the order, no head ablated and all ablated are the same two models. */
    @Test
    void cumulativeCurvesBeginAndEndTogether() {
        List<String> sizes = column(tables.resolve("cumulative.csv"), "heads_ablated");
        List<Double> losses = numbers("cumulative.csv", "loss");
        assertThat(sizes.subList(0, 5)).containsExactly("0", "1", "2", "3", "4");
        for (int at = 0; at < sizes.size(); at += 5) {
            assertThat(losses.get(at)).isEqualTo(losses.get(0));
            assertThat(losses.get(at + 4)).isCloseTo(losses.get(4), within(1e-6));
        }
    }

    @Test
    void patchingHasBothDirectionsOfEachFactorForHeadsAndLayers() {
        int rowsOfOneDirection = 3 * (HEADS + 2);
        assertThat(column(tables.resolve("patching.csv"), "factor")).hasSize(2 * 2 * rowsOfOneDirection);
        assertThat(column(tables.resolve("patching.csv"), "head")).contains("all", "0", "1");
        assertThat(numbers("patching.csv", "mean_difference")).allMatch(difference -> difference > 0);
        hasIntervals("patching.csv", "carried");
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws IOException {
        Path lens = tables.resolve("lens.csv");
        Path screening = tables.resolve("screening.csv");
        byte[] before = Files.readAllBytes(screening);
        FileTime longAgo = FileTime.from(Instant.EPOCH);
        Files.setLastModifiedTime(lens, longAgo);
        Files.delete(screening);
        Outcome again = attribute("out");
        assertThat(again.code()).as(again.err()).isEqualTo(ExitCode.DONE);
        assertThat(again.err()).contains("lens: done before").doesNotContain("screening: done before");
        assertThat(Files.getLastModifiedTime(lens)).isEqualTo(longAgo);
        assertThat(Files.readAllBytes(screening)).isEqualTo(before);
    }

    @Test
    void resultsOfOtherImagesAreNotTakenForThese() {
        Outcome fewer = attribute("out", "--limit", "3");
        assertThat(fewer.code()).isEqualTo(ExitCode.USAGE);
        assertThat(fewer.err()).contains("holds results with images 6, and 3 is asked for");
    }

    @Test
    void resultsByAnotherProtocolAreNoticedBeforeHeadsAreAblated() {
        Outcome other = attribute("out", "--protocol", "mean");
        assertThat(other.code()).isEqualTo(ExitCode.USAGE);
        assertThat(other.err()).contains("holds results with protocol mean_per_position, and mean is asked for");
        assertThat(directory.resolve("out/ablation/mean.csv")).doesNotExist();
    }

    @Test
    void anAblationOfOtherImagesIsNotTakenForThatOfThese() {
        Outcome ablated = Outcome.of(
                "ablate",
                "--model",
                directory.resolve("model").toString(),
                "--data",
                directory.resolve("chirps").toString(),
                "--protocol",
                "mean_per_position",
                "--limit",
                "5",
                "--out",
                directory.resolve("five").toString());
        assertThat(ablated.code()).as(ablated.err()).isEqualTo(ExitCode.DONE);
        Outcome attributed = attribute("five", "--limit", "4");
        assertThat(attributed.code()).isEqualTo(ExitCode.USAGE);
        assertThat(attributed.err()).contains("holds results with images 5, and 4 is asked for");
    }

    @Test
    void protocolsAnalysesAndFactorsThatDoNotFitAreRefused() {
        Outcome protocol = attribute("none", "--protocol", "resample");
        assertThat(protocol.code()).isEqualTo(ExitCode.USAGE);
        assertThat(protocol.err()).contains("needs no other image and zeroes no rows, found 'resample'");
        Outcome rows = attribute("none", "--protocol", "zero_qkv_base");
        assertThat(rows.code()).isEqualTo(ExitCode.USAGE);
        Outcome analysis = attribute("none", "--analysis", "lense");
        assertThat(analysis.code()).isEqualTo(ExitCode.USAGE);
        assertThat(analysis.err()).contains("--analysis must be one of screening, direct", "found 'lense'");
        Outcome factor = attribute("none", "--factors", "start");
        assertThat(factor.code()).isEqualTo(ExitCode.USAGE);
        assertThat(factor.err()).contains("found \"start\"");
        assertThat(directory.resolve("none")).doesNotExist();
    }
}
