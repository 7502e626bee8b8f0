package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadTerms.Kind;
import org.chirplens.analysis.LayerEffects.DepthContrast;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.MultipleTesting.PValue;
import org.chirplens.statistics.ResampledSum;
import org.chirplens.statistics.SampleSize;
import org.chirplens.statistics.SignFlipTest;
import org.chirplens.statistics.Wasserstein;
import org.chirplens.statistics.WilcoxonTest;

/** Computes what {@link HeadStatistics} has, from one set of resamples. Targets are given as their place, or {@link #POOLED}. */
final class EffectEstimates {
    /** The mean over all targets in place of one. */
    static final int POOLED = -1;

    private final HeadAblation ablation;
    private final HeadTerms terms;
    private final double[][] drawn;
    private final ResampledSum weight;

    EffectEstimates(HeadAblation ablation, Bootstrap bootstrap) {
        this.ablation = ablation;
        this.terms = new HeadTerms(ablation);
        this.drawn = bootstrap.sums(terms);
        this.weight = sum(HeadTerms.WEIGHT);
    }

    private ResampledSum sum(int field) {
        return new ResampledSum(terms.column(field), drawn[field]);
    }

    private ResampledSum of(int target, IntFunction<ResampledSum> ofTarget) {
        return target == POOLED
                ? ResampledSum.mean(IntStream.range(0, ablation.numTargets())
                        .mapToObj(ofTarget)
                        .toList())
                : ofTarget.apply(target);
    }

    private ResampledSum baseline(int target) {
        return of(target, t -> sum(terms.baseline(t)));
    }

    private ResampledSum of(int head, Kind kind, int target) {
        return of(target, t -> sum(terms.field(head, kind, t)));
    }

    /**
     * The p-values of one family of tests, head by head for the first target, then for the next.
     *
     * @param signFlip raw p-values
     * @param wilcoxon raw tests
     */
    record Tests(double[] signFlip, WilcoxonTest[] wilcoxon) {}

    Tests tests(int... targets) {
        int heads = ablation.ablated().length;
        double[] signFlip = new double[targets.length * heads];
        WilcoxonTest[] wilcoxon = new WilcoxonTest[signFlip.length];
        double[] weights = weight.terms();
        IntStream.range(0, signFlip.length).parallel().forEach(at -> {
            double[] increases =
                    of(at % heads, Kind.INCREASE, targets[at / heads]).terms();
            signFlip[at] = SignFlipTest.pValue(increases);
            // Ranks are of images, whatever an image counts in the mean.
            wilcoxon[at] = WilcoxonTest.of(IntStream.range(0, increases.length)
                    .mapToDouble(i -> increases[i] / weights[i])
                    .toArray());
        });
        return new Tests(signFlip, wilcoxon);
    }

    HeadEffect effect(int head, int target, PValue signFlip, PValue wilcoxon, double rankBiserial) {
        ResampledSum baseline = baseline(target);
        ResampledSum increase = of(head, Kind.INCREASE, target);
        // Shifts are no losses: every image counts alike.
        ResampledSum images = images();
        return new HeadEffect(
                new HeadId(head / ablation.numHeads(), head % ablation.numHeads()),
                baseline.plus(increase).over(weight, 1),
                increase.over(weight, 1),
                increase.over(baseline, 100),
                target == POOLED
                        ? Estimate.withoutIntervals(Double.NaN)
                        : of(head, Kind.SHIFT, target).over(images, 1),
                of(head, Kind.ABSOLUTE_SHIFT, target).over(images, 1),
                wasserstein(head, target),
                signFlip,
                wilcoxon,
                rankBiserial,
                SampleSize.STANDARD.forSignOf(increase.terms()));
    }

    /** As many ones as there are images, in every resample. */
    private ResampledSum images() {
        double[] ones = new double[weight.terms().length];
        Arrays.fill(ones, 1);
        double[] counts = new double[weight.drawn().length];
        Arrays.fill(counts, ones.length);
        return new ResampledSum(ones, counts);
    }

    private double wasserstein(int head, int target) {
        if (target == POOLED) {
            return IntStream.range(0, ablation.numTargets())
                    .mapToDouble(t -> wasserstein(head, t))
                    .average()
                    .orElseThrow();
        }
        float[][] baseline = ablation.baseline();
        float[] without = ablation.ablated()[head];
        int images = baseline.length;
        return Wasserstein.distance(
                IntStream.range(0, images).mapToDouble(i -> baseline[i][target]).toArray(),
                IntStream.range(0, images)
                        .mapToDouble(i -> without[i * ablation.numTargets() + target])
                        .toArray());
    }

    /** The mean loss increase of some heads on all targets together, in percent of the whole model's loss. */
    Estimate mean(int[] heads) {
        return meanIncrease(IntStream.of(heads), POOLED).over(baseline(POOLED), 100);
    }

    /** The same less the mean of other heads. */
    Estimate difference(int[] heads, int[] others) {
        return meanIncrease(IntStream.of(heads), POOLED)
                .minus(meanIncrease(IntStream.of(others), POOLED))
                .over(baseline(POOLED), 100);
    }

    private ResampledSum meanIncrease(IntStream heads, int target) {
        return ResampledSum.mean(
                heads.mapToObj(head -> of(head, Kind.INCREASE, target)).toList());
    }

    LayerEffects layers(int target, int[] parts) {
        ResampledSum baseline = baseline(target);
        int perLayer = ablation.numHeads();
        List<ResampledSum> layers = IntStream.range(0, ablation.numLayers())
                .mapToObj(layer -> meanIncrease(IntStream.range(layer * perLayer, (layer + 1) * perLayer), target))
                .toList();
        List<DepthContrast> contrasts = new ArrayList<>();
        for (int part : parts) {
            int size = layers.size() / part;
            if (size > 0) {
                ResampledSum early = ResampledSum.mean(layers.subList(0, size));
                ResampledSum deep = ResampledSum.mean(layers.subList(layers.size() - size, layers.size()));
                Estimate ofEarly = early.over(baseline, 100);
                contrasts.add(
                        new DepthContrast(part, size, ofEarly, deep.over(baseline, 100), ratio(deep, early, ofEarly)));
            }
        }
        return new LayerEffects(
                layers.stream().map(layer -> layer.over(baseline, 100)).toList(), contrasts);
    }

    /** Without intervals where the one that is told of the early layers holds 0. */
    private static Estimate ratio(ResampledSum deep, ResampledSum early, Estimate ofEarly) {
        Estimate ratio = deep.over(early, 1);
        return ofEarly.bca().contains(0) ? Estimate.withoutIntervals(ratio.value()) : ratio;
    }
}
