package org.chirplens.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.file.WholeFile;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;
import org.jspecify.annotations.Nullable;

/** The report of a sweep as one HTML file that opens offline, in the style of {@link ReportPage}. */
public final class SweepPage {
    private static final String LAST = "Repeat this sweep";

    private final SweepData data;
    private final StringBuilder out = new StringBuilder();

    private SweepPage(SweepData data) {
        this.data = data;
    }

    /**
     * Writes the page, whole or not at all.
     *
     * @param figures by topic, see {@link SweepFigures#draw}
     * @throws java.io.UncheckedIOException when it cannot be written; the message names the file
     */
    public static void save(Path file, SweepData data, Map<String, Map<String, Figure>> figures) {
        WholeFile.writeText(file, html(data, figures));
    }

    /** The page's text. */
    public static String html(SweepData data, Map<String, Map<String, Figure>> figures) {
        return new SweepPage(data).page(ReportData.FigureGroup.of(figures));
    }

    private String page(List<ReportData.FigureGroup> groups) {
        HtmlParts.start(out, "ChirpLens sweep", data.name(), data.facts(), "");
        HtmlParts.contents(out, List.of(), groups, List.of("<a href=\"#trials\">All trials</a>"), LAST);
        out.append("<section id=\"overview\">\n<h2>Overview</h2>\n");
        for (String paragraph : SweepWords.overview(data)) {
            out.append("<p>" + HtmlText.escape(paragraph) + "</p>\n");
        }
        failures();
        out.append("</section>\n");
        HtmlParts.figures(out, groups);
        trials();
        HtmlParts.end(out, LAST, data.commandLine(), data.manifestJson(), List.of("tables.js"));
        return out.toString();
    }

    private void failures() {
        List<SweepTrial> failed = data.trials().stream()
                .filter(trial -> trial.status().equals(SweepTrial.FAILED))
                .toList();
        if (!failed.isEmpty()) {
            out.append("<h3>Trials that failed</h3>\n<ul>\n");
            failed.forEach(trial -> out.append("<li><code>" + HtmlText.escape(trial.name()) + "</code>: "
                    + HtmlText.escape(trial.error()) + "</li>\n"));
            out.append("</ul>\n");
        }
    }

    private void trials() {
        out.append(
                "<section id=\"trials\">\n<h2>All trials</h2>\n<p>Loss is the mean squared error of standardised labels"
                        + " on the test images. Select a column’s title to sort by it.</p>\n"
                        + "<div class=\"scroll\"><table class=\"sortable\">\n<thead><tr>");
        title("Trial");
        data.axes().forEach(axis -> title(SweepAxis.words(axis, data.axes())));
        List.of("Status", "Trainable parameters", "Best epoch", "Loss").forEach(this::title);
        data.targets().forEach(target -> title("r, " + target.title()));
        data.targets()
                .forEach(target ->
                        title("MAE, " + target.title() + (target.unit().isEmpty() ? "" : " (" + target.unit() + ")")));
        List.of("Training", "In all").forEach(this::title);
        out.append("</tr></thead>\n<tbody>\n");
        for (int i = 0; i < data.trials().size(); i++) {
            row(i, data.trials().get(i));
        }
        out.append("</tbody>\n</table></div>\n</section>\n");
    }

    private void title(String text) {
        out.append("<th scope=\"col\"><button type=\"button\">" + HtmlText.escape(text) + "</button></th>");
    }

    private void row(int number, SweepTrial trial) {
        out.append("<tr>");
        String name = "<code>" + HtmlText.escape(trial.name()) + "</code>";
        String link = trial.link();
        cell(number, link == null ? name : "<a href=\"" + HtmlText.escape(link) + "\">" + name + "</a>");
        for (int a = 0; a < data.axes().size(); a++) {
            cell(
                    sortValue(a, trial.values().get(a)),
                    HtmlText.escape(trial.values().get(a)));
        }
        cell(trial.status().charAt(0), HtmlText.escape(trial.status()));
        boolean trained = trial.epochs() > 0;
        cellIf(trained, (double) trial.trainableParameters(), ReportWords.count(trial.trainableParameters()));
        cellIf(trained, trial.bestEpoch(), trial.bestEpoch() + " of " + trial.epochs());
        metrics(trial.metrics());
        cellIf(trained, trial.trainingSeconds(), NumberText.duration(trial.trainingSeconds()));
        cellIf(trial.totalSeconds() > 0, trial.totalSeconds(), NumberText.duration(trial.totalSeconds()));
        out.append("</tr>\n");
    }

    /** Numbers sort by their size, other values by the place of their first trial. */
    private double sortValue(int axis, String value) {
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException e) {
            return IntStream.range(0, data.trials().size())
                    .filter(i -> data.trials().get(i).values().get(axis).equals(value))
                    .findFirst()
                    .orElse(0);
        }
    }

    private void metrics(@Nullable RegressionMetrics metrics) {
        if (metrics == null) {
            IntStream.range(0, 1 + 2 * data.targets().size()).forEach(i -> cell(Double.NaN, NumberText.NONE));
            return;
        }
        cell(metrics.mse(), NumberText.significant(metrics.mse(), 4));
        for (TargetMetrics of : metrics.targets()) {
            cell(of.pearsonR(), NumberText.fixed(of.pearsonR(), 4));
        }
        for (int t = 0; t < data.targets().size(); t++) {
            double mae = metrics.targets().get(t).mae();
            cell(mae, NumberText.significant(mae, 3));
        }
    }

    /** A number, or that there is none. */
    private void cellIf(boolean known, double value, String html) {
        cell(known ? value : Double.NaN, known ? html : NumberText.NONE);
    }

    private void cell(double value, String html) {
        out.append("<td data-value=\"" + value + "\">" + html + "</td>");
    }
}
