package org.chirplens.report;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.function.DoubleFunction;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.LabelImportance;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Estimate;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.TargetMetrics;

/** The tables of the report. */
final class ReportTables {
    private static final String LARGEST = "Largest increase";
    private static final String INCREASE = "Loss increase";
    private static final String INTERVAL = "95 % interval";
    private static final String ADJUSTED = "Adjusted p";

    /** Columns that hold words, which are set flush left. */
    private static final Set<String> WORDS = Set.of("Label", "Target", LARGEST, "Verdict");

    /** In the order in which they sort. */
    private static final List<Verdict> VERDICTS = List.of(Verdict.HINDERS, Verdict.OPEN, Verdict.MATTERS);

    private ReportTables() {}

    /** One row for each target and set of images. */
    static void scores(StringBuilder out, List<Target> targets, List<ReportData.Scores> all) {
        open(out, List.of("Images", "Target", "Pearson’s r", "R²", "MAE", "RMSE"));
        for (ReportData.Scores scores : all) {
            for (int t = 0; t < targets.size(); t++) {
                Target target = targets.get(t);
                TargetMetrics metrics = scores.metrics().targets().get(t);
                out.append("<tr>");
                if (t == 0) {
                    out.append("<th scope=\"rowgroup\" rowspan=\"" + targets.size() + "\">"
                            + ReportWords.count(scores.metrics().images()) + " " + HtmlText.escape(scores.images())
                            + "</th>");
                }
                out.append("<td class=\"text\">" + HtmlText.escape(target.title()) + "</td>");
                metrics(
                        out,
                        target.unit(),
                        metrics,
                        scores.intervals().targets().get(t));
                out.append("</tr>\n");
            }
        }
        close(out);
    }

    private static void metrics(StringBuilder out, String unit, TargetMetrics of, MetricIntervals.OfTarget intervals) {
        cell(out, NumberText.withInterval(of.pearsonR(), intervals.pearsonR(), 4, ""));
        cell(out, NumberText.withInterval(of.r2(), intervals.r2(), 4, ""));
        cell(out, NumberText.withInterval(of.mae(), intervals.mae(), 3, unit));
        cell(out, NumberText.withInterval(of.rmse(), intervals.rmse(), 3, unit));
    }

    /** One row for each protocol: its baseline, how many heads matter, and the largest increase. */
    static void protocols(StringBuilder out, List<AblationResults> ablations) {
        open(
                out,
                List.of(
                        "Protocol",
                        "Images",
                        "Loss",
                        "Matter",
                        "Hinder",
                        "Open",
                        LARGEST,
                        INCREASE,
                        INTERVAL,
                        ADJUSTED));
        for (AblationResults results : ablations) {
            HeadAblation ablation = results.ablation();
            HeadId largest = HeadRanking.of(ablation).get(0);
            out.append("<tr><th scope=\"row\"><code>" + HtmlText.escape(ablation.protocol()) + "</code>"
                    + (ablation.isCumulative() ? " (damage adds up)" : "") + "</th>");
            cell(out, ReportWords.count(ablation.labels().length));
            cell(out, NumberText.significant(ablation.baselineLoss(), 4));
            for (Verdict verdict : List.of(Verdict.MATTERS, Verdict.HINDERS, Verdict.OPEN)) {
                cell(out, ReportWords.count(results.count(verdict)));
            }
            out.append("<td class=\"text\">" + largest.title() + "</td>");
            effect(out, results.effect(largest));
            out.append("</tr>\n");
        }
        close(out);
    }

    /** One row for each protocol and label of the head atlas. */
    static void labels(StringBuilder out, List<AblationResults> ablations) {
        open(
                out,
                List.of(
                        "Protocol",
                        "Label",
                        "Heads",
                        "Matter",
                        INCREASE,
                        "Above other heads (points)",
                        "Rank correlation"));
        for (AblationResults results : ablations) {
            for (int i = 0; i < results.byLabel().size(); i++) {
                LabelImportance one = results.byLabel().get(i);
                out.append("<tr>");
                if (i == 0) {
                    out.append("<th scope=\"rowgroup\" rowspan=\""
                            + results.byLabel().size() + "\"><code>"
                            + HtmlText.escape(results.ablation().protocol()) + "</code></th>");
                }
                out.append("<td class=\"text\">" + one.label().title() + "</td>");
                cell(out, ReportWords.count(one.heads()));
                cell(out, ReportWords.count(one.matter()));
                estimate(out, one.increasePercent(), NumberText::signedPercent);
                estimate(out, one.aboveOthers(), NumberText::signedPoints);
                cell(out, Double.isNaN(one.rankCorrelation()) ? "" : NumberText.fixed(one.rankCorrelation(), 2));
                out.append("</tr>\n");
            }
        }
        close(out);
    }

    private static void estimate(StringBuilder out, Estimate estimate, DoubleFunction<String> text) {
        String interval = estimate.bca().isDefined() ? " " + NumberText.percentInterval(estimate.bca()) : "";
        cell(out, Double.isNaN(estimate.value()) ? "" : text.apply(estimate.value()) + interval);
    }

    /** The heads with the largest loss increase, with a bar for comparison. */
    static void topHeads(StringBuilder out, AblationResults results, int most) {
        open(out, List.of("Rank", "Layer", "Head", "Loss", INCREASE, INTERVAL, ADJUSTED, "Verdict", ""));
        HeadAblation ablation = results.ablation();
        List<HeadId> heads = HeadRanking.of(ablation);
        double largest = ablation.lossIncreasePercent(heads.get(0));
        for (int rank = 0; rank < Math.min(most, heads.size()); rank++) {
            HeadId id = heads.get(rank);
            double increase = ablation.lossIncreasePercent(id);
            out.append("<tr>");
            cell(out, String.valueOf(rank + 1));
            cell(out, String.valueOf(id.layer() + 1));
            cell(out, String.valueOf(id.head() + 1));
            cell(out, NumberText.significant(ablation.ablatedLoss(id), 4));
            effect(out, results.effect(id));
            out.append("<td class=\"text\">" + results.effect(id).verdict().key() + "</td>");
            double share = largest > 0 && increase > 0 ? 100 * increase / largest : 0;
            out.append("<td class=\"bar\"><div style=\"width:" + SvgFile.number(Math.min(100, share))
                    + "%\"></div></td></tr>\n");
        }
        close(out);
    }

    private static void effect(StringBuilder out, AblationResults.Effect effect) {
        cell(out, NumberText.signedPercent(effect.increasePercent()));
        cell(out, NumberText.percentInterval(effect.interval()));
        cell(out, NumberText.pValue(effect.pAdjusted()));
    }

    /**
     * A filter for the table that follows, and its file.
     *
     * @param name of the file
     * @param text of the file
     * @param example of a filter
     */
    static void tools(StringBuilder out, String name, String text, String example) {
        String file = HtmlText.escape(name);
        String csv = Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
        out.append("<div class=\"tools\"><label>Filter <input type=\"search\" class=\"filter\" placeholder=\"" + example
                        + "\"/></label>")
                .append("<span class=\"shown\" role=\"status\"></span>")
                .append("<a class=\"button\" download=\"" + file + "\" href=\"data:text/csv;charset=utf-8;base64," + csv
                        + "\">Download " + file + "</a></div>\n");
    }

    /** Every head with its losses; columns sort by their {@code data-value}, rows are filtered by their {@code data-words}. */
    static void allHeads(StringBuilder out, List<Target> targets, AblationResults results) {
        List<String> titles =
                new ArrayList<>(List.of("Layer", "Head", "Loss", INCREASE, INTERVAL, ADJUSTED, "Verdict"));
        targets.forEach(target -> titles.add("Loss, " + target.title()));
        openSortable(out, titles);
        results.ablation().heads().forEach(id -> row(out, targets, results, id));
        close(out);
    }

    private static void row(StringBuilder out, List<Target> targets, AblationResults results, HeadId id) {
        HeadAblation ablation = results.ablation();
        AblationResults.Effect effect = results.effect(id);
        openRow(out, id, effect.verdict().key());
        sortable(out, ablation.ablatedLoss(id), NumberText.significant(ablation.ablatedLoss(id), 4));
        sortableEffect(out, effect);
        for (int t = 0; t < targets.size(); t++) {
            double loss = ablation.ablatedLoss(id, t);
            sortable(out, loss, NumberText.significant(loss, 4));
        }
        out.append("</tr>\n");
    }

    /** Begins a table whose columns sort. */
    static void openSortable(StringBuilder out, List<String> titles) {
        out.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
        for (String title : titles) {
            out.append("<th scope=\"col\"><button type=\"button\">" + HtmlText.escape(title) + "</button></th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
    }

    /** Begins a row of such a table with a head's place, counted from 1; filters find it and further words. */
    static void openRow(StringBuilder out, HeadId id, String words) {
        int layer = id.layer() + 1;
        int head = id.head() + 1;
        out.append("<tr data-words=\"layer" + layer + " head" + head + " " + words + "\">");
        sortable(out, layer, String.valueOf(layer));
        sortable(out, head, String.valueOf(head));
    }

    /** Increase, interval, adjusted p-value and verdict. */
    static void sortableEffect(StringBuilder out, AblationResults.Effect effect) {
        sortable(out, effect.increasePercent(), NumberText.signedPercent(effect.increasePercent()));
        sortable(out, effect.interval().low(), NumberText.percentInterval(effect.interval()));
        sortable(out, effect.pAdjusted(), NumberText.pValue(effect.pAdjusted()));
        sortable(out, VERDICTS.indexOf(effect.verdict()), effect.verdict().key());
    }

    private static void open(StringBuilder out, List<String> titles) {
        open(out, titles, WORDS);
    }

    /**
     * Begins a table.
     *
     * @param words the titles of columns that hold words, which are set flush left
     */
    static void open(StringBuilder out, List<String> titles, Set<String> words) {
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (String title : titles) {
            String style = words.contains(title) ? " class=\"text\"" : "";
            out.append(title.isEmpty() ? "<td></td>" : "<th scope=\"col\"" + style + ">" + title + "</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
    }

    static void close(StringBuilder out) {
        out.append("</tbody>\n</table></div>\n");
    }

    static void cell(StringBuilder out, String text) {
        out.append("<td>" + HtmlText.escape(text) + "</td>");
    }

    static void sortable(StringBuilder out, double value, String text) {
        out.append("<td data-value=\"" + value + "\">" + HtmlText.escape(text) + "</td>");
    }
}
