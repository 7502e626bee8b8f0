package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.statistics.RankCorrelation;

/**
 * How far protocols agree on which heads matter: Spearman's rank correlation of their loss increases.
 *
 * @param pairs every two of the protocols
 * @param orders each protocol against the order of the sweep, layer by layer and head by head: a procedure whose damage
 *     adds up makes later heads look important, and shows here
 */
public record ProtocolAgreement(List<Pair> pairs, List<Order> orders) {
    /** Two protocols and the rank correlation of their loss increases over all heads. */
    public record Pair(String a, String b, double spearman) {}

    /** A protocol and the rank correlation of its loss increases with the numbers of the heads in the sweep. */
    public record Order(String protocol, double spearman) {}

    /** Compares ablations of one model. */
    public static ProtocolAgreement of(List<HeadAblation> ablations) {
        List<Pair> pairs = new ArrayList<>();
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < ablations.size(); i++) {
            HeadAblation a = ablations.get(i);
            double[] increases = a.lossIncreasesPercent();
            for (HeadAblation b : ablations.subList(i + 1, ablations.size())) {
                pairs.add(new Pair(
                        a.protocol(), b.protocol(), RankCorrelation.spearman(increases, b.lossIncreasesPercent())));
            }
            double[] order =
                    IntStream.range(0, increases.length).asDoubleStream().toArray();
            orders.add(new Order(a.protocol(), RankCorrelation.spearman(increases, order)));
        }
        return new ProtocolAgreement(pairs, orders);
    }
}
