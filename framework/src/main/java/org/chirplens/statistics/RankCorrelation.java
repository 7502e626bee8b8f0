package org.chirplens.statistics;

import java.util.stream.DoubleStream;
import org.apache.commons.statistics.ranking.NaturalRanking;
import org.apache.commons.statistics.ranking.RankingAlgorithm;
import org.apache.commons.statistics.ranking.TiesStrategy;

/** Correlation of ranks: C. Spearman, "The proof and measurement of association between two things" (1904). */
public final class RankCorrelation {
    private static final RankingAlgorithm RANKING = new NaturalRanking(TiesStrategy.AVERAGE);

    private RankCorrelation() {}

    /** Pearson's correlation of the ranks, ties at their average; NaN when all values of one side are equal or one is NaN. */
    public static double spearman(double[] x, double[] y) {
        if (x.length != y.length) {
            throw new IllegalArgumentException(
                    "two lists of equal length are needed, found " + x.length + " and " + y.length + " values");
        }
        if (DoubleStream.concat(DoubleStream.of(x), DoubleStream.of(y)).anyMatch(Double::isNaN)) {
            return Double.NaN;
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
