package org.chirplens.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chirplens.analysis.TrialAgreement;

/**
 * Importance of heads over the trials of a sweep, in the order of its axis.
 *
 * @param axis of these trials
 * @param heads of each trial, of models of one size
 * @param agreement of the trials
 */
record SweepHeads(SweepAxis axis, List<SweepTrial.Heads> heads, TrialAgreement agreement) {
    /** One for each protocol that two trials or more were ablated by. */
    static List<SweepHeads> of(SweepData done, SweepAxis axis) {
        Set<String> protocols = new LinkedHashSet<>();
        done.trials().forEach(trial -> trial.heads().forEach(heads -> protocols.add(heads.protocol())));
        List<SweepHeads> all = new ArrayList<>();
        for (String protocol : protocols) {
            List<Integer> trials = new ArrayList<>();
            List<SweepTrial.Heads> heads = new ArrayList<>();
            for (int i : axis.inOrder()) {
                done.trials().get(i).heads().stream()
                        .filter(of -> of.protocol().equals(protocol))
                        .filter(of -> heads.isEmpty() || sameSize(of, heads.get(0)))
                        .findFirst()
                        .ifPresent(of -> {
                            trials.add(i);
                            heads.add(of);
                        });
            }
            if (heads.size() > 1) {
                SweepAxis only = axis.only(trials);
                List<double[]> increases =
                        heads.stream().map(SweepTrial.Heads::increases).toList();
                all.add(new SweepHeads(only, heads, TrialAgreement.of(increases, only.groups())));
            }
        }
        return all;
    }

    /** Heads of models of another size than the first trial's cannot be compared head by head. */
    private static boolean sameSize(SweepTrial.Heads a, SweepTrial.Heads b) {
        return a.numLayers() == b.numLayers() && a.numHeads() == b.numHeads();
    }

    String protocol() {
        return heads.get(0).protocol();
    }

    int count() {
        return heads.get(0).increases().length;
    }

    /** The head with the largest mean loss increase over all trials, by its place. */
    int mostImportant() {
        double[] sum = new double[count()];
        for (SweepTrial.Heads of : heads) {
            for (int h = 0; h < sum.length; h++) {
                sum[h] += of.increases()[h];
            }
        }
        return HeadMaps.largest(sum);
    }

    /** In how many trials a head is the most important one. */
    long firstIn(int head) {
        return heads.stream()
                .filter(of -> HeadMaps.largest(of.increases()) == head)
                .count();
    }
}
