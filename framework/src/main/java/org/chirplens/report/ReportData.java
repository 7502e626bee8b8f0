package org.chirplens.report;

import java.util.List;
import java.util.Map;
import org.chirplens.dataset.Target;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.RegressionMetrics;

/**
 * Everything that the report of a run says. Any list may be empty; its part of the report is then left out.
 *
 * @param name the run's name
 * @param commandLine the command that repeats the run
 * @param manifestJson the run's manifest as JSON text
 * @param facts what was run: date, model size, data, device, duration …, in the order to show
 * @param targets what the model predicts; the order of every metric
 * @param scores how well the model predicts, for one or several sets of images; the first is the one that counts
 * @param history the epochs of training
 * @param ablations one for each protocol; the first is the one that counts
 * @param attention the attention maps to look through
 * @param profiles what heads look at
 * @param figures the figures by topic, in the order to show
 */
public record ReportData(
        String name,
        String commandLine,
        String manifestJson,
        List<Fact> facts,
        List<Target> targets,
        List<Scores> scores,
        List<EpochRecord> history,
        List<AblationResults> ablations,
        AttentionReadings attention,
        List<HeadProfile> profiles,
        List<FigureGroup> figures) {
    public ReportData {
        facts = List.copyOf(facts);
        targets = List.copyOf(targets);
        scores = List.copyOf(scores);
        history = List.copyOf(history);
        ablations = List.copyOf(ablations);
        profiles = List.copyOf(profiles);
        figures = List.copyOf(figures);
    }

    /** One line of what was run, such as {@code model}, {@code ViT 6 layers x 4 heads, 1.4 M parameters}. */
    public record Fact(String name, String value) {}

    /**
     * Metrics and what they were measured on.
     *
     * @param images such as {@code test images}
     * @param intervals of the metrics; not defined where nobody has measured them
     */
    public record Scores(String images, RegressionMetrics metrics, MetricIntervals intervals) {}

    /**
     * Figures of one topic.
     *
     * @param title heading, such as {@code Head ablation}
     */
    public record FigureGroup(String title, List<Figure> figures) {
        public FigureGroup {
            figures = List.copyOf(figures);
        }

        /** A group for each topic that has figures. */
        public static List<FigureGroup> of(Map<String, Map<String, Figure>> topics) {
            return topics.entrySet().stream()
                    .filter(topic -> !topic.getValue().isEmpty())
                    .map(topic -> new FigureGroup(
                            topic.getKey(), List.copyOf(topic.getValue().values())))
                    .toList();
        }
    }
}
