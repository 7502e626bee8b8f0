package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Interval;
import org.junit.jupiter.api.Test;

/**
 * Metrics and their intervals. Recorded numbers are those of NumPy and of {@code scipy.stats.bootstrap} (SciPy 1.17.1,
 * {@code method='BCa', paired=True}, 200,000 resamples).
 */
class MetricIntervalsTest {
    private static final int IMAGES = 60;
    private static final TargetScaling SCALING =
            new TargetScaling(Target.RELEASED.subList(0, 2), new double[] {22, 50}, new double[] {13, 29});

    /** Errors that are skew for the first target and shrink towards the mean for the second. */
    private static Predictions predictions() {
        float[][] predictions = new float[IMAGES][];
        float[][] labels = new float[IMAGES][];
        for (int i = 0; i < IMAGES; i++) {
            double bump = Math.max(0, Math.sin(3.1 * i));
            double fourth = bump * bump * bump * bump;
            labels[i] = new float[] {(float) Math.sin(0.7 * i), (float) Math.cos(1.3 * i)};
            predictions[i] = new float[] {
                (float) (0.9 * Math.sin(0.7 * i) + 0.8 * fourth),
                (float) (0.5 * Math.cos(1.3 * i) + 0.2 * Math.sin(5.0 * i))
            };
        }
        return new Predictions(IntStream.range(0, IMAGES).toArray(), predictions, labels);
    }

    @Test
    void metricsAreThoseOfNumPy() {
        RegressionMetrics metrics = predictions().metrics(SCALING);
        assertThat(metrics.mse()).isCloseTo(0.10757549405797051, within(1e-12));
        assertMetrics(
                metrics.targets().get(0), 0.9142242606048033, 0.7648506283983941, 2.887931623480593, 4.402895130993869);
        assertMetrics(
                metrics.targets().get(1), 0.9576315345222601, 0.7994071596852164, 8.217736364963153, 9.190940180027702);
        assertThat(metrics.targets().get(1).mse()).isCloseTo(84.47338139279, within(1e-9));
    }

    private static void assertMetrics(TargetMetrics metrics, double r, double r2, double mae, double rmse) {
        assertThat(new double[] {metrics.pearsonR(), metrics.r2(), metrics.mae(), metrics.rmse()})
                .containsExactly(new double[] {r, r2, mae, rmse}, within(1e-12));
    }

    /**
     * An end is a quantile of random draws. Of 20,000 draws its standard error is 1.3 % of half the interval's width: the
     * quantile's own, sqrt(pq/B)/f = 0.019 standard deviations of the statistic, and the share of draws below the statistic,
     * 2 * sqrt(0.25/B)/f = 0.018 of them, in a half width of 2. Five such errors are allowed, 6.5 %; the ends of percentile
     * intervals are up to 24 % away.
     */
    @Test
    void intervalsAreThoseOfSciPy() {
        MetricIntervals intervals = MetricIntervals.of(predictions(), SCALING, new Bootstrap(20_000, 3));
        MetricIntervals.OfTarget first = intervals.targets().get(0);
        MetricIntervals.OfTarget second = intervals.targets().get(1);
        assertInterval(intervals.mse(), 0.08424, 0.13730);
        assertInterval(first.pearsonR(), 0.87314, 0.94350);
        assertInterval(first.r2(), 0.63010, 0.86205);
        assertInterval(first.mae(), 2.13476, 3.83382);
        assertInterval(first.rmse(), 3.46550, 5.44818);
        assertInterval(second.pearsonR(), 0.93781, 0.97061);
        assertInterval(second.r2(), 0.76652, 0.83186);
        assertInterval(second.mae(), 7.14880, 9.23128);
        assertInterval(second.rmse(), 8.29325, 10.07078);
        assertThat(second.mse().high())
                .isEqualTo(second.rmse().high() * second.rmse().high());
    }

    private static void assertInterval(Interval interval, double low, double high) {
        double tolerance = 0.065 * (high - low) / 2;
        assertThat(interval.low()).as(interval + " low").isCloseTo(low, within(tolerance));
        assertThat(interval.high()).as(interval + " high").isCloseTo(high, within(tolerance));
    }

    @Test
    void equalSeedsGiveEqualIntervalsAndOthersOthers() {
        MetricIntervals one = MetricIntervals.of(predictions(), SCALING, new Bootstrap(200, 5));
        assertThat(MetricIntervals.of(predictions(), SCALING, new Bootstrap(200, 5)))
                .isEqualTo(one);
        assertThat(MetricIntervals.of(predictions(), SCALING, new Bootstrap(200, 6)))
                .isNotEqualTo(one);
    }

    @Test
    void targetsSeeTheSameDraws() {
        float[][] labels = predictions().labels();
        float[][] predictions = predictions().predictions();
        for (int i = 0; i < IMAGES; i++) {
            labels[i][1] = labels[i][0];
            predictions[i][1] = predictions[i][0];
        }
        MetricIntervals intervals = MetricIntervals.of(
                new Predictions(predictions().indices(), predictions, labels), SCALING, Bootstrap.STANDARD);
        assertThat(intervals.targets().get(0).pearsonR())
                .isEqualTo(intervals.targets().get(1).pearsonR());
    }

    @Test
    void perfectPredictionsHaveIntervalsOfNoWidth() {
        float[][] labels = predictions().labels();
        Predictions perfect = new Predictions(predictions().indices(), labels, labels);
        MetricIntervals.OfTarget of = MetricIntervals.of(perfect, SCALING, Bootstrap.STANDARD)
                .targets()
                .get(0);
        assertThat(perfect.metrics(SCALING).targets().get(0)).isEqualTo(new TargetMetrics(1, 1, 0, 0));
        assertThat(of.mae()).isEqualTo(new Interval(0, 0));
        assertThat(of.r2()).isEqualTo(new Interval(1, 1));
    }

    @Test
    void whatIsNotDefinedHasNoInterval() {
        float[][] constant = new float[IMAGES][2];
        for (float[] row : constant) {
            row[0] = 0.1f;
            row[1] = 0.7f;
        }
        Predictions alike =
                new Predictions(predictions().indices(), predictions().predictions(), constant);
        TargetMetrics metrics = alike.metrics(SCALING).targets().get(1);
        assertThat(metrics.pearsonR()).isNaN();
        assertThat(metrics.r2()).isNaN();
        MetricIntervals.OfTarget of =
                MetricIntervals.of(alike, SCALING, Bootstrap.STANDARD).targets().get(1);
        assertThat(of.pearsonR()).isEqualTo(Interval.UNDEFINED);
        assertThat(of.r2()).isEqualTo(Interval.UNDEFINED);
        assertThat(of.mae().isDefined()).isTrue();
    }

    @Test
    void aModelThatPredictsTheMeanHasR2OfZero() {
        float[][] labels = {{1, 0}, {2, 0}, {3, 6}};
        float[][] mean = {{2, 2}, {2, 2}, {2, 2}};
        RegressionMetrics metrics = RegressionMetrics.of(mean, labels, SCALING);
        assertThat(metrics.targets().get(0).r2()).isZero();
        assertThat(metrics.targets().get(1).r2()).isZero();
        assertThat(metrics.targets().get(0).pearsonR()).isNaN();
        assertThat(RegressionMetrics.of(labels, mean, SCALING).targets().get(0).r2())
                .isNaN();
        float[][] worse = {{4, 2}, {2, 2}, {0, 2}};
        assertThat(RegressionMetrics.of(worse, labels, SCALING).targets().get(0).r2())
                .isEqualTo(-8);
    }
}
