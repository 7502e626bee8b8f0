package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests of paired differences against published and recorded numbers, and against what they promise. */
class PairedTestsTest {
    /** Darwin's pairs of maize plants, in eighths of an inch (Fisher 1935, The Design of Experiments, section 21). */
    private static final double[] DARWIN = {49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48};

    /** Fisher counts 1,726 of 32,768 arrangements as far from 0 as the observed one. */
    @Test
    void fishersCountOfDarwinsPairsIsReproduced() {
        assertThat(SignFlipTest.pValue(DARWIN)).isEqualTo(1726.0 / 32768);
    }

    /** Relative errors of a saddlepoint approximation are of order 1/n, and smaller for a symmetric distribution. */
    @Test
    void theSaddlepointApproximationIsThatOfAllSigns() {
        Random random = new Random(8);
        for (int n : new int[] {17, 20}) {
            for (double skew : new double[] {0, 0.3, 0.8, 1.5}) {
                double[] sizes = random.doubles(n).map(u -> -Math.log(1 - u)).toArray();
                double sum = DoubleStream.of(sizes).sum();
                double observed = sum * (1 - Math.exp(-skew));
                double exact = counted(sizes, observed);
                assertThat(SignFlipTest.approximate(sizes, observed))
                        .as("n %d, observed %s of %s", n, observed, sum)
                        .isCloseTo(exact, within(0.05 * exact));
            }
        }
        // Close to its largest value the sum has few values, and tails come in steps.
        double[] sizes = DoubleStream.of(DARWIN).map(Math::abs).toArray();
        assertThat(SignFlipTest.approximate(sizes, 314)).isCloseTo(1726.0 / 32768, within(0.03 * 1726 / 32768));
        assertThat(SignFlipTest.approximate(sizes, 544)).isEqualTo(2.0 / 32768);
    }

    /** Near 0 the tail is the normal one: thousands of rounded terms must not make a sum of 1e-8 of them. */
    @Test
    void sumsNearZeroOfManyDifferencesSayNothing() {
        Random random = new Random(3);
        double[] sizes = random.doubles(100_000).map(u -> -Math.log(1 - u)).toArray();
        double unit = Math.sqrt(DoubleStream.of(sizes).map(x -> x * x).sum());
        for (double z : new double[] {1.01e-4, 1.5e-4, 5e-4, 1e-2}) {
            double normal = 1 - z * Math.sqrt(2 / Math.PI);
            assertThat(SignFlipTest.approximate(sizes, z * unit)).isCloseTo(normal, within(1e-5));
        }
    }

    /** Tries all signs, one after the other: of more than some twenty numbers that takes long. */
    private static double counted(double[] sizes, double observed) {
        double rounding = 1e-12 * DoubleStream.of(sizes).sum();
        long asFar = 0;
        for (long signs = 0; signs < 1L << sizes.length; signs++) {
            double sum = 0;
            for (int i = 0; i < sizes.length; i++) {
                sum += (signs >> i & 1) == 0 ? sizes[i] : -sizes[i];
            }
            asFar += Math.abs(sum) >= observed - rounding ? 1 : 0;
        }
        return asFar / Math.pow(2, sizes.length);
    }

    private static double counted(double[] differences) {
        return counted(
                DoubleStream.of(differences).map(Math::abs).toArray(),
                Math.abs(DoubleStream.of(differences).sum()));
    }

    private static double[] times(int count, double difference, double... more) {
        double[] all = Arrays.copyOf(more, more.length + count);
        Arrays.fill(all, more.length, all.length, difference);
        return all;
    }

    static Stream<double[]> differencesOfWhichSomeOutweighAllOthers() {
        return Stream.of(
                // The others pull against the sum; with it; with a tie; and one way as much as the other.
                times(14, 1, 0.01, 0.02, -0.04),
                times(14, 1, 0.04, 0.02, -0.01),
                times(14, 1, -0.01, -0.01, 0.01),
                times(14, 1, 0.01, 0.02, -0.03),
                times(9, -1, times(7, 1, 17)),
                times(8, -1, times(8, 1, 17)),
                // The rounding of the large ones is larger than that of the small ones.
                times(14, 1, -1e-9, 2e-9, 4e-9),
                // Some of the others outweigh the rest of them.
                times(3, 100, times(9, 1, 1e-3, 2e-3, -3e-3, 5e-3, 1e-3, -2e-3, 7e-3)),
                times(1, -300, times(9, 1, times(9, 1e-3))));
    }

    /** With at most 16 others all that is counted is exact. */
    @ParameterizedTest
    @MethodSource("differencesOfWhichSomeOutweighAllOthers")
    void differencesThatOutweighAllOthersTogetherAreCounted(double[] differences) {
        double exact = counted(differences);
        assertThat(SignFlipTest.pValue(differences)).isCloseTo(exact, within(1e-9 * exact));
    }

    /** More than 16 others are approximated. */
    @Test
    void othersAreApproximatedBesideDifferencesThatOutweighThem() {
        Random random = new Random(5);
        for (int large : new int[] {1, 3, 4}) {
            double[] differences = new double[large + 18];
            Arrays.setAll(
                    differences,
                    i -> (i % 3 == 0 ? -1 : 1)
                            * (i < large ? 1 + 0.2 * random.nextDouble() : 1e-3 * Math.log(random.nextDouble())));
            double exact = counted(differences);
            assertThat(SignFlipTest.pValue(differences))
                    .as("%d large ones", large)
                    .isCloseTo(exact, within(0.05 * exact));
        }
    }

    /** Fourteen equal increases, and a hundred that are rounding: p is 2 (1/2)^14 times the chance that the hundred do not take away. */
    @Test
    void theNoiseOfOtherImagesDoesNotHideAnEffect() {
        double[] differences = new double[114];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = i < 14 ? 1 : (i % 2 == 0 ? 1e-5 : -1e-5) * (1 + i * 1e-3);
        }
        double p = Math.pow(2, -14);
        assertThat(SignFlipTest.pValue(differences)).isCloseTo(p, within(0.1 * p));
    }

    /** What is left out as rounding has no part in the observed sum either, which could not be reached without it. */
    @Test
    void pIsAboveZeroWhateverIsLeftOut() {
        double[] differences = times(1000, 9e-13, times(17, 1e-3, 1));
        assertThat(SignFlipTest.pValue(differences)).isCloseTo(Math.pow(2, -17), within(1e-8));
    }

    @Test
    void whatIsLeftOutAsRoundingIsNoEvidence() {
        double[] differences = new double[11];
        Arrays.fill(differences, 9e-13);
        differences[0] = 1;
        assertThat(SignFlipTest.pValue(differences)).isEqualTo(1);
    }

    @Test
    void differencesOfOneSignHaveTheSmallestPValueAndNoDifferencesTheLargest() {
        double[] rising = IntStream.rangeClosed(1, 40).asDoubleStream().toArray();
        assertThat(SignFlipTest.pValue(rising)).isEqualTo(Math.pow(2, -39));
        assertThat(SignFlipTest.pValue(new double[10_000])).isEqualTo(1);
        assertThat(SignFlipTest.pValue(new double[] {0, 0, 3})).isEqualTo(1);
        assertThat(SignFlipTest.pValue(new double[] {1, Double.NaN})).isNaN();
        double[] many = new double[10_000];
        Arrays.setAll(many, i -> 1 + i % 7);
        assertThat(SignFlipTest.pValue(many)).isPositive().isLessThan(1e-300);
    }

    /** Hollander and Wolfe (1973), depression scores of nine patients, the example of R's wilcox.test: V = 40, p = 0.03906. */
    @Test
    void wilcoxonOfAFewDifferencesIsExact() {
        double[] first = {1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30};
        double[] second = {0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29};
        WilcoxonTest test = WilcoxonTest.of(
                IntStream.range(0, 9).mapToDouble(i -> first[i] - second[i]).toArray());
        assertThat(test.pValue()).isCloseTo(0.0390625, within(1e-12));
        assertThat(test.rankBiserial()).isCloseTo((40 - 5) / 45.0, within(1e-12));
    }

    /** scipy.stats.wilcoxon(zero_method='wilcox', correction=True, method='approx'), SciPy 1.17.1. */
    @Test
    void wilcoxonOfManyDifferencesWithTiesAndZerosIsThatOfScipy() {
        double[] differences = IntStream.range(0, 70)
                .mapToDouble(i -> ((7 * i) % 23 - 9) / 4.0)
                .toArray();
        WilcoxonTest test = WilcoxonTest.of(differences);
        assertThat(test.pValue()).isCloseTo(0.03224862950945143, within(1e-9));
        assertThat(test.rankBiserial()).isCloseTo(2 * 1482 / 2278.0 - 1, within(1e-12));
        assertThat(WilcoxonTest.of(new double[60])).isEqualTo(new WilcoxonTest(0, 1));
        assertThat(WilcoxonTest.of(new double[] {Double.NaN}).pValue()).isNaN();
    }

    /**
     * Differences of exchangeable pairs: 2,000 tests reject at 5 % with a standard error of 0.5 points, of which four are
     * allowed. Of 12 images 4,096 signs can be drawn, so that tests miss 5 % by little.
     */
    @Test
    void withoutAnEffectTestsRejectAsOftenAsTheySay() {
        Random random = new Random(31);
        for (int images : new int[] {12, 25, 80}) {
            int signFlip = 0;
            int wilcoxon = 0;
            for (int sample = 0; sample < 2000; sample++) {
                double[] differences = new double[images];
                Arrays.setAll(differences, i -> {
                    double without = random.nextGaussian();
                    double with = random.nextGaussian();
                    return without * without - with * with;
                });
                signFlip += SignFlipTest.pValue(differences) <= 0.05 ? 1 : 0;
                wilcoxon += WilcoxonTest.of(differences).pValue() <= 0.05 ? 1 : 0;
            }
            assertThat(signFlip / 2000.0).as("sign flips, %d images", images).isCloseTo(0.05, within(4 * 0.005));
            assertThat(wilcoxon / 2000.0).as("Wilcoxon, %d images", images).isCloseTo(0.05, within(4 * 0.005));
        }
    }
}
