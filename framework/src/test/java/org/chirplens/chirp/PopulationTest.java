package org.chirplens.chirp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.LongStream;
import org.chirplens.chirp.Population.Range;
import org.junit.jupiter.api.Test;

class PopulationTest {
    private static final Population RELEASED = Population.released();
    private static final List<DrawnChirp> MANY =
            LongStream.range(0, 20_000).mapToObj(i -> RELEASED.draw(7, i)).toList();

    @Test
    void aDrawDependsOnSeedAndIndexAloneWhateverTheOrder() {
        for (int i = 99; i >= 0; i--) {
            assertThat(RELEASED.draw(7, i)).isEqualTo(MANY.get(i));
        }
        assertThat(RELEASED.draw(8, 0)).isNotEqualTo(MANY.get(0));
        assertThat(RELEASED.draw(7, 1L << 32)).isNotEqualTo(MANY.get(0));
        assertThat(MANY).doesNotHaveDuplicates();
    }

    @Test
    void drawsDoNotChangeBetweenVersions() {
        Chirp chirp = new Chirp(
                5.800484189643427, 2.4789030128664162, 21.278764490504454, 17.670642028042845, ChirpShape.EXPONENTIAL);
        DrawnChirp drawn = RELEASED.draw(42, 1);
        assertThat(drawn).isEqualTo(new DrawnChirp(chirp, 0.13498988995848527, -60407660267115630L));
        double[] noise = DrawnChirp.noise(drawn.noiseSeed());
        assertThat(List.of(noise[0], noise[1], noise[16383]))
                .isEqualTo(List.of(-2.0070316954767167, 1.7526010438426174, 2.097938490487793));
    }

    @Test
    void everyParameterHasTheMomentsOfItsRange() {
        assertUniform(d -> d.chirp().startTimeSeconds(), 0, 45);
        assertUniform(d -> d.chirp().durationSeconds(), 1, 15);
        assertUniform(d -> d.chirp().startFrequencyHz(), 0, 100);
        assertUniform(DrawnChirp::noiseLevel, 0.09, 0.3);
        assertThat(mean(d -> d.chirp().shape() == ChirpShape.LINEAR ? 1 : 0)).isCloseTo(0.5, within(0.015));
        assertThat(mean(d -> change(d.chirp()))).isCloseTo(0, within(0.5));
        assertThat(MANY).allSatisfy(d -> {
            assertThat(d.chirp().endFrequencyHz()).isBetween(0.0, 100.0);
            assertThat(Math.abs(change(d.chirp()))).isLessThanOrEqualTo(30);
        });
    }

    @Test
    void theParametersOfOneChirpAreUncorrelated() {
        double meanProduct =
                mean(d -> (d.chirp().startTimeSeconds() - 22.5) * (d.chirp().startFrequencyHz() - 50));
        assertThat(meanProduct / (45 * 100 / 12.0)).isCloseTo(0, within(0.03));
    }

    @Test
    void noiseIsStandardNormalAndDiffersBetweenImages() {
        double sum = 0;
        double squares = 0;
        double fourth = 0;
        double product = 0;
        int images = 20;
        for (int i = 0; i < images; i++) {
            double[] noise = DrawnChirp.noise(MANY.get(i).noiseSeed());
            double[] next = DrawnChirp.noise(MANY.get(i + 1).noiseSeed());
            for (int k = 0; k < noise.length; k++) {
                sum += noise[k];
                squares += noise[k] * noise[k];
                fourth += noise[k] * noise[k] * noise[k] * noise[k];
                product += noise[k] * next[k];
            }
        }
        double n = images * (double) ChirpArray.BINS * ChirpArray.BINS;
        assertThat(sum / n).isCloseTo(0, within(0.01));
        assertThat(squares / n).isCloseTo(1, within(0.015));
        assertThat(fourth / n).isCloseTo(3, within(0.1));
        assertThat(product / n).isCloseTo(0, within(0.01));
    }

    @Test
    void aSpectrogramIsTheSameAtEveryCall() {
        DrawnChirp drawn = MANY.get(3);
        assertThat(drawn.spectrogram().values()).isEqualTo(drawn.spectrogram().values());
    }

    @Test
    void rangesThatDoNotFitTheAxesAreRejected() {
        Range late = new Range(0, 50);
        assertThatThrownBy(() -> new Population(
                        late, new Range(1, 15), new Range(0, 100), new Range(-30, 30), new Range(0.09, 0.3), 0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("durationSeconds must lie within [0.46875, 10.0], found [1.0, 15.0]");
        assertThatThrownBy(() -> new Range(2, 1)).hasMessageContaining("[2.0, 1.0]");
        assertThatThrownBy(() -> new Range(Double.NaN, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static double change(Chirp chirp) {
        return chirp.endFrequencyHz() - chirp.startFrequencyHz();
    }

    /** Mean within 5 standard errors, variance within 4 percent, and every value in the range. */
    private static void assertUniform(ToDoubleFunction<DrawnChirp> parameter, double low, double high) {
        double centre = (low + high) / 2;
        double variance = (high - low) * (high - low) / 12;
        assertThat(mean(parameter)).isCloseTo(centre, within(5 * Math.sqrt(variance / MANY.size())));
        double squares = mean(d -> Math.pow(parameter.applyAsDouble(d) - centre, 2));
        assertThat(squares).isCloseTo(variance, within(0.04 * variance));
        assertThat(MANY).allSatisfy(d -> assertThat(parameter.applyAsDouble(d)).isBetween(low, high));
    }

    private static double mean(ToDoubleFunction<DrawnChirp> value) {
        return MANY.stream().mapToDouble(value).average().orElseThrow();
    }
}
