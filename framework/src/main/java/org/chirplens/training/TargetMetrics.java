package org.chirplens.training;

/**
 * How well one target is predicted.
 *
 * @param pearsonR Pearson's correlation of prediction and truth; NaN when either is constant
 * @param mae mean absolute error, in the target's unit
 * @param rmse root of the mean squared error, in the target's unit
 */
public record TargetMetrics(double pearsonR, double mae, double rmse) {}
