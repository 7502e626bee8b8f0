package org.chirplens.experiments.verify;

import java.util.Arrays;
import java.util.Locale;
import org.chirplens.checkpoint.NumericArray;
import org.jspecify.annotations.Nullable;

/** The errors of one array against its recorded values. */
final class Comparison {
    private final NumericArray recorded;
    private final double[] ours;
    private final Tolerance tolerance;
    private final double @Nullable [] allowance;
    private double abs;
    private double rel;
    private int differing;
    /** Where the error that counts is largest. */
    private int worst;

    private Comparison(NumericArray recorded, double[] ours, Tolerance tolerance, double @Nullable [] allowance) {
        this.recorded = recorded;
        this.ours = ours;
        this.tolerance = tolerance;
        this.allowance = allowance;
    }

    /**
     * Compares the values in order; the numbers of values must be equal, too.
     *
     * @param allowance for each value, what is taken off its difference before it counts as an error; null for nothing
     */
    static Check of(
            String name, NumericArray recorded, double[] ours, Tolerance tolerance, double @Nullable [] allowance) {
        if (recorded.data().length != ours.length) {
            double missing = Double.POSITIVE_INFINITY;
            String note =
                    "recorded " + recorded + " has " + recorded.data().length + " values, computed are " + ours.length;
            return new Check(name, missing, missing, tolerance, Check.Status.FAILED, note);
        }
        Comparison comparison = new Comparison(recorded, ours, tolerance, allowance);
        comparison.measure();
        String note = comparison.problem();
        return new Check(
                name,
                comparison.abs,
                comparison.rel,
                tolerance,
                note == null ? Check.Status.OK : Check.Status.FAILED,
                note);
    }

    private void measure() {
        double[] theirs = recorded.data();
        boolean ofLargest = tolerance.measure() == Tolerance.Measure.OF_LARGEST;
        double largest = Arrays.stream(theirs).map(Math::abs).max().orElse(0);
        double worstError = -1;
        for (int i = 0; i < theirs.length; i++) {
            double allowed = allowance == null ? 0 : allowance[i];
            // max() of a NaN is NaN, which no tolerance admits.
            double difference = Math.max(0, Math.abs(theirs[i] - ours[i]) - allowed);
            double relative = difference == 0 ? 0 : difference / (ofLargest ? largest : Math.abs(theirs[i]));
            abs = Math.max(abs, difference);
            rel = Math.max(rel, relative);
            differing += difference == 0 ? 0 : 1;
            double error = tolerance.measure() == Tolerance.Measure.ABSOLUTE ? difference : relative;
            if (error > worstError || (Double.isNaN(error) && !Double.isNaN(worstError))) {
                worst = i;
                worstError = error;
            }
        }
    }

    /** What the tolerance does not admit, or null. */
    private @Nullable String problem() {
        double error = tolerance.measure() == Tolerance.Measure.ABSOLUTE ? abs : rel;
        if (!(error <= tolerance.bound())) {
            return "largest at " + place(recorded.shape(), worst) + ": recorded " + shown(recorded.data()[worst])
                    + ", computed " + shown(ours[worst]);
        }
        if (differing > tolerance.share() * ours.length) {
            return String.format(
                    Locale.ROOT,
                    "%d of %d values differ; at most %.3g %% may",
                    differing,
                    ours.length,
                    100 * tolerance.share());
        }
        return null;
    }

    /** Seven digits, all that a float32 has; whole numbers without a point. */
    private static String shown(double value) {
        boolean whole = value == Math.rint(value) && Math.abs(value) < 1e6;
        return String.format(Locale.ROOT, whole ? "%.0f" : "%.7g", value);
    }

    /** The index of a value as NumPy writes it. */
    static String place(int[] shape, int at) {
        int[] index = new int[shape.length];
        int left = at;
        for (int d = shape.length - 1; d >= 0; d--) {
            index[d] = left % shape[d];
            left /= shape[d];
        }
        return Arrays.toString(index);
    }
}
