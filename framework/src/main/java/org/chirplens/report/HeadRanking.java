package org.chirplens.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.model.HeadId;

/** Heads by what their ablation costs. */
final class HeadRanking {
    private HeadRanking() {}

    /** All heads, the largest loss increase first; equal ones, and those without a number, in model order. */
    static List<HeadId> of(HeadAblation ablation) {
        Map<HeadId, Double> increase = new HashMap<>();
        for (HeadId id : ablation.heads()) {
            double value = ablation.lossIncreasePercent(id);
            increase.put(id, Double.isNaN(value) ? Double.NEGATIVE_INFINITY : value);
        }
        List<HeadId> heads = new ArrayList<>(ablation.heads());
        heads.sort((a, b) -> Double.compare(increase.getOrDefault(b, 0.0), increase.getOrDefault(a, 0.0)));
        return heads;
    }
}
