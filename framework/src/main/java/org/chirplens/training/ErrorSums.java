package org.chirplens.training;

import java.util.List;
import org.chirplens.dataset.TargetScaling;

/**
 * The sums over images that every metric is a function of. What an image adds to them is kept, so that the metrics of
 * the images without one, or of some of them several times, take a pass over numbers and none over the images.
 */
final class ErrorSums {
    /** For each target: |e|, e², x, y, x², y², xy, where x is the prediction, y the label and e = x - y. */
    private static final int FIELDS = 7;

    /** A variance below this share of the sum of squares is what rounding leaves of 0. */
    private static final double NO_VARIANCE = 1e-12;

    private final TargetScaling scaling;
    private final double[][] terms;

    /**
     * @param predictions standardised predictions [images][targets]
     * @param labels standardised labels [images][targets]
     */
    ErrorSums(float[][] predictions, float[][] labels, TargetScaling scaling) {
        this.scaling = scaling;
        int targets = scaling.targets().size();
        // Counted from the labels' mean, squares stay small and their differences exact.
        double[] origin = means(labels, targets);
        this.terms = new double[predictions.length][FIELDS * targets];
        for (int i = 0; i < terms.length; i++) {
            for (int t = 0; t < targets; t++) {
                put(terms[i], FIELDS * t, predictions[i][t], labels[i][t], origin[t]);
            }
        }
    }

    private static double[] means(float[][] labels, int targets) {
        double[] means = new double[targets];
        for (float[] row : labels) {
            for (int t = 0; t < targets; t++) {
                means[t] += (double) row[t] / labels.length;
            }
        }
        return means;
    }

    private static void put(double[] row, int at, double prediction, double label, double origin) {
        double error = prediction - label;
        double x = prediction - origin;
        double y = label - origin;
        row[at] = Math.abs(error);
        row[at + 1] = error * error;
        row[at + 2] = x;
        row[at + 3] = y;
        row[at + 4] = x * x;
        row[at + 5] = y * y;
        row[at + 6] = x * y;
    }

    /** What each image adds, [images][fields]. */
    double[][] terms() {
        return terms;
    }

    /** The sums over all images. */
    double[] total() {
        double[] total = new double[FIELDS * scaling.targets().size()];
        for (double[] row : terms) {
            for (int f = 0; f < total.length; f++) {
                total[f] += row[f];
            }
        }
        return total;
    }

    /** The metrics of {@code n} images with these sums. */
    RegressionMetrics metrics(double[] sums, int n) {
        TargetMetrics[] targets = new TargetMetrics[scaling.targets().size()];
        double squared = 0;
        for (int t = 0; t < targets.length; t++) {
            squared += sums[FIELDS * t + 1];
            targets[t] = target(sums, FIELDS * t, n, scaling.std()[t]);
        }
        return new RegressionMetrics(n, squared / ((double) n * targets.length), List.of(targets));
    }

    private static TargetMetrics target(double[] sums, int at, int n, double std) {
        double xx = variation(sums[at + 4], sums[at + 2], n);
        double yy = variation(sums[at + 5], sums[at + 3], n);
        double xy = sums[at + 6] - sums[at + 2] * sums[at + 3] / n;
        // Rounding must not make a correlation of 1 more than that.
        double r = xx == 0 || yy == 0 ? Double.NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
        double square = sums[at + 1];
        double r2 = yy == 0 ? Double.NaN : 1 - square / yy;
        return new TargetMetrics(r, r2, std * sums[at] / n, std * Math.sqrt(square / n));
    }

    /** The sum of squares about the mean. */
    private static double variation(double squares, double sum, int n) {
        double about = squares - sum * sum / n;
        return about > NO_VARIANCE * squares ? about : 0;
    }
}
