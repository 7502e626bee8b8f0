package org.chirplens.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.training.EpochRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ReportPageTest {
    private static ReportData data(String name) {
        HeadAblation ablation = SampleResults.ablation(2, 3, 30);
        HeadAblation hostile = ablation.against(ablation.labels(), name);
        List<EpochRecord> history = SampleResults.history(5);
        Figure samples =
                SampleGrid.draw(List.of(new SampleGrid.Sample(SampleResults.chirp(1), name, List.of(name))), name);
        return new ReportData(
                name,
                "./chirplens run " + name,
                "{\"name\": \"" + name + "\"}",
                List.of(new ReportData.Fact(name, name)),
                List.of(new Target("a", name, name), Target.START_FREQUENCY, Target.END_FREQUENCY),
                List.of(new ReportData.Scores(name, history.get(4).validation(), SampleResults.intervals())),
                history,
                List.of(SampleResults.results(ablation), SampleResults.results(hostile)),
                SampleResults.attention(2, 3, 4, 2, List.of(name, "other")),
                SampleResults.profiles(ablation, List.of(name, "chirp")),
                List.of(new ReportData.FigureGroup(name, List.of(samples, LossIncreaseHeatMap.draw(hostile)))));
    }

    @Test
    void labelsAreShownBesideWhatTheirHeadsDo() {
        String page = ReportPage.html(data("run"));
        assertThat(page).contains("Are the heads of a label the ones that matter?", "<td class=\"text\">chirp</td>");
    }

    @Test
    void hostileNamesStayText() throws Exception {
        String html = ReportPage.html(data(SampleResults.HOSTILE));
        Document page = parse(html);
        assertThat(html).doesNotContain("<script>alert");
        assertThat(page.getElementsByTagName("script").getLength()).isEqualTo(2);
        JsonNode json = new ObjectMapper().readTree(text(page, "script"));
        assertThat(json.at("/attention/readings/0").asText()).isEqualTo(SampleResults.HOSTILE);
        assertThat(json.at("/profiles/0/label").asText()).isEqualTo(SampleResults.HOSTILE);
        assertThat(text(page, "h1")).isEqualTo(SampleResults.HOSTILE.replace('\u0000', '\ufffd'));
    }

    @Test
    void scoresHaveTheirIntervalsBesideThem() throws Exception {
        NodeList cells = ((Element) parse(ReportPage.html(data("quick")))
                        .getElementsByTagName("tbody")
                        .item(0))
                .getElementsByTagName("td");
        assertThat(cells.item(4).getTextContent()).isEqualTo("3.00 quick");
        assertThat(cells.item(6).getTextContent()).isEqualTo("0.6518 [0.1000, 0.2500]");
        assertThat(cells.item(8).getTextContent()).isEqualTo("4.00 Hz [0.10, 0.25]");
        assertThat(cells.item(9).getTextContent()).isEqualTo("5.00 Hz");
    }

    @Test
    void thePageLoadsNothing() {
        String html = ReportPage.html(data("quick"));
        String rest = html.replaceAll("xmlns(:xlink)?=\"[^\"]*\"", "");
        assertThat(rest).doesNotContain("http:", "https:", "//www", "@import", " src=", "<link");
        assertThat(rest.replaceAll("(xlink:)?href=\"#[^\"]*\"", "").replaceAll("href=\"data:", ""))
                .doesNotContain("href=");
        assertThat(html).contains("script-src 'unsafe-inline'\"");
    }

    @Test
    void idsAreUniqueAndEveryLinkHasATarget() throws Exception {
        Document page = parse(ReportPage.html(data("quick")));
        List<String> ids = attributes(page, "id");
        assertThat(ids).doesNotHaveDuplicates();
        List<String> links = new ArrayList<>(attributes(page, "href"));
        links.addAll(attributes(page, "xlink:href"));
        assertThat(links.stream().filter(link -> link.startsWith("#")).map(link -> link.substring(1)))
                .isNotEmpty()
                .isSubsetOf(ids);
    }

    @Test
    void theTableOfHeadsHasEveryHeadCountedFromOne() throws Exception {
        ReportData data = data("quick");
        NodeList rows = ((Element) parse(ReportPage.html(data))
                        .getElementsByTagName("details")
                        .item(0))
                .getElementsByTagName("tr");
        assertThat(rows.getLength()).isEqualTo(1 + 6);
        NodeList last = ((Element) rows.item(6)).getElementsByTagName("td");
        assertThat(last.item(0).getTextContent()).isEqualTo("2");
        assertThat(last.item(1).getTextContent()).isEqualTo("3");
        HeadAblation ablation = data.ablations().get(0).ablation();
        assertThat(Double.parseDouble(((Element) last.item(3)).getAttribute("data-value")))
                .isEqualTo(ablation.lossIncreasePercent(ablation.heads().get(5)));
    }

    @Test
    void aRunWithoutResultsStillHasAReport(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("report.html");
        ReportPage.save(
                file,
                new ReportData(
                        "empty",
                        "./chirplens run x",
                        "{}",
                        List.of(),
                        Target.RELEASED,
                        List.of(),
                        List.of(),
                        List.of(),
                        AttentionReadings.NONE,
                        List.of(),
                        List.of()));
        assertThat(folder.resolve("report_files")).doesNotExist();
        assertThat(text(parse(Files.readString(file)), "h1")).isEqualTo("empty");
    }

    @Test
    void theWordsSayHowCertainTheyAre() {
        List<String> words = ReportWords.overview(data("quick"));
        AblationResults results = data("quick").ablations().get(0);
        assertThat(String.join(" ", words))
                .contains("Each of the 6 heads (2 layers of 3) was ablated under 2 protocols, on 30 images")
                .contains(results.count(Verdict.MATTERS) + " of 6 heads matter")
                .contains(
                        "With 95 % intervals: layer 2, head 2 (+161 % [112, 211], adjusted p < 0.001); layer 2, head 3")
                .contains("The loss is 0.0552 with all heads, 0.144 without layer 2, head 2")
                .doesNotContain("is not settled");
    }

    @Test
    void aTableOfHeadsIsDownloadedAsItsFile() throws Exception {
        String link = attributes(parse(ReportPage.html(data("quick"))), "href").stream()
                .filter(href -> href.startsWith("data:"))
                .findFirst()
                .orElseThrow();
        byte[] bytes = Base64.getDecoder().decode(link.substring(link.indexOf(',') + 1));
        assertThat(new String(bytes, StandardCharsets.UTF_8))
                .isEqualTo(data("quick").ablations().get(0).csv());
    }

    @Test
    void sixteenImagesOfTheLargestModelFitIntoThePage(@TempDir Path folder) throws Exception {
        assertThat(size(folder, 16)).isLessThan(3_000_000);
        assertThat(folder.resolve("report_files")).doesNotExist();
    }

    @Test
    void furtherImagesAreBesideThePage(@TempDir Path folder) throws Exception {
        assertThat(size(folder, 64)).isLessThan(3_000_000);
        try (Stream<Path> files = Files.list(folder.resolve("report_files"))) {
            assertThat(files.map(file -> String.valueOf(file.getFileName())))
                    .hasSize(48)
                    .contains("image-017.js", "image-064.js");
        }
        assertThat(Files.size(folder.resolve("report_files/image-064.js"))).isLessThan(120_000);
        assertThat(size(folder, 17)).isLessThan(3_000_000);
        try (Stream<Path> files = Files.list(folder.resolve("report_files"))) {
            assertThat(files).as("those of the page before are gone").hasSize(1);
        }
    }

    /** Bytes of a page of ViT-B/16: 144 heads, maps of 14 x 14 patches. */
    private static long size(Path folder, int images) throws Exception {
        Path file = folder.resolve("report.html");
        HeadAblation ablation = SampleResults.ablation(12, 12, 40);
        ReportPage.save(
                file,
                new ReportData(
                        "large",
                        "./chirplens run x",
                        "{}",
                        List.of(),
                        Target.RELEASED,
                        List.of(),
                        List.of(),
                        List.of(SampleResults.results(ablation), SampleResults.results(ablation)),
                        SampleResults.attention(12, 12, 14, images, List.of("averaged")),
                        List.of(),
                        List.of()));
        long bytes = Files.size(file);
        System.err.println("144 heads x " + images + " images: the page has " + bytes + " bytes");
        return bytes;
    }

    @Test
    void equalInputGivesEqualBytes() {
        assertThat(ReportPage.html(data("quick"))).isEqualTo(ReportPage.html(data("quick")));
    }

    private static Document parse(String html) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(html.getBytes(StandardCharsets.UTF_8)));
    }

    private static String text(Document page, String tag) {
        return page.getElementsByTagName(tag).item(0).getTextContent();
    }

    private static List<String> attributes(Document page, String name) {
        NodeList all = page.getElementsByTagName("*");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element element = (Element) all.item(i);
            if (element.hasAttribute(name)) {
                values.add(element.getAttribute(name));
            }
        }
        return values;
    }
}
