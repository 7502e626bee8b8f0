package org.chirplens.analysis;

import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;

/**
 * The outcome of ablating every head of a model, one at a time.
 *
 * @param protocol name of the protocol, such as {@code head_mask}
 * @param numLayers layers of the model
 * @param numHeads heads of each layer
 * @param labels standardised labels [images][targets]
 * @param baseline standardised predictions without ablation [images][targets]
 * @param ablated standardised predictions with one head ablated [layers * heads][images][targets], heads of layer 0
 *     first
 */
public record HeadAblation(
        String protocol, int numLayers, int numHeads, float[][] labels, float[][] baseline, float[][][] ablated) {
    public HeadAblation {
        if (ablated.length != numLayers * numHeads || baseline.length != labels.length) {
            throw new IllegalArgumentException("expected " + numLayers * numHeads + " heads and " + labels.length
                    + " images, found " + ablated.length + " and " + baseline.length);
        }
    }

    /** The heads in the order of {@link #ablated}. */
    public List<HeadId> heads() {
        return IntStream.range(0, numLayers * numHeads)
                .mapToObj(i -> new HeadId(i / numHeads, i % numHeads))
                .toList();
    }

    /** Mean squared error of the whole model, over all images and targets. */
    public double baselineLoss() {
        return meanSquaredError(baseline, labels);
    }

    /** Mean squared error with one head ablated, over all images and targets. */
    public double ablatedLoss(HeadId id) {
        return meanSquaredError(predictions(id), labels);
    }

    /** Mean squared error of one target with one head ablated. */
    public double ablatedLoss(HeadId id, Target target) {
        return meanSquaredError(predictions(id), labels, target.ordinal(), target.ordinal() + 1);
    }

    /** {@code 100 (ablated - baseline) / baseline}: how much the loss grows, in percent. */
    public double lossIncreasePercent(HeadId id) {
        double baselineLoss = baselineLoss();
        return 100 * (ablatedLoss(id) - baselineLoss) / baselineLoss;
    }

    /** The standardised predictions with one head ablated [images][targets]. */
    public float[][] predictions(HeadId id) {
        return ablated[id.layer() * numHeads + id.head()];
    }

    /** Mean squared error over all images and targets. */
    public static double meanSquaredError(float[][] predictions, float[][] labels) {
        return meanSquaredError(predictions, labels, 0, Target.COUNT);
    }

    private static double meanSquaredError(float[][] predictions, float[][] labels, int from, int to) {
        double sum = 0;
        for (int i = 0; i < predictions.length; i++) {
            for (int t = from; t < to; t++) {
                double error = (double) predictions[i][t] - labels[i][t];
                sum += error * error;
            }
        }
        return sum / ((double) predictions.length * (to - from));
    }
}
