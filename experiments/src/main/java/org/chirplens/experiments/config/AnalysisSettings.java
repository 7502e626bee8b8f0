package org.chirplens.experiments.config;

import java.util.LinkedHashSet;
import java.util.List;
import org.chirplens.analysis.AtlasSettings;
import org.chirplens.analysis.AttentionReading;
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
                                + " others; 0: none. At least two must be left. An image and its counterfactuals stay together.",
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

        @Setting("What each head looks at; docs/methods.md defines it.")
        Atlas atlas,

        @Setting(value = "Images of a forward pass.", byDefault = "32", min = 1)
        int batchSize) {
    /** What each head looks at. */
    public record Atlas(
            @Setting(
                    value =
                            "Test images that the head atlas is made of, when they are figures of chirps; 0: no atlas. At"
                                    + " least four are needed.",
                    byDefault = "64",
                    min = 0)
            int images,

            @Setting(
                    value = "Whose attention is looked at: the mean over the patches, or that of the CLS token.",
                    byDefault = "patch_queries")
            AttentionReading reading,

            @Setting(
                    value = "Part of its attention that a head must give to what it is named after.",
                    byDefault = "" + AtlasSettings.MINIMUM_SHARE,
                    above = 0,
                    below = 1)
            double minimumShare,

            @Setting(
                    value = "How many times the part that uniform attention gives it.",
                    byDefault = "" + AtlasSettings.MINIMUM_LIFT,
                    min = 1)
            double minimumLift,

            @Setting(
                    value =
                            "A head without a label is diffuse when the entropy of its attention is at least this part of"
                                    + " that of uniform attention.",
                    byDefault = "" + AtlasSettings.DIFFUSE_ENTROPY,
                    above = 0,
                    max = 1)
            double diffuseEntropy) {
        /** What it takes to get a label. */
        public AtlasSettings settings(long seed) {
            return AtlasSettings.standard(reading, seed).with(minimumShare, minimumLift, diffuseEntropy);
        }
    }

    public AnalysisSettings {
        protocols = List.copyOf(new LinkedHashSet<>(protocols));
        attributions = List.copyOf(new LinkedHashSet<>(attributions));
    }
}
