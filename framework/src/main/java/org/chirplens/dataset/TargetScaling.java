package org.chirplens.dataset;

import java.util.Arrays;

/**
 * The affine map between targets in physical units and the standardised values that a model is trained on:
 * {@code z = (y - mean) / std}.
 *
 * @param mean mean of each target, in its unit
 * @param std population standard deviation (divisor n) of each target, in its unit, above 0
 */
public record TargetScaling(double[] mean, double[] std) {
    public TargetScaling {
        if (mean.length != Target.COUNT || std.length != Target.COUNT) {
            throw new IllegalArgumentException("mean and std must have " + Target.COUNT + " values each, found "
                    + mean.length + " and " + std.length);
        }
        for (double s : std) {
            if (!(s > 0) || !Double.isFinite(s)) {
                throw new IllegalArgumentException(
                        "std must be above 0 for every target, found " + Arrays.toString(std));
            }
        }
    }

    /** Mean and population standard deviation over the given images of a data set. */
    public static TargetScaling over(ImageSet images, int[] indices) {
        double[] mean = new double[Target.COUNT];
        double[] std = new double[Target.COUNT];
        for (int index : indices) {
            double[] targets = Target.allOf(images.label(index));
            for (int t = 0; t < Target.COUNT; t++) {
                mean[t] += targets[t] / indices.length;
            }
        }
        for (int index : indices) {
            double[] targets = Target.allOf(images.label(index));
            for (int t = 0; t < Target.COUNT; t++) {
                std[t] += (targets[t] - mean[t]) * (targets[t] - mean[t]) / indices.length;
            }
        }
        for (int t = 0; t < Target.COUNT; t++) {
            std[t] = Math.sqrt(std[t]);
        }
        return new TargetScaling(mean, std);
    }

    /** A physical value as the model's standardised one. */
    public double standardise(int target, double physical) {
        return (physical - mean[target]) / std[target];
    }

    /** A standardised value in the target's unit. */
    public double toPhysical(int target, double standardised) {
        return standardised * std[target] + mean[target];
    }
}
