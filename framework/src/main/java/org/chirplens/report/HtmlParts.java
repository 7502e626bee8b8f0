package org.chirplens.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The parts that every report page has: head and facts, contents, figures, and how to repeat what was done. */
final class HtmlParts {
    private HtmlParts() {}

    /**
     * Everything up to the facts.
     *
     * @param scripts where scripts may come from beside those in the page, as sources of a content security policy; may be empty
     */
    static void start(StringBuilder out, String kind, String name, List<ReportData.Fact> facts, String scripts) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n")
                .append("<meta charset=\"utf-8\"/>\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n")
                .append("<meta name=\"color-scheme\" content=\"light dark\"/>\n")
                // The page needs nothing from the network; the browser is told to fetch nothing.
                .append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:;")
                .append(" style-src 'unsafe-inline'; script-src 'unsafe-inline'" + scripts + "\"/>\n")
                .append("<title>" + HtmlText.escape(name) + " · " + kind + "</title>\n")
                .append("<style>\n" + resource("report.css") + "</style>\n</head>\n<body>\n<main>\n")
                .append("<header>\n<p class=\"kicker\">" + kind + "</p>\n<h1>" + HtmlText.escape(name) + "</h1>\n");
        if (!facts.isEmpty()) {
            out.append("<dl class=\"facts\">\n");
            for (ReportData.Fact fact : facts) {
                out.append("<div><dt>" + HtmlText.escape(fact.name()) + "</dt><dd>" + HtmlText.escape(fact.value())
                        + "</dd></div>\n");
            }
            out.append("</dl>\n");
        }
        out.append("</header>\n");
    }

    /**
     * Links to the page's sections.
     *
     * @param before links between the overview and figures
     * @param after links between figures and the last section
     */
    static void contents(
            StringBuilder out,
            List<String> before,
            List<ReportData.FigureGroup> figures,
            List<String> after,
            String lastTitle) {
        List<String> entries = new ArrayList<>(List.of("<a href=\"#overview\">Overview</a>"));
        entries.addAll(before);
        for (int i = 0; i < figures.size(); i++) {
            entries.add("<a href=\"#figures-" + (i + 1) + "\">"
                    + HtmlText.escape(figures.get(i).title()) + "</a>");
        }
        entries.addAll(after);
        entries.add("<a href=\"#repeat\">" + lastTitle + "</a>");
        out.append("<nav aria-label=\"Contents\">\n" + String.join("\n", entries) + "\n</nav>\n");
    }

    /** A section for each group of figures. */
    static void figures(StringBuilder out, List<ReportData.FigureGroup> groups) {
        int number = 0;
        for (int i = 0; i < groups.size(); i++) {
            ReportData.FigureGroup group = groups.get(i);
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

    /**
     * The section that tells how to repeat the work, and the end of the page.
     *
     * @param scripts resources, in their order
     */
    static void end(StringBuilder out, String title, String commandLine, String manifestJson, List<String> scripts) {
        out.append("<section id=\"repeat\">\n<h2>" + title + "</h2>\n<pre><code>" + HtmlText.escape(commandLine)
                        + "</code></pre>\n")
                .append("<details>\n<summary>Manifest: configuration, seeds, versions, device, hashes</summary>\n<pre>")
                .append(HtmlText.escape(manifestJson) + "</pre>\n</details>\n</section>\n")
                // A comment to HTML, where script is no markup; a section to XML.
                .append("</main>\n<script>//<![CDATA[\n");
        scripts.forEach(script -> out.append(resource(script)));
        out.append("//]]></script>\n</body>\n</html>\n");
    }

    /** The text of a file that goes into pages. */
    static String resource(String name) {
        try (InputStream stream = HtmlParts.class.getResourceAsStream(name)) {
            if (stream == null) {
                throw new IllegalStateException(name + " is not on the class path");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }
}
