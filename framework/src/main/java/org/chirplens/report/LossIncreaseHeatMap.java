package org.chirplens.report;

import java.util.List;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.model.HeadId;

/** How much the loss grows with each head ablated, layers by heads, as Figure 4 of the paper. */
public final class LossIncreaseHeatMap {
    private static final String TITLE = "Loss increase when one head is ablated";

    private final HeadAblation ablation;

    private LossIncreaseHeatMap(HeadAblation ablation) {
        this.ablation = ablation;
    }

    /** Draws the map with the last layer on top, as the paper does. */
    public static Figure draw(HeadAblation ablation) {
        return new LossIncreaseHeatMap(ablation).draw();
    }

    private Figure draw() {
        return new NumberMap(
                        ablation.numLayers(),
                        ablation.numHeads(),
                        ablation.lossIncreasesPercent(),
                        " %",
                        "loss increase (%)")
                .draw(TITLE, subtitle(), TITLE, caption(), description());
    }

    private String subtitle() {
        String cumulative = ablation.isCumulative() ? " (damage adds up)" : "";
        return ablation.protocol() + cumulative + " · " + ablation.labels().length
                + " images · loss of the whole model " + NumberText.significant(ablation.baselineLoss(), 3);
    }

    private String caption() {
        if (ablation.isCumulative()) {
            return "Each cell is one head, with the relative growth of the loss as the published code measures it: with a"
                    + " weight row of every head before it zeroed too and never restored, so that the damage adds up from"
                    + " layer to layer and head to head. It does not show how much the model depends on a head.";
        }
        return "Each cell is one head, with the relative growth of the loss when it alone is ablated: the darker the"
                + " orange, the more the model depends on it; blue marks heads without which the loss is lower.";
    }

    private String description() {
        List<HeadId> heads = HeadRanking.of(ablation);
        HeadId most = heads.get(0);
        HeadId least = heads.get(heads.size() - 1);
        return "A heat map of " + ablation.numLayers() + " layers by " + ablation.numHeads()
                + " heads. The loss grows the most, by " + percent(most) + ", without " + most.title()
                + "; it changes by " + percent(least) + " without " + least.title() + ".";
    }

    private String percent(HeadId id) {
        return NumberText.signedPercent(ablation.lossIncreasePercent(id));
    }
}
