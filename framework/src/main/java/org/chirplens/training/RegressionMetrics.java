package org.chirplens.training;

import java.util.List;
import org.chirplens.dataset.TargetScaling;

/**
 * How well a model predicts.
 *
 * @param images number of images
 * @param mse mean squared error on standardised labels, over all images and targets
 * @param targets one entry per target, in the order of the model's outputs
 */
public record RegressionMetrics(int images, double mse, List<TargetMetrics> targets) {
    public RegressionMetrics {
        targets = List.copyOf(targets);
    }

    /**
     * Compares predictions with labels.
     *
     * @param predictions standardised predictions [images][targets]
     * @param labels standardised labels [images][targets]
     * @param scaling turns both into physical units
     */
    public static RegressionMetrics of(float[][] predictions, float[][] labels, TargetScaling scaling) {
        ErrorSums sums = new ErrorSums(predictions, labels, scaling);
        return sums.metrics(sums.total(), predictions.length);
    }
}
