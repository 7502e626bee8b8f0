package org.chirplens.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.chirplens.file.WholeFile;

/** Two runs side by side as one HTML file that opens offline, in the style of {@link ReportPage}. */
public final class ComparisonPage {
    private static final String LAST = "Repeat this comparison";

    private final ComparisonData data;
    private final List<HeadComparison> heads;
    private final LabelComparison labels;
    private final StringBuilder out = new StringBuilder();

    private ComparisonPage(ComparisonData data) {
        this.data = data;
        this.heads = data.heads();
        this.labels = data.labels();
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param figures by topic, see {@link ComparisonFigures#draw}
     * @throws java.io.UncheckedIOException when it cannot be written; the message names the file
     */
    public static void save(Path file, ComparisonData data, Map<String, Map<String, Figure>> figures) {
        WholeFile.writeText(file, html(data, figures));
    }

    /** The page's text. */
    static String html(ComparisonData data, Map<String, Map<String, Figure>> figures) {
        return new ComparisonPage(data).page(ReportData.FigureGroup.of(figures));
    }

    private String page(List<ReportData.FigureGroup> figures) {
        HtmlParts.start(
                out,
                "ChirpLens comparison",
                data.a().name() + " and " + data.b().name(),
                List.of(),
                "");
        List<String> after = new ArrayList<>();
        if (!heads.isEmpty()) {
            after.add("<a href=\"#heads\">All heads</a>");
        }
        if (!labels.heads().isEmpty()) {
            after.add("<a href=\"#labels\">What heads look at</a>");
        }
        HtmlParts.contents(out, List.of(), figures, after, LAST);
        overview();
        HtmlParts.figures(out, figures);
        heads();
        labels();
        HtmlParts.end(out, LAST, data.commandLine(), data.manifestsJson(), List.of("tables.js"));
        return out.toString();
    }

    private void overview() {
        out.append("<section id=\"overview\">\n<h2>Overview</h2>\n");
        ComparisonWords.overview(data).forEach(this::paragraph);
        out.append("<h3>What was run</h3>\n");
        ComparisonTables.facts(out, data);
        if (!data.settings().isEmpty()) {
            out.append("<h3>Settings that differ</h3>\n");
            ComparisonTables.settings(out, data.settings());
        }
        if (!data.a().scores().isEmpty() || !data.b().scores().isEmpty()) {
            out.append("<h3>How good the predictions are</h3>\n");
            ComparisonTables.scores(out, data);
            paragraph(ComparisonWords.reading(data));
        }
        if (!heads.isEmpty()) {
            out.append("<h3>Which heads matter</h3>\n");
            paragraph(
                    "By protocol: images, the loss of each whole model, how many heads matter, how many are judged"
                            + " differently, and Spearman’s rank correlation of the heads’ loss increases. Another verdict is no test"
                            + " of a difference: a head may matter in one run and be open in the other with effects that are alike.");
            ComparisonTables.protocols(out, heads);
        }
        out.append("</section>\n");
    }

    private void heads() {
        if (heads.isEmpty()) {
            return;
        }
        out.append("<section id=\"heads\">\n<h2>All heads</h2>\n");
        paragraph(
                "Increases are relative to the loss of each run’s whole model, and B − A is their difference in percentage"
                        + " points. Intervals (95 %) and p-values (adjusted over all heads) are of each run by itself, over its images."
                        + " Select a column’s title to sort by it; the filter knows layers, heads, verdicts, and “differs” for heads"
                        + " that the two judge differently. The file has all digits, and counts layers and heads from 0.");
        for (int i = 0; i < heads.size(); i++) {
            HeadComparison pair = heads.get(i);
            out.append("<details" + (i == 0 ? " open=\"\"" : "") + ">\n<summary>Protocol <code>"
                    + HtmlText.escape(pair.title()) + "</code></summary>\n");
            paragraph(ComparisonWords.heads(pair));
            ComparisonTables.verdicts(out, pair);
            // The filter is of the table within the same element.
            out.append("<div>\n");
            ReportTables.tools(out, "heads_" + pair.name() + ".csv", pair.csv(), "layer 3, differs");
            ComparisonTables.allHeads(out, pair);
            out.append("</div>\n</details>\n");
        }
        out.append("</section>\n");
    }

    private void labels() {
        if (labels.heads().isEmpty()) {
            return;
        }
        out.append("<section id=\"labels\">\n<h2>What heads look at</h2>\n");
        paragraph(
                "How many heads the atlas of A names after one thing and that of B after another; those that both name"
                        + " alike are in bold type. A head with several labels counts for each. Diffuse heads look at everything"
                        + " alike; of unclear ones nothing certain can be said.");
        ComparisonTables.labels(out, labels);
        if (labels.differing().isEmpty()) {
            paragraph("Every head is named alike in both.");
        } else {
            out.append("<h3>Heads whose labels differ</h3>\n");
            ComparisonTables.otherLabels(out, labels.differing());
        }
        out.append("</section>\n");
    }

    private void paragraph(String text) {
        out.append("<p>" + HtmlText.escape(text) + "</p>\n");
    }
}
