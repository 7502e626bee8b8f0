package org.chirplens.training;

import org.chirplens.dataset.TargetScaling;

/**
 * What a model predicts for some images, beside the truth.
 *
 * @param indices indices of the images in their set
 * @param predictions standardised predictions [images][targets]
 * @param labels standardised labels [images][targets]
 */
public record Predictions(int[] indices, float[][] predictions, float[][] labels) {
    public Predictions {
        Check.that(
                indices.length == predictions.length && indices.length == labels.length,
                "indices, predictions and labels must be equally many",
                indices.length + ", " + predictions.length + " and " + labels.length);
    }

    /** How good the predictions are. */
    public RegressionMetrics metrics(TargetScaling scaling) {
        return RegressionMetrics.of(predictions, labels, scaling);
    }

    /** How far the prediction of a target is off, in the target's unit. */
    public double absoluteError(int image, int target, TargetScaling scaling) {
        return scaling.std()[target] * Math.abs((double) predictions[image][target] - labels[image][target]);
    }
}
