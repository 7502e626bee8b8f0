package org.chirplens.report;

import java.util.List;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.LabelImportance;
import org.chirplens.analysis.Verdict;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Interval;

/**
 * An ablation and how sure its results are.
 *
 * @param ablation what was measured
 * @param pooled the effect of each head on all targets together, in the order of {@link HeadAblation#heads()}
 * @param byTarget the same for each target; empty where nobody has computed them
 * @param csv the text of the table of heads, {@code <protocol>.csv}, which the report offers for download
 * @param byLabel whether the heads of a label are the ones that matter; empty without a head atlas
 */
public record AblationResults(
        HeadAblation ablation,
        List<Effect> pooled,
        List<List<Effect>> byTarget,
        String csv,
        List<LabelImportance> byLabel) {
    public AblationResults {
        byLabel = List.copyOf(byLabel);
        pooled = List.copyOf(pooled);
        byTarget = List.copyOf(byTarget);
        if (pooled.size() != ablation.heads().size()) {
            throw new IllegalArgumentException(ablation.protocol() + ": effects must be those of "
                    + ablation.heads().size() + " heads, found " + pooled.size());
        }
    }

    /**
     * What the loss does without a head.
     *
     * @param increasePercent the relative loss increase
     * @param interval its 95 % confidence interval
     * @param pAdjusted of the sign-flip test, adjusted by Holm's method; NaN where there is no test
     */
    public record Effect(double increasePercent, Interval interval, double pAdjusted) {
        /** What it says of the head. */
        public Verdict verdict() {
            return Verdict.of(increasePercent, pAdjusted);
        }
    }

    /** An ablation beside which there is no head atlas. */
    public AblationResults(HeadAblation ablation, List<Effect> pooled, List<List<Effect>> byTarget, String csv) {
        this(ablation, pooled, byTarget, csv, List.of());
    }

    /** The same beside a head atlas. */
    public AblationResults with(List<LabelImportance> labels) {
        return new AblationResults(ablation, pooled, byTarget, csv, labels);
    }

    Effect effect(HeadId id) {
        return pooled.get(id.layer() * ablation.numHeads() + id.head());
    }

    /** How many heads have a verdict. */
    long count(Verdict verdict) {
        return pooled.stream().filter(effect -> effect.verdict() == verdict).count();
    }
}
