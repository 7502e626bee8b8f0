package org.chirplens.experiments.config;

import java.util.LinkedHashSet;
import java.util.List;
import org.chirplens.analysis.Attribution;
import org.chirplens.analysis.Protocol;

/** What is computed of the fine-tuned model. */
public record AnalysisSettings(
        @Setting(value = "Test images whose attention maps are written.", byDefault = "4", min = 0)
        int attentionImages,

        @Setting(value = "Test images that every head's ablation is measured on; 0: all.", byDefault = "256", min = 0)
        int ablationImages,

        @Setting(
                value =
                        "Of the ablation images, how many choose the most important heads, which are then reported on the"
                                + " others; 0: none. At least two must be left.",
                byDefault = "0",
                min = 0)
        int selectionImages,

        @Setting(value = "How many heads selectionImages choose.", byDefault = "10", min = 1)
        int selectedHeads,

        @Setting(value = "Ablation protocols; docs/methods.md defines them.", byDefault = "[head_mask]")
        List<Protocol> protocols,

        @Setting(
                value =
                        "What is computed beyond the ablation of single heads: screening, direct, lens, pairs, cumulative,"
                                + " patching; docs/methods.md defines them.",
                byDefault = "[]")
        List<Attribution> attributions,

        @Setting(value = "Test images that attributions are measured on; 0: all.", byDefault = "64", min = 0)
        int attributionImages,

        @Setting(value = "Heads that pairs are taken of, the most important ones.", byDefault = "8", min = 2)
        int pairHeads,

        @Setting(value = "Pairs of drawn images for each factor of patching.", byDefault = "64", min = 2)
        int patchingPairs,

        @Setting(
                value =
                        "Images of a batch of the protocol released, whose numbers depend on it; the published example's.",
                byDefault = "32",
                min = 1)
        int releasedBatch,

        @Setting(value = "Images of a forward pass.", byDefault = "32", min = 1)
        int batchSize) {
    public AnalysisSettings {
        protocols = List.copyOf(new LinkedHashSet<>(protocols));
        attributions = List.copyOf(new LinkedHashSet<>(attributions));
    }
}
