package org.chirplens.analysis;

import org.chirplens.model.HeadId;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.MultipleTesting.PValue;
import org.chirplens.statistics.SampleSize;

/**
 * What a model does without one of its heads, for one target or for all of them pooled. Everything but percent is in
 * standardised units; {@link #inUnitOf} has physical ones.
 *
 * @param head which head
 * @param loss mean squared error without the head
 * @param lossIncrease mean over images of the squared error without the head minus that with it
 * @param lossIncreasePercent 100 times that over the whole model's mean squared error, both resampled together
 * @param meanShift mean of the prediction without the head minus that with it; pooled it is not defined, since targets
 *     have different units
 * @param meanAbsoluteShift mean size of that difference; pooled, the mean over the targets
 * @param wasserstein distance of the distribution of the predictions without the head from that with it, images not
 *     paired: at least the size of the mean shift, at most the mean absolute shift; pooled, the mean over the targets
 * @param signFlip test whether the mean loss increase is 0; adjusted over the heads when pooled, else over heads and
 *     targets together
 * @param wilcoxon test whether errors are as often and as far larger as smaller without the head; adjusted likewise
 * @param rankBiserial how one-sided that is, in [-1, 1], see {@link org.chirplens.statistics.WilcoxonTest}
 * @param imagesNeeded images that would settle the sign of the mean loss increase, see {@link SampleSize#STANDARD};
 *     infinite for a head that does nothing
 */
public record HeadEffect(
        HeadId head,
        Estimate loss,
        Estimate lossIncrease,
        Estimate lossIncreasePercent,
        Estimate meanShift,
        Estimate meanAbsoluteShift,
        double wasserstein,
        PValue signFlip,
        PValue wilcoxon,
        double rankBiserial,
        double imagesNeeded) {
    /**
     * The effect on a target in its own unit, losses in its square.
     *
     * @param std of the target's labels in that unit, which standardising divided by
     */
    public HeadEffect inUnitOf(double std) {
        return new HeadEffect(
                head,
                loss.scaled(std * std),
                lossIncrease.scaled(std * std),
                lossIncreasePercent,
                meanShift.scaled(std),
                meanAbsoluteShift.scaled(std),
                std * wasserstein,
                signFlip,
                wilcoxon,
                rankBiserial,
                imagesNeeded);
    }
}
