package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.RankCorrelation;

/**
 * Are the heads of a label the ones that matter? The atlas beside an ablation of the same model.
 *
 * @param label of the heads
 * @param heads how many have it
 * @param matter how many of these matter, see {@link Verdict}
 * @param increasePercent mean loss increase over these heads, in percent of the whole model's loss; intervals over images
 * @param aboveOthers the same less the mean over all other heads
 * @param rankCorrelation over all heads, of share of attention and loss increase (Spearman); NaN where all shares are equal
 */
public record LabelImportance(
        AtlasLabel label,
        int heads,
        int matter,
        Estimate increasePercent,
        Estimate aboveOthers,
        double rankCorrelation) {

    /**
     * Compares every label that a head has.
     *
     * @param labels of each head, in the order of {@link HeadAblation#heads()}
     * @param shares of attention of each label, for the same heads
     * @param verdicts of the same heads
     */
    public static List<LabelImportance> of(
            HeadAblation ablation,
            List<List<AtlasLabel>> labels,
            List<Map<AtlasLabel, Double>> shares,
            List<Verdict> verdicts) {
        EffectEstimates estimates = new EffectEstimates(ablation, Bootstrap.STANDARD);
        double[] increases = ablation.lossIncreasesPercent();
        List<LabelImportance> found = new ArrayList<>();
        for (AtlasLabel label : AtlasLabel.values()) {
            int[] with = IntStream.range(0, labels.size())
                    .filter(head -> labels.get(head).contains(label))
                    .toArray();
            int[] without = IntStream.range(0, labels.size())
                    .filter(head -> !labels.get(head).contains(label))
                    .toArray();
            if (with.length > 0) {
                found.add(new LabelImportance(
                        label,
                        with.length,
                        (int) IntStream.of(with)
                                .filter(head -> verdicts.get(head) == Verdict.MATTERS)
                                .count(),
                        estimates.mean(with),
                        without.length == 0
                                ? Estimate.withoutIntervals(Double.NaN)
                                : estimates.difference(with, without),
                        RankCorrelation.spearman(
                                shares.stream()
                                        .mapToDouble(of -> of.getOrDefault(label, Double.NaN))
                                        .toArray(),
                                increases)));
            }
        }
        return found;
    }
}
