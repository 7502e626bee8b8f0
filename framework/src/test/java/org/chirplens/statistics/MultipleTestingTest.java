package org.chirplens.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class MultipleTestingTest {
    /** The 15 p-values of Benjamini and Hochberg (1995), section 3.2, a study of myocardial infarction. */
    private static final double[] INFARCTION = {
        0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590,
        1.000
    };

    /** The paper rejects four at a false discovery rate of 5 %, and three where the family-wise error is held. */
    @Test
    void thePublishedExampleRejectsWhatThePaperSays() {
        assertThat(rejected(MultipleTesting.benjaminiHochberg(INFARCTION))).isEqualTo(4);
        assertThat(rejected(MultipleTesting.holm(INFARCTION))).isEqualTo(3);
    }

    /** As scipy.stats.false_discovery_control (SciPy 1.17.1), and by hand: 0.0095 * 15 / 4 is the fourth. */
    @Test
    void falseDiscoveryRatesAreThoseOfScipy() {
        assertThat(MultipleTesting.benjaminiHochberg(INFARCTION))
                .containsExactly(
                        new double[] {
                            0.0015,
                            0.003,
                            0.0095,
                            0.035625,
                            0.0603,
                            0.06385714285714286,
                            0.06385714285714286,
                            0.0645,
                            0.0765,
                            0.486,
                            0.5811818181818181,
                            0.714875,
                            0.7532307692307693,
                            0.8132142857142857,
                            1
                        },
                        within(1e-12));
    }

    /** R: {@code p.adjust(c(0.04, 0.01, 0.03, 0.02, 0.05), "holm")}, which one can follow by hand: 5, 4, 3, 2, 1 times. */
    @Test
    void holmMultipliesByHowManyTestsAreLeft() {
        double[] raw = {0.04, 0.01, 0.03, 0.02, 0.05};
        assertThat(MultipleTesting.holm(raw))
                .containsExactly(new double[] {0.09, 0.05, 0.09, 0.08, 0.09}, within(1e-15));
        assertThat(MultipleTesting.benjaminiHochberg(raw))
                .containsExactly(new double[] {0.05, 0.05, 0.05, 0.05, 0.05}, within(1e-15));
    }

    @Test
    void adjustedValuesKeepTheOrderAndAreNeverBelowTheRawOnes() {
        Random random = new Random(1);
        double[] raw = random.doubles(50).map(u -> u * u * u).toArray();
        MultipleTesting.PValue[] family = MultipleTesting.family(raw);
        for (MultipleTesting.PValue a : family) {
            assertThat(a.raw()).isLessThanOrEqualTo(a.benjaminiHochberg());
            assertThat(a.benjaminiHochberg()).isLessThanOrEqualTo(a.holm());
            assertThat(a.holm()).isLessThanOrEqualTo(1);
            for (MultipleTesting.PValue b : family) {
                if (a.raw() < b.raw()) {
                    assertThat(a.holm()).isLessThanOrEqualTo(b.holm());
                    assertThat(a.benjaminiHochberg()).isLessThanOrEqualTo(b.benjaminiHochberg());
                }
            }
        }
    }

    @Test
    void theOrderOfTheTestsDoesNotMatter() {
        double[] raw = {0.2, 0.001, 0.03, 0.03, 0.7};
        double[] turned = {0.7, 0.03, 0.03, 0.001, 0.2};
        double[] holm = MultipleTesting.holm(turned);
        double[] falseDiscovery = MultipleTesting.benjaminiHochberg(turned);
        for (int i = 0; i < raw.length; i++) {
            assertThat(MultipleTesting.holm(raw)[i]).isEqualTo(holm[raw.length - 1 - i]);
            assertThat(MultipleTesting.benjaminiHochberg(raw)[i]).isEqualTo(falseDiscovery[raw.length - 1 - i]);
        }
    }

    @Test
    void aTestWithoutAPValueDoesNotCount() {
        double[] adjusted = MultipleTesting.holm(new double[] {0.01, Double.NaN, 0.04});
        assertThat(adjusted).containsExactly(0.02, Double.NaN, 0.04);
        assertThat(MultipleTesting.benjaminiHochberg(new double[] {Double.NaN})).containsExactly(Double.NaN);
        assertThat(MultipleTesting.family(new double[0])).isEmpty();
        assertThatThrownBy(() -> MultipleTesting.holm(new double[] {1.5}))
                .hasMessageContaining("a p-value must be in [0, 1], found 1.5");
    }

    private static long rejected(double[] adjusted) {
        return DoubleStream.of(adjusted).filter(p -> p <= 0.05).count();
    }
}
