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
        int n = predictions.length;
        double squared = 0;
        TargetMetrics[] targets = new TargetMetrics[scaling.targets().size()];
        for (int t = 0; t < targets.length; t++) {
            double absolute = 0;
            double square = 0;
            double meanX = 0;
            double meanY = 0;
            for (int i = 0; i < n; i++) {
                double error = (double) predictions[i][t] - labels[i][t];
                absolute += Math.abs(error);
                square += error * error;
                meanX += predictions[i][t];
                meanY += labels[i][t];
            }
            squared += square;
            double std = scaling.std()[t];
            targets[t] = new TargetMetrics(
                    pearson(predictions, labels, t, meanX / n, meanY / n),
                    std * absolute / n,
                    std * Math.sqrt(square / n));
        }
        return new RegressionMetrics(n, squared / ((double) n * targets.length), List.of(targets));
    }

    private static double pearson(float[][] x, float[][] y, int t, double meanX, double meanY) {
        double xy = 0;
        double xx = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            double dx = x[i][t] - meanX;
            double dy = y[i][t] - meanY;
            xy += dx * dy;
            xx += dx * dx;
            yy += dy * dy;
        }
        return xy / Math.sqrt(xx * yy);
    }
}
