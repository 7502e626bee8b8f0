package org.chirplens.report;

import java.util.List;
import java.util.Set;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.TargetMetrics;

/** The tables of the report. */
final class ReportTables {
    /** Columns that hold words, which are set flush left. */
    private static final Set<String> WORDS = Set.of("Target", "Head that matters most");

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

    /** One row for each protocol: its baseline and its most important head. */
    static void protocols(StringBuilder out, List<HeadAblation> ablations) {
        open(out, List.of("Protocol", "Images", "Loss of the whole model", "Head that matters most", "Loss increase"));
        for (HeadAblation ablation : ablations) {
            HeadId most = HeadRanking.of(ablation).get(0);
            out.append("<tr><th scope=\"row\"><code>" + HtmlText.escape(ablation.protocol()) + "</code></th>");
            cell(out, ReportWords.count(ablation.labels().length));
            cell(out, NumberText.significant(ablation.baselineLoss(), 4));
            out.append("<td class=\"text\">" + most.title() + "</td>");
            cell(out, NumberText.signedPercent(ablation.lossIncreasePercent(most)));
            out.append("</tr>\n");
        }
        close(out);
    }

    /** The heads with the largest loss increase, with a bar for comparison. */
    static void topHeads(StringBuilder out, HeadAblation ablation, int most) {
        open(out, List.of("Rank", "Layer", "Head", "Loss", "Loss increase", ""));
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
            cell(out, NumberText.signedPercent(increase));
            double share = largest > 0 && increase > 0 ? 100 * increase / largest : 0;
            out.append("<td class=\"bar\"><div style=\"width:" + SvgFile.number(Math.min(100, share))
                    + "%\"></div></td></tr>\n");
        }
        close(out);
    }

    /** Every head with its losses; columns sort by their {@code data-value}. */
    static void allHeads(StringBuilder out, List<Target> targets, HeadAblation ablation) {
        out.append("<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
        for (String title : List.of("Layer", "Head", "Loss", "Loss increase")) {
            out.append("<th scope=\"col\"><button type=\"button\">" + title + "</button></th>");
        }
        for (Target target : targets) {
            out.append("<th scope=\"col\"><button type=\"button\">Loss, " + HtmlText.escape(target.title())
                    + "</button></th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
        for (HeadId id : ablation.heads()) {
            double increase = ablation.lossIncreasePercent(id);
            out.append("<tr>");
            sortable(out, id.layer() + 1, String.valueOf(id.layer() + 1));
            sortable(out, id.head() + 1, String.valueOf(id.head() + 1));
            sortable(out, ablation.ablatedLoss(id), NumberText.significant(ablation.ablatedLoss(id), 4));
            sortable(out, increase, NumberText.signedPercent(increase));
            for (int t = 0; t < targets.size(); t++) {
                double loss = ablation.ablatedLoss(id, t);
                sortable(out, loss, NumberText.significant(loss, 4));
            }
            out.append("</tr>\n");
        }
        close(out);
    }

    private static void open(StringBuilder out, List<String> titles) {
        out.append("<div class=\"scroll\"><table>\n<thead><tr>");
        for (String title : titles) {
            String style = WORDS.contains(title) ? " class=\"text\"" : "";
            out.append(title.isEmpty() ? "<td></td>" : "<th scope=\"col\"" + style + ">" + title + "</th>");
        }
        out.append("</tr></thead>\n<tbody>\n");
    }

    private static void close(StringBuilder out) {
        out.append("</tbody>\n</table></div>\n");
    }

    private static void cell(StringBuilder out, String text) {
        out.append("<td>" + HtmlText.escape(text) + "</td>");
    }

    private static void sortable(StringBuilder out, double value, String text) {
        String sorted = Double.isNaN(value) ? "-Infinity" : Double.toString(value);
        out.append("<td data-value=\"" + sorted + "\">" + HtmlText.escape(text) + "</td>");
    }
}
