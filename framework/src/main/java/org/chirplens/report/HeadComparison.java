package org.chirplens.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.model.HeadId;
import org.chirplens.report.AblationResults.Effect;
import org.chirplens.statistics.Interval;
import org.chirplens.statistics.RankCorrelation;

/**
 * The heads of two models of one shape beside each other, by an ablation of each.
 *
 * @param a one ablation
 * @param b the other, of as many layers and heads
 */
public record HeadComparison(AblationResults a, AblationResults b) {
    public HeadComparison {
        if (!sameShape(a.ablation(), b.ablation())) {
            throw new IllegalArgumentException("ablations must be of as many layers and heads to be compared, found "
                    + a.ablation().protocol() + " of " + shape(a.ablation()) + " and "
                    + b.ablation().protocol() + " of " + shape(b.ablation()));
        }
    }

    /**
     * What can be compared of two runs: the protocols that both have, where the models are of one shape; where each run has
     * one protocol only, these two.
     */
    static List<HeadComparison> of(List<AblationResults> a, List<AblationResults> b) {
        List<HeadComparison> pairs = new ArrayList<>();
        for (AblationResults one : a) {
            named(b, one.ablation().protocol())
                    .or(() -> a.size() == 1 && b.size() == 1 ? Optional.of(b.get(0)) : Optional.empty())
                    .filter(other -> sameShape(one.ablation(), other.ablation()))
                    .ifPresent(other -> pairs.add(new HeadComparison(one, other)));
        }
        return pairs;
    }

    private static Optional<AblationResults> named(List<AblationResults> all, String protocol) {
        return all.stream()
                .filter(one -> one.ablation().protocol().equals(protocol))
                .findFirst();
    }

    static boolean sameShape(HeadAblation a, HeadAblation b) {
        return a.numLayers() == b.numLayers() && a.numHeads() == b.numHeads();
    }

    /** Such as {@code 12 layers of 12 heads}. */
    static String shape(HeadAblation ablation) {
        return ablation.numLayers() + " layers of " + ablation.numHeads() + " heads";
    }

    /** The name of its files: the protocol, or {@code released-vs-head_mask} where there are two. */
    public String name() {
        String first = a.ablation().protocol();
        String second = b.ablation().protocol();
        return first.equals(second) ? first : first + "-vs-" + second;
    }

    /** The name for people: the protocol, or which run has which. */
    String title() {
        String first = a.ablation().protocol();
        String second = b.ablation().protocol();
        return first.equals(second) ? first : first + " in A, " + second + " in B";
    }

    List<HeadId> heads() {
        return a.ablation().heads();
    }

    /** How much more the loss grows without a head in B than in A, in percentage points. */
    double difference(HeadId id) {
        return b.effect(id).increasePercent() - a.effect(id).increasePercent();
    }

    /** That of each head, in the order of {@link #heads}. */
    double[] differences() {
        return heads().stream().mapToDouble(this::difference).toArray();
    }

    /** Spearman's rank correlation of the loss increases; NaN where one side has no order. */
    double spearman() {
        int[] known = IntStream.range(0, heads().size())
                .filter(i -> !Double.isNaN(a.pooled().get(i).increasePercent())
                        && !Double.isNaN(b.pooled().get(i).increasePercent()))
                .toArray();
        return known.length == 0 ? Double.NaN : RankCorrelation.spearman(increases(a, known), increases(b, known));
    }

    private static double[] increases(AblationResults results, int[] places) {
        return IntStream.of(places)
                .mapToDouble(i -> results.pooled().get(i).increasePercent())
                .toArray();
    }

    boolean hasOtherVerdict(HeadId id) {
        return a.effect(id).verdict() != b.effect(id).verdict();
    }

    /** The heads that the two judge differently, the largest difference first. */
    List<HeadId> otherVerdicts() {
        return byDifference().stream().filter(this::hasOtherVerdict).toList();
    }

    /** All heads, the largest difference of either sign first. */
    List<HeadId> byDifference() {
        return heads().stream()
                .sorted(Comparator.comparingDouble(id -> {
                    double size = Math.abs(difference(id));
                    return Double.isNaN(size) ? Double.POSITIVE_INFINITY : -size;
                }))
                .toList();
    }

    /** How many heads have one verdict in A and another, or the same, in B. */
    long count(Verdict inA, Verdict inB) {
        return heads().stream()
                .filter(id -> a.effect(id).verdict() == inA && b.effect(id).verdict() == inB)
                .count();
    }

    /** The text of the table of heads, counted from 0; a cell is empty where there is no number. */
    public String csv() {
        return "layer,head," + titles("a") + "," + titles("b") + ",difference_points\n"
                + heads().stream()
                        .map(id -> String.format(
                                Locale.ROOT,
                                "%d,%d,%s,%s,%s\n",
                                id.layer(),
                                id.head(),
                                cells(a.effect(id)),
                                cells(b.effect(id)),
                                cell(difference(id))))
                        .collect(Collectors.joining());
    }

    private static String titles(String side) {
        return List.of("loss_increase_percent", "ci_low_percent", "ci_high_percent", "p_adjusted", "verdict").stream()
                .map(title -> title + "_" + side)
                .collect(Collectors.joining(","));
    }

    private static String cells(Effect effect) {
        Interval interval = effect.interval();
        return cell(effect.increasePercent()) + "," + cell(interval.low()) + "," + cell(interval.high()) + ","
                + cell(effect.pAdjusted()) + "," + effect.verdict().key();
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : String.valueOf(value);
    }
}
