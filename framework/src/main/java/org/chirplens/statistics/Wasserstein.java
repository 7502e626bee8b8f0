package org.chirplens.statistics;

import java.util.Arrays;

/** The distance between two distributions on a line, in the unit of the values. */
public final class Wasserstein {
    private Wasserstein() {}

    /**
     * The 1-Wasserstein (earth mover's) distance of two samples of equal size: the mean distance of values of equal rank
     * (S. S. Vallender, "Calculation of the Wasserstein distance between probability distributions on the line", Theory of
     * Probability and its Applications 18 (1974) 784-786). It is at least the distance of the means and at most the mean
     * distance of the values in any pairing.
     */
    public static double distance(double[] a, double[] b) {
        if (a.length != b.length || a.length == 0) {
            throw new IllegalArgumentException("two samples of equal size, at least 1, are needed, found " + a.length
                    + " and " + b.length + " values");
        }
        double[] x = a.clone();
        double[] y = b.clone();
        Arrays.sort(x);
        Arrays.sort(y);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            sum += Math.abs(x[i] - y[i]);
        }
        return sum / x.length;
    }
}
