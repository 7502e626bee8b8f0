package org.chirplens.statistics;

import java.util.stream.DoubleStream;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * Are paired differences as often and as far above 0 as below? F. Wilcoxon, "Individual comparisons by ranking methods",
 * Biometrics 1 (1945) 80-83, differences of 0 left out: exact up to 50 differences without ties, else the normal
 * approximation with continuity correction. It asks about ranks: a few large differences that carry a mean weigh little,
 * and many small ones of one sign are significant where the mean is 0.
 *
 * @param rankBiserial how one-sided the differences are: the share of the ranks' sum that lies above 0 minus that below, in
 *     [-1, 1] (D. S. Kerby, "The simple difference formula", Comprehensive Psychology 3 (2014) 11.IT.3.1); 0 when all
 *     differences are 0
 * @param pValue two-sided; 1 when all differences are 0. Both are NaN when a difference is not finite
 */
public record WilcoxonTest(double rankBiserial, double pValue) {
    /** Tests some differences. */
    public static WilcoxonTest of(double[] differences) {
        if (!DoubleStream.of(differences).allMatch(Double::isFinite)) {
            return new WilcoxonTest(Double.NaN, Double.NaN);
        }
        double[] some = DoubleStream.of(differences).filter(x -> x != 0).toArray();
        if (some.length == 0) {
            return new WilcoxonTest(0, 1);
        }
        WilcoxonSignedRankTest.Result result =
                WilcoxonSignedRankTest.withDefaults().test(some);
        double ranks = some.length * (some.length + 1.0) / 2;
        return new WilcoxonTest(2 * result.getStatistic() / ranks - 1, Math.min(1, result.getPValue()));
    }
}
