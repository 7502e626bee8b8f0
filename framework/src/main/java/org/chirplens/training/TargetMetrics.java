package org.chirplens.training;

/**
 * How well one target is predicted.
 *
 * @param pearsonR Pearson's correlation of prediction and truth; NaN when either is constant
 * @param r2 coefficient of determination, 1 - SSE / SST with the sums of squares about the truth's mean over the same
 *     images; at most 1, below 0 where the mean would predict better; NaN when the truth is constant
 * @param mae mean absolute error, in the target's unit
 * @param rmse root of the mean squared error, in the target's unit
 */
public record TargetMetrics(double pearsonR, double r2, double mae, double rmse) {
    /** The mean squared error, in the square of the target's unit. */
    public double mse() {
        return rmse * rmse;
    }
}
