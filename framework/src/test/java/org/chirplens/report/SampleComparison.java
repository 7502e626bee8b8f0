package org.chirplens.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Specialisation;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;

/** Two runs to compare. */
final class SampleComparison {
    private SampleComparison() {}

    /** Two runs of two layers, the first of three heads. */
    static ComparisonData of(String nameA, String nameB, int headsOfB) {
        HeadAblation a = SampleResults.ablation(2, 3, 30);
        HeadAblation b = SampleResults.ablation(2, headsOfB, 20);
        return new ComparisonData(
                side(nameA, a, Specialisation.DIFFUSE),
                side(nameB, b, Specialisation.MONOSEMANTIC),
                List.of(new ComparisonData.Setting("data." + nameA, nameA, nameB)),
                "./chirplens report " + nameA,
                "{\"a\": \"" + nameA + "\"}");
    }

    /** How to draw every figure of a comparison, with short names and long ones. */
    static Map<String, Supplier<Figure>> figures() {
        Map<String, Supplier<Figure>> figures = new LinkedHashMap<>();
        for (String name : List.of("one", "a name of some length ".repeat(9))) {
            ComparisonFigures.draw(of(name, "two", 3))
                    .values()
                    .forEach(topic -> topic.forEach((file, figure) ->
                            figures.put("comparison of " + name.length() + " " + file, () -> figure)));
        }
        return figures;
    }

    private static ComparisonData.Side side(String name, HeadAblation ablation, Specialisation ofSecond) {
        return new ComparisonData.Side(
                name,
                "model of " + name,
                "data " + ablation.labels().length,
                List.of(new ReportData.Fact(name, name), new ReportData.Fact("device", "cpu")),
                Target.RELEASED,
                List.of(new ReportData.Scores(
                        name, SampleResults.history(5).get(4).validation(), SampleResults.intervals())),
                List.of(
                        SampleResults.results(ablation),
                        SampleResults.results(ablation.against(ablation.labels(), "a_protocol_with_a_long_name"))),
                ablation.heads().stream().map(id -> head(id, ofSecond)).toList());
    }

    /** The first head is diffuse, the second is as told, the others look at chirp and frame. */
    private static AtlasFigures.Head head(HeadId id, Specialisation ofSecond) {
        boolean other = id.layer() == 0 && id.head() < 2;
        Specialisation kind = !other ? Specialisation.POLYSEMANTIC : id.head() == 0 ? Specialisation.DIFFUSE : ofSecond;
        List<AtlasLabel> labels = kind == Specialisation.DIFFUSE
                ? List.of()
                : other ? List.of(AtlasLabel.TITLE) : List.of(AtlasLabel.CHIRP, AtlasLabel.FRAME);
        return new AtlasFigures.Head(
                id, labels, labels.stream().map(AtlasLabel::title).toList(), kind, Map.of(), Double.NaN);
    }
}
