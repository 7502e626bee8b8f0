package org.chirplens.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.report.ReportData.Fact;
import org.chirplens.statistics.Interval;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.TargetMetrics;

/** The tables of the comparison of two runs. */
final class ComparisonTables {
    private static final List<Verdict> VERDICTS = List.of(Verdict.MATTERS, Verdict.OPEN, Verdict.HINDERS);

    private ComparisonTables() {}

    /** What was run, side by side; what is the same in both is quieter. */
    static void facts(StringBuilder out, ComparisonData data) {
        Set<String> names = new LinkedHashSet<>();
        data.a().facts().forEach(fact -> names.add(fact.name()));
        data.b().facts().forEach(fact -> names.add(fact.name()));
        openBeside(out, "");
        for (String name : names) {
            beside(out, HtmlText.escape(name), fact(data.a(), name), fact(data.b(), name));
        }
        closeBeside(out);
    }

    private static String fact(ComparisonData.Side side, String name) {
        return side.facts().stream()
                .filter(fact -> fact.name().equals(name))
                .findFirst()
                .map(Fact::value)
                .orElse("");
    }

    /** The keys of the configs that differ. */
    static void settings(StringBuilder out, List<ComparisonData.Setting> settings) {
        openBeside(out, "Setting");
        for (ComparisonData.Setting setting : settings) {
            beside(out, "<code>" + HtmlText.escape(setting.key()) + "</code>", setting.a(), setting.b());
        }
        closeBeside(out);
    }

    private static void openBeside(StringBuilder out, String first) {
        out.append("<table class=\"beside\">\n<thead><tr>"
                + (first.isEmpty() ? "<td></td>" : "<th scope=\"col\">" + first + "</th>")
                + "<th scope=\"col\">A</th><th scope=\"col\">B</th></tr></thead>\n<tbody>\n");
    }

    private static void beside(StringBuilder out, String title, String a, String b) {
        out.append("<tr" + (a.equals(b) ? " class=\"quiet\"" : "") + "><th scope=\"row\">" + title + "</th>");
        for (String value : List.of(a, b)) {
            out.append("<td>" + HtmlText.escape(value.isEmpty() ? NumberText.NONE : value) + "</td>");
        }
        out.append("</tr>\n");
    }

    private static void closeBeside(StringBuilder out) {
        out.append("</tbody>\n</table>\n");
    }

    /** A metric of a target, and how to show it. */
    private record Metric(
            String title,
            ToDoubleFunction<TargetMetrics> value,
            Function<MetricIntervals.OfTarget, Interval> interval,
            int digits,
            boolean hasUnit) {}

    private static final List<Metric> METRICS = List.of(
            new Metric("Pearson’s r", TargetMetrics::pearsonR, MetricIntervals.OfTarget::pearsonR, 4, false),
            new Metric("MAE", TargetMetrics::mae, MetricIntervals.OfTarget::mae, 3, true),
            new Metric("RMSE", TargetMetrics::rmse, MetricIntervals.OfTarget::rmse, 3, true));

    /** A row for each target and metric, with both runs and their difference. */
    static void scores(StringBuilder out, ComparisonData data) {
        ReportTables.open(out, List.of("Target", "Metric", "A", "B", "B − A"), Set.of("Metric"));
        for (Target target : data.targets()) {
            Optional<Integer> inA = data.a().scored(target);
            Optional<Integer> inB = data.b().scored(target);
            for (int m = 0; m < METRICS.size(); m++) {
                Metric metric = METRICS.get(m);
                out.append("<tr>");
                if (m == 0) {
                    out.append("<th scope=\"rowgroup\" rowspan=\"" + METRICS.size() + "\">"
                            + HtmlText.escape(target.title()) + "</th>");
                }
                out.append("<td class=\"text\">" + metric.title() + "</td>");
                String unit = metric.hasUnit() ? target.unit() : "";
                score(out, data.a(), inA, metric, unit);
                score(out, data.b(), inB, metric, unit);
                double a = value(data.a(), inA, metric);
                double b = value(data.b(), inB, metric);
                ReportTables.cell(out, ComparisonWords.difference(a, b, metric.digits(), unit));
                out.append("</tr>\n");
            }
        }
        ReportTables.close(out);
    }

    private static double value(ComparisonData.Side side, Optional<Integer> target, Metric metric) {
        return target.map(t -> metric.value()
                        .applyAsDouble(side.scores().get(0).metrics().targets().get(t)))
                .orElse(Double.NaN);
    }

    private static void score(
            StringBuilder out, ComparisonData.Side side, Optional<Integer> target, Metric metric, String unit) {
        ReportTables.cell(
                out,
                target.map(t -> NumberText.withInterval(
                                value(side, target, metric),
                                metric.interval()
                                        .apply(side.scores()
                                                .get(0)
                                                .intervals()
                                                .targets()
                                                .get(t)),
                                metric.digits(),
                                unit))
                        .orElse(NumberText.NONE));
    }

    /** A row for each pair of ablations. */
    static void protocols(StringBuilder out, List<HeadComparison> all) {
        ReportTables.open(
                out,
                List.of(
                        "Protocol",
                        "Images A",
                        "Images B",
                        "Loss A",
                        "Loss B",
                        "Matter in A",
                        "Matter in B",
                        "In both",
                        "Other verdict",
                        "Rank correlation"),
                Set.of());
        for (HeadComparison heads : all) {
            out.append("<tr><th scope=\"row\"><code>" + HtmlText.escape(heads.title()) + "</code></th>");
            List<AblationResults> both = List.of(heads.a(), heads.b());
            both.forEach(one ->
                    ReportTables.cell(out, ReportWords.count(one.ablation().labels().length)));
            both.forEach(one ->
                    ReportTables.cell(out, NumberText.significant(one.ablation().baselineLoss(), 4)));
            both.forEach(one -> ReportTables.cell(out, ReportWords.count(one.count(Verdict.MATTERS))));
            ReportTables.cell(out, ReportWords.count(heads.count(Verdict.MATTERS, Verdict.MATTERS)));
            ReportTables.cell(out, ReportWords.count(heads.otherVerdicts().size()));
            ReportTables.cell(out, NumberText.fixed(heads.spearman(), 3));
            out.append("</tr>\n");
        }
        ReportTables.close(out);
    }

    /** How many heads have which verdict in A and which in B. */
    static void verdicts(StringBuilder out, HeadComparison heads) {
        List<String> names = VERDICTS.stream().map(Verdict::key).toList();
        openCounts(out, names);
        for (Verdict a : VERDICTS) {
            List<Long> counts = VERDICTS.stream().map(b -> heads.count(a, b)).toList();
            counts(out, a.key(), names, counts);
        }
        ReportTables.close(out);
    }

    /** How many heads look at what in A and at what in B. */
    static void labels(StringBuilder out, LabelComparison labels) {
        List<String> names = labels.names(false);
        Map<String, Map<String, Integer>> counts = labels.counts();
        openCounts(out, names);
        for (String a : labels.names(true)) {
            Map<String, Integer> row = counts.getOrDefault(a, Map.of());
            counts(
                    out,
                    a,
                    names,
                    names.stream().map(b -> (long) row.getOrDefault(b, 0)).toList());
        }
        ReportTables.close(out);
    }

    private static void openCounts(StringBuilder out, List<String> columns) {
        List<String> titles = new ArrayList<>(List.of("A ↓  B →"));
        titles.addAll(columns);
        ReportTables.open(out, titles, Set.of());
    }

    /** A row of counts; that of heads which have the same in both is in bold type. */
    private static void counts(StringBuilder out, String row, List<String> columns, List<Long> counts) {
        out.append("<tr><th scope=\"row\">" + row + "</th>");
        for (int c = 0; c < columns.size(); c++) {
            String count = ReportWords.count(counts.get(c));
            boolean same = columns.get(c).equals(row);
            out.append("<td" + (counts.get(c) == 0 ? " class=\"quiet\"" : "") + ">"
                    + (same ? "<b>" + count + "</b>" : count) + "</td>");
        }
        out.append("</tr>\n");
    }

    /** Every head in both; columns sort by their {@code data-value}, rows are filtered by their {@code data-words}. */
    static void allHeads(StringBuilder out, HeadComparison heads) {
        ReportTables.openSortable(
                out,
                List.of(
                        "Layer",
                        "Head",
                        "Increase A",
                        "Interval A",
                        "p A",
                        "Verdict A",
                        "Increase B",
                        "Interval B",
                        "p B",
                        "Verdict B",
                        "B − A"));
        for (HeadId id : heads.heads()) {
            AblationResults.Effect a = heads.a().effect(id);
            AblationResults.Effect b = heads.b().effect(id);
            ReportTables.openRow(
                    out,
                    id,
                    a.verdict().key() + " " + b.verdict().key() + (heads.hasOtherVerdict(id) ? " differs" : " same"));
            ReportTables.sortableEffect(out, a);
            ReportTables.sortableEffect(out, b);
            ReportTables.sortable(out, heads.difference(id), ComparisonWords.signed(heads.difference(id)));
            out.append("</tr>\n");
        }
        ReportTables.close(out);
    }

    /** The heads whose labels differ. */
    static void otherLabels(StringBuilder out, List<LabelComparison.Pair> heads) {
        ReportTables.open(out, List.of("Head", "In A", "In B"), Set.of("In A", "In B"));
        for (LabelComparison.Pair pair : heads) {
            out.append("<tr><th scope=\"row\">" + pair.id().title() + "</th>");
            for (AtlasFigures.Head head : List.of(pair.a(), pair.b())) {
                out.append("<td class=\"text\">" + String.join(", ", LabelComparison.words(head)) + "</td>");
            }
            out.append("</tr>\n");
        }
        ReportTables.close(out);
    }
}
