package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.RankingAlgorithm;
import org.apache.commons.statistics.ranking.TiesStrategy;

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

    private static final RankingAlgorithm RANKING = new NaturalRanking(TiesStrategy.AVERAGE);

    /** Compares ablations of one model. */
    public static ProtocolAgreement of(List<HeadAblation> ablations) {
        List<Pair> pairs = new ArrayList<>();
        List<Order> orders = new ArrayList<>();
        for (int i = 0; i < ablations.size(); i++) {
            HeadAblation a = ablations.get(i);
            double[] increases = a.lossIncreasesPercent();
            for (HeadAblation b : ablations.subList(i + 1, ablations.size())) {
                pairs.add(new Pair(a.protocol(), b.protocol(), spearman(increases, b.lossIncreasesPercent())));
            }
            double[] order =
                    IntStream.range(0, increases.length).asDoubleStream().toArray();
            orders.add(new Order(a.protocol(), spearman(increases, order)));
        }
        return new ProtocolAgreement(pairs, orders);
    }

    /** Pearson's correlation of the ranks, ties at their average; NaN when all values of one side are equal. */
    public static double spearman(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "two lists of equal length are needed, found " + x.length + " and " + y.length + " values");
        }
        double[] a = RANKING.apply(x);
        double[] b = RANKING.apply(y);
        double mean = (x.length + 1) / 2.0;
        double ab = 0;
        double aa = 0;
        double bb = 0;
        for (int i = 0; i < a.length; i++) {
            ab += (a[i] - mean) * (b[i] - mean);
            aa += (a[i] - mean) * (a[i] - mean);
            bb += (b[i] - mean) * (b[i] - mean);
        }
        return ab / Math.sqrt(aa * bb);
    }
}
