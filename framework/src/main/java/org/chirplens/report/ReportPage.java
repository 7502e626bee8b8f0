package org.chirplens.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
        head();
        out.append("<body>\n<main>\n");
        header();
        contents();
        overview();
        figures();
        heads();
        reproduction();
        out.append("</main>\n<script>\n" + resource("report.js") + "</script>\n</body>\n</html>\n");
        return out.toString();
    }

    private void head() {
        out.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n")
                .append("<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
                // The page needs nothing from outside; the browser is told to fetch nothing.
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;")
                .append(" style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n")
                .append("<title>" + HtmlText.escape(data.name()) + " · ChirpLens report</title>\n")
                .append("<style>\n" + resource("report.css") + "</style>\n</head>\n");
    }

    private void header() {
        out.append(
                "<header>\n<p class=\"kicker\">ChirpLens report</p>\n<h1>" + HtmlText.escape(data.name()) + "</h1>\n");
        if (!data.facts().isEmpty()) {
            out.append("<dl class=\"facts\">\n");
            for (ReportData.Fact fact : data.facts()) {
                out.append("<div><dt>" + HtmlText.escape(fact.name()) + "</dt><dd>" + HtmlText.escape(fact.value())
                        + "</dd></div>\n");
            }
            out.append("</dl>\n");
        }
        out.append("</header>\n");
    }

    private void contents() {
        List<String> entries = new ArrayList<>(List.of("<a href=\"#overview\">Overview</a>"));
        for (int i = 0; i < data.figures().size(); i++) {
            entries.add("<a href=\"#figures-" + (i + 1) + "\">"
                    + HtmlText.escape(data.figures().get(i).title()) + "</a>");
        }
        if (!data.ablations().isEmpty()) {
            entries.add("<a href=\"#heads\">All heads</a>");
        }
        entries.add("<a href=\"#repeat\">Repeat this run</a>");
        out.append("<nav aria-label=\"Contents\">\n" + String.join("\n", entries) + "\n</nav>\n");
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

    private void figures() {
        int number = 0;
        for (int i = 0; i < data.figures().size(); i++) {
            ReportData.FigureGroup group = data.figures().get(i);
            out.append("<section id=\"figures-" + (i + 1) + "\">\n<h2>" + HtmlText.escape(group.title()) + "</h2>\n");
            for (Figure figure : group.figures()) {
                number++;
                out.append("<figure>\n<div class=\"card\">\n" + SvgFile.of(figure, "f" + number + "-"))
                        .append("</div>\n<figcaption><b>Figure " + number + ". " + HtmlText.escape(figure.title())
                                + ".</b> ")
                        .append(HtmlText.escape(figure.caption()) + "</figcaption>\n</figure>\n");
            }
            out.append("</section>\n");
        }
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

    private void reproduction() {
        out.append("<section id=\"repeat\">\n<h2>Repeat this run</h2>\n<pre><code>"
                        + HtmlText.escape(data.commandLine()) + "</code></pre>\n")
                .append("<details>\n<summary>Manifest: configuration, seeds, versions, device, hashes</summary>\n<pre>")
                .append(HtmlText.escape(data.manifestJson()) + "</pre>\n</details>\n</section>\n");
    }

    private static String resource(String name) {
        try (InputStream stream = ReportPage.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
