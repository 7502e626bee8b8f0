package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * The affine map between targets in physical units and the standardised values that a model is trained on:
 * {@code z = (y - mean) / std}.
 *
 * @param targets what is scaled, in the order of the model's outputs
 * @param mean mean of each target, in its unit
 * @param std population standard deviation (divisor n) of each target, in its unit, above 0
 */
public record TargetScaling(List<Target> targets, double[] mean, double[] std) {
    public TargetScaling {
        targets = Target.requireDistinct(targets);
        if (mean.length != targets.size() || std.length != targets.size()) {
            throw new IllegalArgumentException("mean and std must have " + targets.size() + " values each, found "
                    + mean.length + " and " + std.length);
        }
        for (int t = 0; t < std.length; t++) {
            if (!(std[t] > 0) || !Double.isFinite(std[t])) {
                throw new IllegalArgumentException("std must be above 0 for every target, found " + std[t] + " for "
                        + targets.get(t).key() + " in " + Arrays.toString(std));
            }
        }
    }

    /** The scaling of the released targets. */
    public static TargetScaling released(double[] mean, double[] std) {
        return new TargetScaling(Target.RELEASED, mean, std);
    }

    /** The scaling that changes nothing. */
    public static TargetScaling identity(List<Target> targets) {
        double[] ones = new double[targets.size()];
        Arrays.fill(ones, 1);
        return new TargetScaling(targets, new double[targets.size()], ones);
    }

    /** Mean and population standard deviation over the given images of a data set. */
    public static TargetScaling over(ImageSet images, int[] indices) {
        return over(
                images.targets(), Arrays.stream(indices).mapToObj(images::label).toList());
    }

    /**
     * Mean and population standard deviation over all rows of a label table, as the released training script takes
     * them.
     *
     * @throws IllegalArgumentException naming file, line and column of every value that breaks a rule
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static TargetScaling overTable(Path labels) {
        List<double[]> rows =
                LabelTable.read(labels).stream().map(Target::allOf).toList();
        if (rows.isEmpty()) {
            throw new IllegalArgumentException(labels + ": the label table must have at least one row, found none");
        }
        try {
            return over(Target.RELEASED, rows);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(labels + ": " + e.getMessage(), e);
        }
    }

    private static TargetScaling over(List<Target> targets, List<double[]> labels) {
        double[] mean = new double[targets.size()];
        double[] std = new double[targets.size()];
        for (double[] label : labels) {
            for (int t = 0; t < mean.length; t++) {
                mean[t] += label[t] / labels.size();
            }
        }
        for (double[] label : labels) {
            for (int t = 0; t < mean.length; t++) {
                std[t] += (label[t] - mean[t]) * (label[t] - mean[t]) / labels.size();
            }
        }
        for (int t = 0; t < mean.length; t++) {
            int target = t;
            boolean differ = labels.stream()
                            .mapToDouble(label -> label[target])
                            .distinct()
                            .limit(2)
                            .count()
                    > 1;
            std[t] = differ ? Math.sqrt(std[t]) : 0; // the rounding of the mean is no deviation
        }
        return new TargetScaling(targets, mean, std);
    }

    /** A physical value as the model's standardised one. */
    public double standardise(int target, double physical) {
        return (physical - mean[target]) / std[target];
    }

    /** The values of all targets as the model's standardised ones. */
    public float[] standardise(double[] physical) {
        float[] standardised = new float[physical.length];
        for (int t = 0; t < physical.length; t++) {
            standardised[t] = (float) standardise(t, physical[t]);
        }
        return standardised;
    }

    /** A standardised value in the target's unit. */
    public double toPhysical(int target, double standardised) {
        return standardised * std[target] + mean[target];
    }
}
