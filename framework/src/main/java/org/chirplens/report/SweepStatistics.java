package org.chirplens.report;

import java.util.stream.DoubleStream;
import org.chirplens.statistics.PermutationTest;
import org.chirplens.statistics.RankCorrelation;

/**
 * One number of every trial, by the values of an axis.
 *
 * @param axis the axis
 * @param values [trials]; NaN where a trial has none
 */
record SweepStatistics(SweepAxis axis, double[] values) {
    /**
     * Numbers of one group of trials.
     *
     * @param n how many there are
     * @param mean NaN without any
     * @param std standard deviation with divisor n-1; NaN for fewer than two
     */
    record Group(int n, double mean, double std) {
        /** {@code 0.123 ± 0.004}, or the mean alone where there is no spread. */
        String text(int digits) {
            String middle = NumberText.significant(mean, digits);
            return n < 2 ? middle : middle + " ± " + NumberText.significant(std, 2);
        }
    }

    Group group(int group) {
        double[] of = axis.group(group).stream()
                .mapToDouble(i -> values[i])
                .filter(Double::isFinite)
                .toArray();
        double mean = DoubleStream.of(of).average().orElse(Double.NaN);
        double squares = DoubleStream.of(of).map(x -> (x - mean) * (x - mean)).sum();
        return new Group(of.length, mean, of.length < 2 ? Double.NaN : Math.sqrt(squares / (of.length - 1)));
    }

    int groups() {
        return axis.distinct().length;
    }

    /** The group with the smallest mean. */
    int lowest() {
        int lowest = 0;
        for (int g = 1; g < groups(); g++) {
            if (group(g).mean() < group(lowest).mean()) {
                lowest = g;
            }
        }
        return lowest;
    }

    /** Standard deviation within a group, pooled over the groups; NaN where no group has two trials. */
    double pooledStd() {
        double squares = 0;
        int freedom = 0;
        for (int g = 0; g < groups(); g++) {
            Group group = group(g);
            if (group.n() > 1) {
                squares += (group.n() - 1) * group.std() * group.std();
                freedom += group.n() - 1;
            }
        }
        return freedom == 0 ? Double.NaN : Math.sqrt(squares / freedom);
    }

    /** Spearman's rank correlation of axis and numbers over the trials. */
    double trend() {
        return RankCorrelation.spearman(axis.values(), values);
    }

    /** Two-sided p-value of {@link #trend} by shuffling. */
    double trendPValue() {
        return PermutationTest.pValue(values.length, order -> {
            double[] shuffled = new double[order.length];
            java.util.Arrays.setAll(shuffled, i -> values[order[i]]);
            return Math.abs(RankCorrelation.spearman(axis.values(), shuffled));
        });
    }
}
