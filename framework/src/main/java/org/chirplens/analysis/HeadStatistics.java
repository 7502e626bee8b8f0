package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.MultipleTesting;
import org.chirplens.statistics.MultipleTesting.PValue;
import org.chirplens.statistics.SampleSize;
import org.chirplens.statistics.SplitHalf;
import org.chirplens.statistics.WilcoxonTest;
import org.jspecify.annotations.Nullable;

/**
 * How sure the results of a {@link HeadAblation} are: every head's effect with intervals and tests, layers compared, and how
 * stable the order of the heads is. All intervals are of the same resamples of the images. They say what other images may
 * show of this model, nothing of another training run.
 *
 * <p>Heads that were chosen because their effects are large look better on the images that chose them than on others.
 * {@code of(ablation.onImages(one half))} chooses, {@code of(ablation.onImages(the other))} reports.
 *
 * <p>Where a loss is a mean of batch means ({@link HeadAblation#lossBatch}), an image of a smaller last batch counts more. The
 * same weights are used here: estimates are the losses of the ablation, and images are resampled together with their
 * weights. Under {@link Protocol#RELEASED} the damage of the heads before is in every number, and images of one batch
 * share it; intervals and tests, which take images as independent, then describe this order of images only.
 *
 * @param ablation what was computed from
 * @param pooled effect of each head on all targets together, in the order of {@link HeadAblation#heads()}
 * @param byTarget the same for each target
 * @param pooledLayers layers by the loss over all targets
 * @param layersByTarget the same for each target
 * @param stability of the order of the heads by their pooled loss increase; null for a single image
 */
public record HeadStatistics(
        HeadAblation ablation,
        List<HeadEffect> pooled,
        List<List<HeadEffect>> byTarget,
        LayerEffects pooledLayers,
        List<LayerEffects> layersByTarget,
        @Nullable SplitHalf stability) {
    /** Layers are compared by halves, and by thirds as the paper speaks of early, middle and deep ones. */
    private static final int[] PARTS = {2, 3};

    /** Heads that count as the first ones where stability is asked for. */
    private static final int TOP = 10;

    public HeadStatistics {
        pooled = List.copyOf(pooled);
        byTarget = List.copyOf(byTarget);
        layersByTarget = List.copyOf(layersByTarget);
    }

    /** The statistics by {@link Bootstrap#STANDARD}, layers by halves and thirds. */
    public static HeadStatistics of(HeadAblation ablation) {
        return of(ablation, Bootstrap.STANDARD, PARTS);
    }

    /**
     * The statistics of an ablation of at least one image.
     *
     * @param parts into how many parts layers are cut, to compare the deepest with the earliest; more parts than layers
     *     are left out
     */
    public static HeadStatistics of(HeadAblation ablation, Bootstrap bootstrap, int... parts) {
        if (ablation.labels().length == 0 || ablation.ablated().length == 0) {
            throw new IllegalArgumentException(
                    ablation.protocol() + ": at least one image and one head are needed, found "
                            + ablation.labels().length + " and " + ablation.ablated().length);
        }
        EffectEstimates estimates = new EffectEstimates(ablation, bootstrap);
        int[] targets = IntStream.range(0, ablation.numTargets()).toArray();
        return new HeadStatistics(
                ablation,
                family(ablation, estimates, EffectEstimates.POOLED).get(0),
                family(ablation, estimates, targets),
                estimates.layers(EffectEstimates.POOLED, parts),
                Arrays.stream(targets)
                        .mapToObj(target -> estimates.layers(target, parts))
                        .toList(),
                ablation.labels().length < 2
                        ? null
                        : SplitHalf.of(new PooledIncreases(ablation), SplitHalf.SPLITS, TOP));
    }

    /** The effects of all heads on some targets, [targets][heads], with p-values adjusted over all of them. */
    private static List<List<HeadEffect>> family(HeadAblation ablation, EffectEstimates estimates, int... targets) {
        EffectEstimates.Tests tests = estimates.tests(targets);
        PValue[] signFlip = MultipleTesting.family(tests.signFlip());
        PValue[] wilcoxon = MultipleTesting.family(Arrays.stream(tests.wilcoxon())
                .mapToDouble(WilcoxonTest::pValue)
                .toArray());
        int heads = ablation.ablated().length;
        List<List<HeadEffect>> effects = new ArrayList<>();
        for (int t = 0; t < targets.length; t++) {
            int target = targets[t];
            int first = t * heads;
            effects.add(IntStream.range(0, heads)
                    .parallel()
                    .mapToObj(head -> estimates.effect(
                            head,
                            target,
                            signFlip[first + head],
                            wilcoxon[first + head],
                            tests.wilcoxon()[first + head].rankBiserial()))
                    .toList());
        }
        return effects;
    }

    /** A head's effect on all targets together. */
    public HeadEffect effect(HeadId head) {
        return pooled.get(place(head));
    }

    /** A head's effect on one target, by its place among the model's outputs. */
    public HeadEffect effect(HeadId head, int target) {
        return byTarget.get(target).get(place(head));
    }

    /** Images that would settle the sign of a head's pooled mean loss increase, by another test than the standard one. */
    public double imagesNeeded(HeadId head, SampleSize test) {
        return test.forSignOf(new PooledIncreases(ablation).column(place(head)));
    }

    private int place(HeadId head) {
        return head.layer() * ablation.numHeads() + head.head();
    }
}
