package org.chirplens.statistics;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * A sum over images and what it is in every resample. Sums from the same resamples can be added and divided: a mean is the
 * sum of some values over the sum of as many ones, a relative increase that of differences over that of the losses they
 * are relative to, both resampled together.
 *
 * @param terms what each image adds, [images]
 * @param drawn the sum in every resample, [resamples], see {@link Bootstrap#sums}
 */
public record ResampledSum(double[] terms, double[] drawn) {
    public ResampledSum {
        if (terms.length == 0 || drawn.length == 0) {
            throw new IllegalArgumentException("there must be at least one image and one resample, found "
                    + terms.length + " and " + drawn.length);
        }
    }

    /** The sum over all images. */
    public double total() {
        return DoubleStream.of(terms).sum();
    }

    /** This sum and another one over the same images. */
    public ResampledSum plus(ResampledSum other) {
        return new ResampledSum(combined(terms, other.terms, 1), combined(drawn, other.drawn, 1));
    }

    /** This sum less another one over the same images. */
    public ResampledSum minus(ResampledSum other) {
        return new ResampledSum(combined(terms, other.terms, -1), combined(drawn, other.drawn, -1));
    }

    /** The mean of several sums over the same images. */
    public static ResampledSum mean(List<ResampledSum> sums) {
        double[] terms = new double[sums.get(0).terms.length];
        double[] drawn = new double[sums.get(0).drawn.length];
        for (ResampledSum sum : sums) {
            terms = combined(terms, sum.terms, 1.0 / sums.size());
            drawn = combined(drawn, sum.drawn, 1.0 / sums.size());
        }
        return new ResampledSum(terms, drawn);
    }

    private static double[] combined(double[] a, double[] b, double factor) {
        if (a.length != b.length) {
            throw new IllegalArgumentException(
                    "sums must be of the same images and resamples, found " + a.length + " and " + b.length);
        }
        double[] sums = new double[a.length];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = a[i] + factor * b[i];
        }
        return sums;
    }

    /**
     * {@code factor} times this sum over another one, with its intervals. The jackknife that the acceleration needs has a
     * closed form for such a ratio: (N - n) / (D - d) without an image that adds n and d.
     *
     * <p>Where the other sum is not surely of one sign (its own BCa interval holds 0), a ratio to it has no bounded interval, for the
     * reason that E. C. Fieller gives ("Some problems in interval estimation", Journal of the Royal Statistical Society B 16
     * (1954) 175-185). Where it is, the ratios of the few resamples in which it has the other sign or is 0 have passed infinity,
     * and count as such.
     */
    public Estimate over(ResampledSum denominator, double factor) {
        double n = total();
        double d = denominator.total();
        double[] ratios = new double[drawn.length];
        boolean always = true;
        for (int b = 0; b < ratios.length; b++) {
            boolean sameSign = denominator.drawn[b] * d > 0;
            always &= sameSign;
            ratios[b] = factor * (sameSign ? drawn[b] / denominator.drawn[b] : beyond(drawn[b] * d));
        }
        if (!always && denominator.estimate().bca().contains(0)) {
            return Estimate.withoutIntervals(factor * n / d);
        }
        double[] without = new double[terms.length];
        for (int i = 0; i < without.length; i++) {
            without[i] = factor * (n - terms[i]) / (d - denominator.terms[i]);
        }
        return Estimate.of(factor * n / d, ratios, without);
    }

    /** What a ratio comes to where its denominator passes 0. */
    private static double beyond(double numerator) {
        return numerator == 0 ? 0 : numerator * Double.POSITIVE_INFINITY;
    }

    private Estimate estimate() {
        double[] without = new double[terms.length];
        double total = total();
        for (int i = 0; i < without.length; i++) {
            without[i] = total - terms[i];
        }
        return Estimate.of(total, drawn, without);
    }
}
