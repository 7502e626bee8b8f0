package org.chirplens.analysis;

import java.util.List;
import org.chirplens.statistics.PermutationTest;
import org.chirplens.statistics.RankCorrelation;

/**
 * How far trials agree on which heads matter: Spearman's rank correlation of their loss increases, of every two trials, and
 * its mean over pairs of one group (say, one rank with several seeds) beside that over pairs of different groups.
 *
 * @param spearman [trials][trials], symmetrical, 1 on the diagonal; NaN where all heads of a trial are equal
 * @param within pairs of one group
 * @param between pairs of different groups
 * @param pValue share of shuffled groups whose difference {@code within - between} is as large ({@link PermutationTest}); NaN
 *     when there are no pairs of one of the two kinds
 */
public record TrialAgreement(double[][] spearman, Spread within, Spread between, double pValue) {
    /**
     * Correlations of a kind of pairs.
     *
     * @param pairs their number, those without a number left out
     * @param mean NaN without pairs
     * @param std standard deviation over the pairs (divisor n-1); NaN for fewer than two. The pairs share trials, so this
     *     is a description, not an error of the mean
     * @param min smallest
     * @param max largest
     */
    public record Spread(int pairs, double mean, double std, double min, double max) {}

    /**
     * Compares trials.
     *
     * @param importances loss increase of each head, for each trial
     * @param groups the group of each trial
     * @throws IllegalArgumentException when trials have different numbers of heads
     */
    public static TrialAgreement of(List<double[]> importances, int[] groups) {
        int n = importances.size();
        double[][] spearman = new double[n][n];
        for (int i = 0; i < n; i++) {
            spearman[i][i] = 1;
            for (int j = 0; j < i; j++) {
                spearman[i][j] = RankCorrelation.spearman(importances.get(i), importances.get(j));
                spearman[j][i] = spearman[i][j];
            }
        }
        int[] inOrder = java.util.stream.IntStream.range(0, n).toArray();
        return new TrialAgreement(
                spearman,
                spread(spearman, groups, inOrder, true),
                spread(spearman, groups, inOrder, false),
                PermutationTest.pValue(
                        n,
                        order -> spread(spearman, groups, order, true).mean()
                                - spread(spearman, groups, order, false).mean()));
    }

    /** The spread over pairs of trials, where trial {@code i} counts to the group of {@code order[i]}. */
    private static Spread spread(double[][] spearman, int[] groups, int[] order, boolean same) {
        int pairs = 0;
        double sum = 0;
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int i = 0; i < order.length; i++) {
            for (int j = 0; j < i; j++) {
                double r = spearman[i][j];
                if (!Double.isNaN(r) && (groups[order[i]] == groups[order[j]]) == same) {
                    pairs++;
                    sum += r;
                    min = Math.min(min, r);
                    max = Math.max(max, r);
                }
            }
        }
        double mean = pairs == 0 ? Double.NaN : sum / pairs;
        double square = 0;
        for (int i = 0; i < order.length; i++) {
            for (int j = 0; j < i; j++) {
                double r = spearman[i][j];
                if (!Double.isNaN(r) && (groups[order[i]] == groups[order[j]]) == same) {
                    square += (r - mean) * (r - mean);
                }
            }
        }
        double std = pairs < 2 ? Double.NaN : Math.sqrt(square / (pairs - 1));
        return pairs == 0 ? new Spread(0, mean, std, mean, mean) : new Spread(pairs, mean, std, min, max);
    }
}
