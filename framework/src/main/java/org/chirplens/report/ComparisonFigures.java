package org.chirplens.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.model.HeadId;

/** The figures of two runs compared: how much the loss grows without each head in both, and the difference. */
public final class ComparisonFigures {
    private final ComparisonData data;

    private ComparisonFigures(ComparisonData data) {
        this.data = data;
    }

    /** Draws all figures, by topic and by the name of their files. */
    public static Map<String, Map<String, Figure>> draw(ComparisonData data) {
        ComparisonFigures figures = new ComparisonFigures(data);
        Map<String, Map<String, Figure>> topics = new LinkedHashMap<>();
        for (HeadComparison heads : data.heads()) {
            Map<String, Figure> topic = new LinkedHashMap<>();
            topic.put("loss_increase_" + heads.name(), figures.both(heads));
            topic.put("difference_" + heads.name(), figures.difference(heads));
            topics.put("Heads by " + heads.title(), topic);
        }
        return topics;
    }

    private Figure both(HeadComparison heads) {
        HeadAblation a = heads.a().ablation();
        HeadAblation b = heads.b().ablation();
        return new HeadMaps(
                        a.numLayers(),
                        a.numHeads(),
                        List.of(
                                new HeadMaps.Map("A: " + data.a().name(), a.lossIncreasesPercent()),
                                new HeadMaps.Map("B: " + data.b().name(), b.lossIncreasesPercent())),
                        "loss increase (%)")
                .draw(
                        "Loss increase when one head is ablated",
                        heads.title() + " · A: " + images(a) + ", B: " + images(b) + " · one colour scale",
                        "Loss increase in both runs",
                        "Each cell is one head, with the growth of its run’s loss when the head is ablated, relative to"
                                + " that run’s loss of the whole model (" + loss(a) + " in A, " + loss(b)
                                + " in B). Both maps share the colours of the bar." + cumulative(a, b),
                        "Two heat maps of " + HeadComparison.shape(a) + ". " + most("A", heads.a()) + " "
                                + most("B", heads.b()));
    }

    private static String images(HeadAblation ablation) {
        return ReportWords.count(ablation.labels().length) + " images";
    }

    private static String loss(HeadAblation ablation) {
        return NumberText.significant(ablation.baselineLoss(), 3);
    }

    private static String cumulative(HeadAblation a, HeadAblation b) {
        return a.isCumulative() || b.isCumulative()
                ? " As the published code does it, the damage adds up from head to head; such a map does not show how much"
                        + " the model depends on a head."
                : "";
    }

    private static String most(String side, AblationResults results) {
        HeadId most = HeadRanking.of(results.ablation()).get(0);
        return "In " + side + " the loss grows the most, by "
                + NumberText.signedPercent(results.effect(most).increasePercent()) + ", without " + most.title() + ".";
    }

    private Figure difference(HeadComparison heads) {
        HeadAblation a = heads.a().ablation();
        HeadId most = heads.byDifference().get(0);
        return new NumberMap(a.numLayers(), a.numHeads(), heads.differences(), "", "B − A (points)")
                .draw(
                        "Difference of the loss increases, B − A",
                        heads.title() + " · A: " + data.a().name() + ", B: "
                                + data.b().name(),
                        "Difference of the loss increases",
                        "Each cell is one head: its loss increase in B less that in A, in percentage points. Orange marks"
                                + " heads whose ablation costs B more, blue those whose ablation costs A more. The colours"
                                + " have a scale of their own, and the difference of no head has been tested.",
                        "A heat map of " + HeadComparison.shape(a) + ". The largest difference, "
                                + ComparisonWords.points(heads.difference(most)) + ", is that of " + most.title()
                                + ".");
    }
}
