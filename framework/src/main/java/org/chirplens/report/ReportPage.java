package org.chirplens.report;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.analysis.HeadAblation;

/**
 * The report of a run as one HTML file that opens offline: no network, no other files, figures inline. The page is
 * well-formed XML too, so that any parser can check it.
 */
public final class ReportPage {
    private final ReportData data;
    private final StringBuilder out = new StringBuilder();

    private ReportPage(ReportData data) {
        this.data = data;
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @throws UncheckedIOException when it cannot be written; the message names the file
     */
    public static void save(Path file, ReportData data) {
        WholeFile.write(file, html(data).getBytes(StandardCharsets.UTF_8));
    }

    /** The page's text. */
    public static String html(ReportData data) {
        return new ReportPage(data).page();
    }

    private String page() {
        HtmlParts.start(out, "ChirpLens report", data.name(), data.facts());
        contents();
        overview();
        HtmlParts.figures(out, data.figures());
        heads();
        HtmlParts.end(out, "Repeat this run", data.commandLine(), data.manifestJson());
        return out.toString();
    }

    private void contents() {
        List<String> extra = data.ablations().isEmpty() ? List.of() : List.of("<a href=\"#heads\">All heads</a>");
        HtmlParts.contents(out, data.figures(), extra, "Repeat this run");
    }

    private void overview() {
        out.append("<section id=\"overview\">\n<h2>Overview</h2>\n");
        for (String paragraph : ReportWords.overview(data)) {
            out.append("<p>" + HtmlText.escape(paragraph) + "</p>\n");
        }
        if (!data.scores().isEmpty()) {
            out.append("<h3>How good the predictions are</h3>\n");
            ReportTables.scores(out, data.targets(), data.scores());
            if (data.scores().stream()
                    .anyMatch(scores -> scores.intervals().mse().isDefined())) {
                out.append("<p>In brackets, 95 % confidence intervals over images (BCa bootstrap): what other images of"
                        + " the same kind may give for this model. R² is 1 − SSE/SST.</p>\n");
            }
        }
        if (!data.ablations().isEmpty()) {
            out.append("<h3>Which heads matter</h3>\n");
            ReportTables.protocols(out, data.ablations());
            HeadAblation first = data.ablations().get(0);
            out.append("<p>The heads whose ablation costs the most, by protocol <code>"
                    + HtmlText.escape(first.protocol()) + "</code>:</p>\n");
            ReportTables.topHeads(out, first, 10);
        }
        out.append("</section>\n");
    }

    private void heads() {
        if (data.ablations().isEmpty()) {
            return;
        }
        out.append("<section id=\"heads\">\n<h2>All heads</h2>\n")
                .append(
                        "<p>Losses are mean squared errors of standardised labels; the columns on the right split the loss")
                .append(" by target. Select a column’s title to sort by it.</p>\n");
        for (int i = 0; i < data.ablations().size(); i++) {
            HeadAblation ablation = data.ablations().get(i);
            out.append("<details" + (i == 0 ? " open=\"\"" : "") + ">\n<summary>Protocol <code>"
                    + HtmlText.escape(ablation.protocol()) + "</code>, " + ablation.labels().length
                    + " images</summary>\n");
            ReportTables.allHeads(out, data.targets(), ablation);
            out.append("</details>\n");
        }
        out.append("</section>\n");
    }
}
