package org.chirplens.analysis;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.chirplens.figure.FigureRegion;

/**
 * Tells how much of a head's attention each region of the figure gets, where patches hold parts of several regions. Attention to
 * a patch is explained as the sum over regions of the part that a region fills of it times the region's density, which is not
 * negative and equal over the whole region:
 *
 * <pre>
 *     minimise  sum over images and patches of (P P a(p) - sum_r d_r w_r(p))^2   with d_r at least 0
 * </pre>
 *
 * Uniform attention has density 1 everywhere. A head that looks at the patches with the title in them gives a density to the
 * title and none to the margin that shares these patches with it, as the margin's other patches are not looked at. The minimum
 * follows from two sums: {@code gram}, the mean over patches of w_r w_s, and {@code mass}, the sum over patches of w_r a.
 */
final class RegionShares {
    /** Regions of the figure, R. */
    static final int REGIONS = FigureRegion.values().length;

    /** Entries of a symmetric R x R matrix. */
    static final int GRAM = REGIONS * (REGIONS + 1) / 2;

    /** Values of this size, relative to the right-hand side, are rounding. */
    private static final double ROUNDING = 1e-8;

    /** Added to the diagonal, relatively, so that regions that cannot be told apart share their attention. */
    private static final double RIDGE = 1e-6;

    /** How often all signs that are wrong are mended together although there are not fewer of them than before. */
    private static final int PATIENCE = 3;

    /** Guesses, of which a few are enough unless rounding leads them round in circles. */
    private static final int MOST_GUESSES = 500;

    /** Regions that there are. */
    private int[] present = new int[0];

    private double[] areas = new double[0];

    /** The gram matrix of the regions that there are, scaled to a diagonal of 1. */
    private double[][] gram = new double[0][0];

    /** By what each row and column was divided. */
    private double[] scale = new double[0];

    /**
     * Sets what regions there are.
     *
     * @param sums of one or of many images: {@value #GRAM} entries from {@code from} on, row by row up to the diagonal
     */
    RegionShares of(double[] sums, int from) {
        double[][] whole = new double[REGIONS][REGIONS];
        int at = from;
        for (int r = 0; r < REGIONS; r++) {
            for (int s = 0; s <= r; s++) {
                whole[r][s] = sums[at];
                whole[s][r] = sums[at];
                at++;
            }
        }
        // The regions' parts of a patch add up to 1, so a row of the gram matrix adds up to the region's area.
        areas = Arrays.stream(whole)
                .mapToDouble(row -> Arrays.stream(row).sum())
                .toArray();
        double total = Arrays.stream(areas).sum();
        areas = Arrays.stream(areas).map(area -> area / total).toArray();
        present = IntStream.range(0, REGIONS).filter(r -> whole[r][r] > 0).toArray();
        scale = Arrays.stream(present).mapToDouble(r -> Math.sqrt(whole[r][r])).toArray();
        gram = new double[present.length][present.length];
        for (int i = 0; i < present.length; i++) {
            for (int j = 0; j < present.length; j++) {
                gram[i][j] = whole[present[i]][present[j]] / (scale[i] * scale[j]) + (i == j ? RIDGE : 0);
            }
        }
        return this;
    }

    /** Which part of the images each region has, [regions]. */
    double[] areas() {
        return areas.clone();
    }

    /** The gram matrix of one image, {@value #GRAM} entries; masks [regions][patches]. */
    static void gram(double[][] masks, double[] into, int from) {
        int at = from;
        for (int r = 0; r < REGIONS; r++) {
            for (int s = 0; s <= r; s++) {
                into[at++] = product(masks[r], masks[s]) / masks[r].length;
            }
        }
    }

    /** The scalar product of two vectors of equal length. */
    static double product(double[] a, double[] b) {
        double sum = 0;
        for (int p = 0; p < a.length; p++) {
            sum += a[p] * b[p];
        }
        return sum;
    }

    /**
     * The share of attention of each region, [regions]; they add up to 1. The densities are found by block principal pivoting
     * (Portugal, Júdice and Vicente 1994, "A comparison of block pivoting and interior-point algorithms for linear least squares
     * problems with nonnegative variables"): guess which of them are 0, solve for the others, mend the guess where a density
     * came out negative or would lower the sum of squares, until none is left.
     *
     * @param mass attention in each region, from {@code from} on, summed over the same images as the gram matrix, or in
     *     proportion to it
     */
    double[] solve(double[] mass, int from) {
        int n = present.length;
        double[] wanted = new double[n];
        double rounding = 0;
        for (int i = 0; i < n; i++) {
            wanted[i] = mass[from + present[i]] / scale[i];
            rounding = Math.max(rounding, ROUNDING * wanted[i]);
        }
        boolean[] positive = new boolean[n];
        Arrays.fill(positive, true);
        double[] solution = solution(positive, wanted);
        int fewest = n + 1;
        int patience = PATIENCE;
        int[] wrong = wrong(positive, solution, wanted, rounding);
        for (int guess = 0; guess < MOST_GUESSES && wrong.length > 0; guess++) {
            if (wrong.length < fewest) {
                fewest = wrong.length;
                patience = PATIENCE;
            } else {
                patience--;
            }
            // Murty's rule, one at a time from the end, always comes to an end.
            int first = patience > 0 ? 0 : wrong.length - 1;
            for (int i = first; i < wrong.length; i++) {
                positive[wrong[i]] = !positive[wrong[i]];
            }
            solution = solution(positive, wanted);
            wrong = wrong(positive, solution, wanted, rounding);
        }
        return shares(solution);
    }

    private double[] shares(double[] solution) {
        double[] shares = new double[REGIONS];
        double total = 0;
        for (int i = 0; i < present.length; i++) {
            double share = areas[present[i]] * Math.max(0, solution[i]) / scale[i];
            shares[present[i]] = share;
            total += share;
        }
        for (int r = 0; r < REGIONS && total > 0; r++) {
            shares[r] /= total;
        }
        return shares;
    }

    /** Where a density is negative, or is 0 and should be positive. */
    private int[] wrong(boolean[] positive, double[] solution, double[] wanted, double rounding) {
        return IntStream.range(0, solution.length)
                .filter(i -> positive[i] ? solution[i] < -rounding : product(gram[i], solution) - wanted[i] < -rounding)
                .toArray();
    }

    /** Solves for those that are positive by Cholesky's decomposition; the others are 0. */
    private double[] solution(boolean[] positive, double[] wanted) {
        int[] of = IntStream.range(0, positive.length).filter(i -> positive[i]).toArray();
        double[][] root = new double[of.length][of.length];
        double[] x = new double[of.length];
        for (int i = 0; i < of.length; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = gram[of[i]][of[j]];
                for (int k = 0; k < j; k++) {
                    sum -= root[i][k] * root[j][k];
                }
                root[i][j] = i == j ? Math.sqrt(Math.max(sum, RIDGE)) : sum / root[j][j];
            }
            x[i] = wanted[of[i]];
            for (int k = 0; k < i; k++) {
                x[i] -= root[i][k] * x[k];
            }
            x[i] /= root[i][i];
        }
        double[] solution = new double[positive.length];
        for (int i = of.length - 1; i >= 0; i--) {
            for (int k = i + 1; k < of.length; k++) {
                x[i] -= root[k][i] * x[k];
            }
            x[i] /= root[i][i];
            solution[of[i]] = x[i];
        }
        return solution;
    }
}
