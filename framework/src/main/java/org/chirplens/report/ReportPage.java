package org.chirplens.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.chirplens.analysis.Verdict;
import org.chirplens.file.WholeFile;

/**
 * The report of a run as one HTML file that opens offline: no network, figures inline. Attention maps of more than
 * 16 images are in a folder beside it, {@code report_files} for {@code report.html}, from which the page loads an image when it is
 * chosen. The page is well-formed XML too, so that any parser can check it.
 */
public final class ReportPage {
    /** Heads in the overview. */
    private static final int TOP = 10;

    private static final String LAST = "Repeat this run";

    private final ReportData data;
    private final AttentionData attention;
    private final StringBuilder out = new StringBuilder();

    private ReportPage(ReportData data, String folder) {
        this.data = data;
        this.attention = new AttentionData(data.attention(), folder);
    }

    /**
     * Writes the page, whole or not at all, after what it loads.
     *
     * @throws UncheckedIOException when it cannot be written; the message names the file
     */
    public static void save(Path file, ReportData data) {
        Path folder = file.resolveSibling(String.valueOf(file.getFileName()).replaceFirst("\\.[^.]*$", "") + "_files");
        ReportPage page = new ReportPage(data, String.valueOf(folder.getFileName()));
        Map<String, String> files = page.attention.files();
        files.forEach((name, text) -> WholeFile.writeText(folder.resolve(name), text));
        WholeFile.writeText(file, page.page());
        WholeFile.deleteOthers(folder, AttentionData.FILES, files.keySet());
        if (files.isEmpty()) {
            deleteIfEmpty(folder);
        }
    }

    private static void deleteIfEmpty(Path folder) {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // It holds files that are not ours.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }

    /** The page's text. */
    static String html(ReportData data) {
        return new ReportPage(data, "report_files").page();
    }

    private String page() {
        // A page from disk has an origin of its own in some browsers, and that of its folder in others.
        String scripts = attention.hasFiles() ? " 'self' file:" : "";
        HtmlParts.start(out, "ChirpLens report", data.name(), data.facts(), scripts);
        contents();
        overview();
        if (ExplorerData.exists(data)) {
            explorer();
        }
        HtmlParts.figures(out, data.figures());
        heads();
        HtmlParts.end(
                out,
                LAST,
                data.commandLine(),
                data.manifestJson(),
                List.of("tables.js", "viewer.js", "head-panel.js", "explorer.js"));
        return out.toString();
    }

    private void contents() {
        HtmlParts.contents(
                out,
                ExplorerData.exists(data) ? List.of("<a href=\"#explorer\">Head explorer</a>") : List.of(),
                data.figures(),
                data.ablations().isEmpty() ? List.of() : List.of("<a href=\"#heads\">All heads</a>"),
                LAST);
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
            out.append(
                    "<p>By protocol: the loss of the whole model, how many heads matter, hinder or are open, and the head"
                            + " without which the loss grows the most.</p>\n");
            ReportTables.protocols(out, data.ablations());
            AblationResults first = data.ablations().get(0);
            out.append("<p>The heads whose ablation costs the most, by protocol <code>"
                    + HtmlText.escape(first.ablation().protocol()) + "</code>:</p>\n");
            ReportTables.topHeads(out, first, TOP);
            out.append(
                    "<p>p-values are of the sign-flip test, adjusted by Holm’s method over all heads; a head matters, or"
                            + " hinders, where that is at most " + Verdict.LEVEL
                            + ". The first heads of a ranking look larger on the"
                            + " images that ranked them than on others.</p>\n");
        }
        labels();
        out.append("</section>\n");
    }

    private void labels() {
        if (data.ablations().stream().allMatch(results -> results.byLabel().isEmpty())) {
            return;
        }
        out.append("<h3>Are the heads of a label the ones that matter?</h3>\n");
        ReportTables.labels(out, data.ablations());
        out.append(
                "<p>Means over the heads of a label, in percent of the whole model’s loss, and the same less the mean over all"
                        + " other heads; in brackets, 95 % intervals over images (BCa bootstrap). The last column is Spearman’s"
                        + " correlation over all heads of the share of attention and the loss increase.</p>\n");
    }

    private void explorer() {
        ObjectNode tree = ExplorerData.of(data);
        if (!data.attention().isEmpty()) {
            tree.set("attention", attention.tree());
        }
        out.append(HtmlParts.resource("explorer.html"))
                .append("<script type=\"application/json\" id=\"explorer-data\">" + ScriptJson.of(tree)
                        + "</script>\n");
    }

    private void heads() {
        if (data.ablations().isEmpty()) {
            return;
        }
        out.append("<section id=\"heads\">\n<h2>All heads</h2>\n")
                .append(
                        "<p>Losses are mean squared errors of standardised labels; the columns on the right split the loss")
                .append(
                        " by target. Select a column’s title to sort by it. The file has all digits, and counts layers and"
                                + " heads from 0.</p>\n");
        for (int i = 0; i < data.ablations().size(); i++) {
            AblationResults results = data.ablations().get(i);
            out.append("<details" + (i == 0 ? " open=\"\"" : "") + ">\n<summary>Protocol <code>"
                    + HtmlText.escape(results.ablation().protocol()) + "</code>, "
                    + ReportWords.count(results.ablation().labels().length) + " images</summary>\n");
            ReportTables.tools(out, results.ablation().protocol() + ".csv", results.csv(), "layer 3, matters");
            ReportTables.allHeads(out, data.targets(), results);
            out.append("</details>\n");
        }
        out.append("</section>\n");
    }
}
