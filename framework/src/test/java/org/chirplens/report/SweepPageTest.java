package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SweepPageTest {
    private static final double[] RANKS = {1, 2, 4, 8};

    private static String html(SweepData data) {
        return SweepPage.html(data, SweepFigures.draw(data));
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(
                        html.replace("<!DOCTYPE html>", "").getBytes(StandardCharsets.UTF_8)));
    }

    private static SweepTrial alone(String rank, String seed, double error) {
        return SampleSweep.trial(List.of(rank, seed), SweepTrial.DONE, error, 100, List.of());
    }

    @Test
    void meanAndSpreadAreThoseOfTheTrialsOfAValue() {
        SweepData data =
                SampleSweep.data("s", List.of(alone("4", "1", 0.1), alone("1", "1", 0.3), alone("4", "2", 0.3)));
        SweepAxis axis = SweepAxis.of(data).orElseThrow();
        assertThat(axis.title()).isEqualTo("rank");
        assertThat(axis.distinct()).containsExactly(1, 4);
        SweepStatistics statistics = new SweepStatistics(axis, new double[] {3, 10, 5});
        assertThat(statistics.group(1).mean()).isEqualTo(4);
        assertThat(statistics.group(1).std()).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(statistics.group(0).std()).isNaN();
        assertThat(statistics.pooledStd()).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(statistics.lowest()).isEqualTo(1);
    }

    @Test
    void aSeedIsTheAxisOnlyWhereThereIsNoOtherOfNumbers() {
        SweepTrial trial = new SweepTrial(
                "t", List.of("1", "cosine", "2"), SweepTrial.DONE, "", 1, 1, 1, 1, 1, 1, null, List.of(), null);
        List<String> axes = List.of("seed", "training.schedule", "training.learningRate");
        SweepData data = new SweepData("s", "", "", List.of(), List.of(), axes, List.of(trial));
        assertThat(SweepAxis.of(data).orElseThrow().title()).isEqualTo("learning rate");
        SweepData seeds = new SweepData(
                "s",
                "",
                "",
                List.of(),
                List.of(),
                axes.subList(0, 2),
                List.of(new SweepTrial(
                        "t", List.of("1", "cosine"), SweepTrial.DONE, "", 1, 1, 1, 1, 1, 1, null, List.of(), null)));
        assertThat(SweepAxis.of(seeds).orElseThrow().title()).isEqualTo("seed");
    }

    /** Seeds have no order, and several of them are what tells chance. */
    @Test
    void aSweepOverSeedsAloneTellsTheirSpread() {
        List<SweepTrial> trials = List.of(trial("1", 0.1), trial("2", 0.2), trial("3", 0.3));
        List<String> words = SweepWords.overview(new SweepData(
                "s", "", "", List.of(), SampleSweep.data("s", List.of()).targets(), List.of("seed"), trials));
        assertThat(words.get(1))
                .startsWith("Over 3 trials of different seeds the mean squared error")
                .contains(" ± ");
        assertThat(String.join(" ", words)).doesNotContain("best value", "several seeds would", "with the seed");
    }

    private static SweepTrial trial(String seed, double error) {
        SweepTrial of = alone("1", "1", error);
        return new SweepTrial(
                "seed-" + seed,
                List.of(seed),
                SweepTrial.DONE,
                "",
                9,
                2,
                1,
                Double.NaN,
                3,
                4,
                of.metrics(),
                List.of(),
                null);
    }

    @Test
    void aClearTrendAndTheAgreementOfSeedsAreSaid() {
        List<String> words = SweepWords.overview(SampleSweep.of(RANKS, 3, 4, 4));
        assertThat(words.get(0)).startsWith("The sweep has 12 trials (4 values of rank × 3 values of seed): 12 done.");
        assertThat(words.get(1))
                .contains(
                        "From rank 1 to 8", "its mean is lowest at rank 8", "the error falls with the rank more than");
        assertThat(words.get(words.size() - 1))
                .contains("12 pairs", "54 pairs", "the rank has a say in which heads matter.");
    }

    @Test
    void theBestValueIsChosenByTheValidationImagesWhereEveryTrialHasSome() {
        SweepTrial first = SampleSweep.validated(alone("1", "1", 0.5), 0.15);
        SweepTrial second = SampleSweep.validated(alone("2", "1", 0.25), 0.2);
        assertThat(SweepWords.overview(SampleSweep.data("s", List.of(first, second)))
                        .get(1))
                .contains("Chosen by the mean loss on the validation images", "the best value is rank 1 ")
                .contains("(validation loss 0.150); the error on the test images is 0.250 there.")
                .doesNotContain("its mean is lowest");
        assertThat(SweepWords.overview(SampleSweep.data("s", List.of(first, alone("2", "1", 0.25))))
                        .get(1))
                .contains("its mean is lowest at rank 2 with 0.0625")
                .doesNotContain("validation");
    }

    @Test
    void withoutRepetitionNothingIsClaimedAboutChance() {
        List<String> words = SweepWords.overview(SampleSweep.of(RANKS, 1, 2, 2));
        assertThat(words.get(1)).contains("one trial of each rank, so nothing tells how much of this is chance");
        assertThat(String.join(" ", words)).doesNotContain("has a say");
    }

    @Test
    void equalErrorsAreNoTrend() {
        List<SweepTrial> trials = new ArrayList<>();
        for (String rank : List.of("1", "2", "4")) {
            trials.add(alone(rank, "1", 0.2));
            trials.add(alone(rank, "2", 0.3));
        }
        assertThat(SweepWords.overview(SampleSweep.data("s", trials)).get(1))
                .contains("rank correlation of rank and error over the 6 trials is 0.00 (permutation p = 1)")
                .contains("no trend stands out from shuffled trials");
    }

    @Test
    void failedAndOpenTrialsAreListedButCountForNothingElse() throws Exception {
        List<SweepTrial> trials = new ArrayList<>(SampleSweep.of(RANKS, 2, 2, 2).trials());
        trials.add(SampleSweep.trial(List.of("16", "1"), SweepTrial.FAILED, 0, 0, List.of()));
        trials.add(SampleSweep.trial(List.of("16", "2"), "pending", 0, 0, List.of()));
        String html = html(SampleSweep.data("s", trials));
        Document page = parse(html);
        assertThat(html)
                .contains("8 done, 1 failed, 1 not finished", "<code>rank-16_seed-1</code>: the loss became NaN")
                .contains("href=\"trials/rank-8_seed-2/report.html\"")
                .contains("From rank 1 to 8");
        assertThat(page.getElementsByTagName("tr").getLength()).isEqualTo(1 + 10);
    }

    @Test
    void aSweepWithoutADoneTrialStillHasAPage() throws Exception {
        SweepData none = SampleSweep.data(
                "s", List.of(SampleSweep.trial(List.of("1", "1"), SweepTrial.FAILED, 0, 0, List.of())));
        assertThat(SweepFigures.draw(none)).isEmpty();
        assertThat(parse(html(none)).getElementsByTagName("p").item(2).getTextContent())
                .contains("no trial is done");
    }

    @Test
    void hostileNamesStayText() throws Exception {
        SweepTrial trial = new SweepTrial(
                SampleResults.HOSTILE,
                List.of(SampleResults.HOSTILE, "1"),
                SweepTrial.FAILED,
                SampleResults.HOSTILE,
                0,
                0,
                0,
                Double.NaN,
                0,
                0,
                null,
                List.of(),
                SampleResults.HOSTILE);
        String html = SweepPage.html(SampleSweep.data(SampleResults.HOSTILE, List.of(trial)), Map.of());
        assertThat(html).doesNotContain("<script>alert");
        assertThat(parse(html).getElementsByTagName("script").getLength()).isEqualTo(1);
    }
}
