package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.chirplens.chirp.Chirp;

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
        return over(Arrays.stream(indices).mapToObj(images::label).toList());
    }

    /**
     * Mean and population standard deviation over all rows of a label table, as the released training script takes
     * them.
     *
     * @throws IllegalArgumentException naming file, line and column of every value that breaks a rule
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static TargetScaling overTable(Path labels) {
        List<Chirp> chirps = LabelTable.read(labels);
        if (chirps.isEmpty()) {
            throw new IllegalArgumentException(labels + ": the label table must have at least one row, found none");
        }
        try {
            return over(chirps);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(labels + ": " + e.getMessage(), e);
        }
    }

    private static TargetScaling over(List<Chirp> chirps) {
        double[] mean = new double[Target.COUNT];
        double[] std = new double[Target.COUNT];
        for (Chirp chirp : chirps) {
            double[] targets = Target.allOf(chirp);
            for (int t = 0; t < Target.COUNT; t++) {
                mean[t] += targets[t] / chirps.size();
            }
        }
        for (Chirp chirp : chirps) {
            double[] targets = Target.allOf(chirp);
            for (int t = 0; t < Target.COUNT; t++) {
                std[t] += (targets[t] - mean[t]) * (targets[t] - mean[t]) / chirps.size();
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
