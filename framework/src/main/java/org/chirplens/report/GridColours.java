package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.analysis.Verdict;

/**
 * One way to colour the grid of heads.
 *
 * @param texts what stands in each head's cell
 * @param colours of the cells
 * @param legend what the colours mean
 */
record GridColours(List<String> texts, List<Integer> colours, Legend legend) {
    /** Signed strengths of a class, on the map from -1 to 1; 0.75 is the palette's plain vermilion or blue. */
    private static final ColourMap SIGNED = new ColourMap(-1, 1);

    private static final double PLAIN = 0.75;
    private static final double[] P_LIMITS = {0.001, 0.01, Verdict.LEVEL};
    private static final double[] P_STRENGTHS = {0.85, 0.6, 0.35};

    /**
     * The key of a grid: a bar of colours with ticks, or classes.
     *
     * @param title what the values are
     * @param map of the bar, which is left out where there are classes
     * @param classes may be empty
     */
    record Legend(String title, ColourMap map, List<ColourClass> classes) {}

    /** One colour and what it stands for. */
    record ColourClass(int colour, String text) {}

    /** The relative loss increase, as in {@link LossIncreaseHeatMap}. */
    static GridColours increase(double[] percents) {
        ColourMap map = ColourMap.covering(percents);
        double scale = map.isLogarithmic() ? map.linear() : map.high();
        return mapped(
                percents,
                IntStream.range(0, percents.length)
                        .mapToObj(i -> NumberMap.number(percents[i], scale))
                        .toList(),
                map,
                "Loss increase (%)");
    }

    /** The loss itself, coloured by how far it is from that of the whole model. */
    static GridColours loss(double[] losses, double baseline) {
        double[] differences = IntStream.range(0, losses.length)
                .mapToDouble(i -> losses[i] - baseline)
                .toArray();
        return mapped(
                differences,
                IntStream.range(0, losses.length)
                        .mapToObj(i -> NumberText.significant(losses[i], 3))
                        .toList(),
                ColourMap.covering(differences),
                "Loss minus that of the whole model, " + NumberText.significant(baseline, 3));
    }

    private static GridColours mapped(double[] values, List<String> texts, ColourMap map, String title) {
        return new GridColours(
                texts,
                IntStream.range(0, values.length)
                        .mapToObj(i -> map.of(values[i]))
                        .toList(),
                new Legend(title, map, List.of()));
    }

    /** Adjusted p-values, in the hue of what the loss does. */
    static GridColours pAdjusted(List<AblationResults.Effect> effects) {
        List<ColourClass> classes = new ArrayList<>();
        for (int i = 0; i < P_LIMITS.length; i++) {
            classes.add(new ColourClass(SIGNED.of(P_STRENGTHS[i]), "loss grows, p ≤ " + P_LIMITS[i]));
        }
        classes.add(new ColourClass(Palette.WHITE, "larger p"));
        for (int i = P_LIMITS.length - 1; i >= 0; i--) {
            classes.add(new ColourClass(SIGNED.of(-P_STRENGTHS[i]), "loss falls, p ≤ " + P_LIMITS[i]));
        }
        return new GridColours(
                effects.stream()
                        .map(effect -> NumberText.pValue(effect.pAdjusted()))
                        .toList(),
                effects.stream().map(GridColours::pColour).toList(),
                new Legend("Adjusted p-value", SIGNED, classes));
    }

    private static int pColour(AblationResults.Effect effect) {
        for (int i = 0; i < P_LIMITS.length; i++) {
            if (effect.pAdjusted() <= P_LIMITS[i]) {
                return SIGNED.of(Math.copySign(P_STRENGTHS[i], effect.increasePercent()));
            }
        }
        return Double.isNaN(effect.pAdjusted()) ? Palette.GRID : Palette.WHITE;
    }

    /** What the ablation says of each head. */
    static GridColours verdicts(List<AblationResults.Effect> effects) {
        return new GridColours(
                effects.stream().map(effect -> effect.verdict().key()).toList(),
                effects.stream().map(effect -> verdictColour(effect.verdict())).toList(),
                new Legend(
                        "Verdict",
                        SIGNED,
                        List.of(
                                new ColourClass(verdictColour(Verdict.MATTERS), "matters: the loss grows without it"),
                                new ColourClass(verdictColour(Verdict.OPEN), "open: the images do not settle it"),
                                new ColourClass(
                                        verdictColour(Verdict.HINDERS), "hinders: the loss falls without it"))));
    }

    private static int verdictColour(Verdict verdict) {
        return switch (verdict) {
            case MATTERS -> SIGNED.of(PLAIN);
            case HINDERS -> SIGNED.of(-PLAIN);
            case OPEN -> Palette.GRID;
        };
    }

    /** What heads look at, in the colours of the atlas. */
    static GridColours labels(List<HeadProfile> profiles) {
        return new GridColours(
                profiles.stream().map(HeadProfile::label).toList(),
                profiles.stream().map(HeadProfile::colour).toList(),
                new Legend(
                        "What the head looks at",
                        SIGNED,
                        profiles.stream()
                                .map(profile -> new ColourClass(profile.colour(), profile.label()))
                                .distinct()
                                .toList()));
    }
}
