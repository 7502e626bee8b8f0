package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Interval;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ComparisonPageTest {
    private static final String HOSTILE = SampleResults.HOSTILE;

    @Test
    void hostileNamesStayText() throws Exception {
        ComparisonData data = SampleComparison.of(HOSTILE, HOSTILE, 3);
        String html = html(data);
        assertThat(html).doesNotContain("<script>alert");
        assertThat(parse(html).getElementsByTagName("h1").item(0).getTextContent())
                .isEqualTo((HOSTILE + " and " + HOSTILE).replace('\u0000', '\ufffd'));
        assertThat(html).isEqualTo(html(data));
    }

    @Test
    void thePageLoadsNothing() {
        String rest = html(SampleComparison.of("a", "b", 3)).replaceAll("xmlns(:xlink)?=\"[^\"]*\"", "");
        assertThat(rest).doesNotContain("http:", "https:", "//www", "@import", " src=", "<link");
    }

    @Test
    void protocolsThatBothHaveArePairedAndLoneOnesToo() {
        AblationResults mask = named("head_mask", 0, 1);
        AblationResults mean = named("mean", 0, 1);
        AblationResults released = named("released", 0, 1);
        assertThat(names(List.of(mask, mean), List.of(released, mean))).containsExactly("mean");
        assertThat(names(List.of(released), List.of(mask))).containsExactly("released-vs-head_mask");
        assertThat(names(List.of(released), List.of(mask, mean))).isEmpty();
        AblationResults larger = SampleResults.results(SampleResults.ablation(3, 2, 5));
        assertThat(names(List.of(mask), List.of(larger))).isEmpty();
        assertThatThrownBy(() -> new HeadComparison(mask, larger))
                .hasMessageContaining("head_mask of 1 layers of 2 heads and head_mask of 3 layers of 2 heads");
    }

    @Test
    void headsAreComparedByIncreaseOrderAndVerdict() {
        HeadComparison heads = new HeadComparison(named("mean", 50, -3, 5), named("mean", 10, 30, 7));
        assertThat(heads.differences()).containsExactly(-40, 33, 2);
        assertThat(heads.spearman()).isEqualTo(-0.5);
        assertThat(heads.byDifference()).containsExactly(new HeadId(0, 0), new HeadId(0, 1), new HeadId(0, 2));
        assertThat(heads.otherVerdicts()).containsExactly(new HeadId(0, 0), new HeadId(0, 1));
        assertThat(heads.count(Verdict.MATTERS, Verdict.OPEN)).isEqualTo(1);
        assertThat(heads.count(Verdict.HINDERS, Verdict.MATTERS)).isEqualTo(1);
        assertThat(heads.csv().lines())
                .hasSize(4)
                .contains("0,1,-3.0,-4.0,-2.0,0.04,hinders,30.0,29.0,31.0,0.01,matters,33.0")
                .startsWith(
                        "layer,head,loss_increase_percent_a,ci_low_percent_a,ci_high_percent_a,p_adjusted_a,verdict_a,"
                                + "loss_increase_percent_b,ci_low_percent_b,ci_high_percent_b,p_adjusted_b,verdict_b,"
                                + "difference_points");
    }

    @Test
    void headsWithoutANumberHaveNoPartInTheOrder() {
        HeadComparison heads = new HeadComparison(named("mean", Double.NaN, 2, 3), named("mean", 1, 2, 3));
        assertThat(heads.spearman()).isEqualTo(1);
        assertThat(heads.byDifference().get(2)).isEqualTo(new HeadId(0, 0));
        assertThat(heads.csv()).contains("\n0,0,,,,");
        assertThat(new HeadComparison(named("mean", 1, 1), named("mean", 1, 2)).spearman())
                .isNaN();
    }

    @Test
    void theTableOfHeadsHasBothSidesAndItsFile() throws Exception {
        ComparisonData data = SampleComparison.of("one", "two", 3);
        HeadComparison heads = data.heads().get(0);
        Element details =
                (Element) parse(html(data)).getElementsByTagName("details").item(0);
        NodeList tables = details.getElementsByTagName("table");
        NodeList rows = ((Element) tables.item(1)).getElementsByTagName("tr");
        assertThat(rows.getLength()).isEqualTo(1 + 6);
        NodeList cells = ((Element) rows.item(2)).getElementsByTagName("td");
        assertThat(cells.getLength()).isEqualTo(11);
        assertThat(cells.item(1).getTextContent()).isEqualTo("2");
        assertThat(cells.item(10).getTextContent()).isEqualTo(ComparisonWords.signed(heads.differences()[1]));
        Element link = (Element) details.getElementsByTagName("a").item(0);
        assertThat(link.getAttribute("download")).isEqualTo("heads_head_mask.csv");
        String href = link.getAttribute("href");
        assertThat(new String(
                        Base64.getDecoder().decode(href.substring(href.indexOf(',') + 1)), StandardCharsets.UTF_8))
                .isEqualTo(heads.csv());
    }

    @Test
    void metricsStandSideBySideWithTheirDifference() throws Exception {
        String page = parse(html(SampleComparison.of("one", "two", 3)))
                .getDocumentElement()
                .getTextContent();
        assertThat(page)
                .contains(
                        "On 300 test images of A and 300 of B the predictions are off on average: the start time by 2.00 s"
                                + " in A and 2.00 s in B (equal)")
                .contains("differ in one setting. The models differ, and so do the data")
                .contains("The difference has neither an interval nor a test here")
                .doesNotContain("significant");
        assertThat(ComparisonWords.difference(0.9512, 0.9321, 4, "")).isEqualTo("−0.0191");
        assertThat(ComparisonWords.difference(2.5, 12.25, 3, "Hz")).isEqualTo("+9.8 Hz");
        assertThat(ComparisonWords.difference(1, Double.NaN, 3, "Hz")).isEqualTo("–");
    }

    @Test
    void modelsOfOtherShapesAreComparedByTheirMetricsAlone() throws Exception {
        ComparisonData data = SampleComparison.of("one", "two", 4);
        assertThat(ComparisonFigures.draw(data)).isEmpty();
        assertThat(parse(html(data)).getDocumentElement().getTextContent())
                .contains(
                        "A has 2 layers of 3 heads, B 2 layers of 4 heads: heads of models that are built differently")
                .contains("How good the predictions are")
                .doesNotContain("All heads");
    }

    @Test
    void labelsAreCountedAndThoseThatDifferListed() throws Exception {
        ComparisonData data = SampleComparison.of("one", "two", 3);
        LabelComparison labels = data.labels();
        assertThat(labels.differing()).extracting(LabelComparison.Pair::id).containsExactly(new HeadId(0, 1));
        assertThat(labels.names(true)).containsExactly("chirp", "frame", "diffuse");
        assertThat(labels.counts().get("diffuse")).isEqualTo(Map.of("title", 1, "diffuse", 1));
        assertThat(labels.counts().get("frame")).isEqualTo(Map.of("chirp", 4, "frame", 4));
        assertThat(labels.csv()).contains("\n0,1,,diffuse,title,monosemantic\n");
        assertThat(parse(html(data)).getDocumentElement().getTextContent())
                .contains("named alike in both atlases for 5 of 6 heads, and differently for 1")
                .contains("Heads whose labels differ");
    }

    @Test
    void runsWithoutResultsStillHaveAPage() throws Exception {
        ComparisonData.Side empty =
                new ComparisonData.Side("empty", "", "", List.of(), Target.RELEASED, List.of(), List.of(), List.of());
        ComparisonData data = new ComparisonData(empty, empty, List.of(), "", "{}");
        assertThat(parse(html(data)).getDocumentElement().getTextContent()).contains("Their configs are the same");
    }

    private static String html(ComparisonData data) {
        return ComparisonPage.html(data, ComparisonFigures.draw(data));
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(List<AblationResults> a, List<AblationResults> b) {
        return HeadComparison.of(a, b).stream().map(HeadComparison::name).toList();
    }

    /** One layer of heads with these increases: large ones are certain, negative ones nearly so, others open. */
    private static AblationResults named(String protocol, double... increases) {
        int heads = increases.length;
        HeadAblation ablation = HeadAblation.of(
                protocol, 1, heads, new float[1][3], new float[][] {{1, 1, 1}}, new float[heads][1][3], 0);
        return new AblationResults(
                ablation,
                IntStream.range(0, heads)
                        .mapToObj(i -> new AblationResults.Effect(
                                increases[i],
                                new Interval(increases[i] - 1, increases[i] + 1),
                                increases[i] > 20 ? 0.01 : increases[i] < 0 ? 0.04 : 0.5))
                        .toList(),
                List.of(),
                "");
    }
}
