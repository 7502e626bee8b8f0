package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.RankCorrelation;

/**
 * How far protocols agree on which heads matter: Spearman's rank correlation of their loss increases, and the heads that
 * they judge differently.
 *
 * @param protocols names of the protocols
 * @param pairs every two of the protocols
 * @param orders each protocol against the order of the sweep, layer by layer and head by head: a procedure whose damage
 *     adds up makes later heads look important, and shows here
 * @param heads every head with its verdicts
 */
public record ProtocolAgreement(List<String> protocols, List<Pair> pairs, List<Order> orders, List<Head> heads) {
    /**
     * Two protocols.
     *
     * @param spearman rank correlation of their loss increases over all heads
     * @param flips number of heads with another verdict by one than by the other
     */
    public record Pair(String a, String b, double spearman, int flips) {}

    /** A protocol and the rank correlation of its loss increases with the numbers of the heads in the sweep. */
    public record Order(String protocol, double spearman) {}

    /**
     * A head.
     *
     * @param verdicts one for each protocol, in their order
     */
    public record Head(HeadId id, List<Verdict> verdicts) {
        public Head {
            verdicts = List.copyOf(verdicts);
        }

        /** Whether the verdict depends on the protocol. */
        public boolean flips() {
            return verdicts.stream().distinct().count() > 1;
        }
    }

    public ProtocolAgreement {
        protocols = List.copyOf(protocols);
        pairs = List.copyOf(pairs);
        orders = List.copyOf(orders);
        heads = List.copyOf(heads);
    }

    /** Compares ablations of one model. */
    public static ProtocolAgreement of(List<HeadStatistics> all) {
        List<Pair> pairs = new ArrayList<>();
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            HeadStatistics a = all.get(i);
            double[] increases = a.ablation().lossIncreasesPercent();
            for (HeadStatistics b : all.subList(i + 1, all.size())) {
                pairs.add(new Pair(
                        a.ablation().protocol(),
                        b.ablation().protocol(),
                        RankCorrelation.spearman(increases, b.ablation().lossIncreasesPercent()),
                        flips(a, b)));
            }
            double[] order =
                    IntStream.range(0, increases.length).asDoubleStream().toArray();
            orders.add(new Order(a.ablation().protocol(), RankCorrelation.spearman(increases, order)));
        }
        return new ProtocolAgreement(
                all.stream().map(one -> one.ablation().protocol()).toList(), pairs, orders, heads(all));
    }

    private static int flips(HeadStatistics a, HeadStatistics b) {
        return (int) IntStream.range(0, a.pooled().size())
                .filter(head -> Verdict.of(a.pooled().get(head))
                        != Verdict.of(b.pooled().get(head)))
                .count();
    }

    private static List<Head> heads(List<HeadStatistics> all) {
        return all.get(0).ablation().heads().stream()
                .map(id -> new Head(
                        id, all.stream().map(one -> Verdict.of(one.effect(id))).toList()))
                .toList();
    }
}
