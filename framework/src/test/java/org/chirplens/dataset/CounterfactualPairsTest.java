package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.DrawnChirp;
import org.chirplens.chirp.Population;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.FigureStyle;
import org.chirplens.figure.RgbImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CounterfactualPairsTest {
    private static final Population POPULATION = Population.released();
    private static final Set<Factor> OF_CHIRP = EnumSet.range(Factor.START_TIME, Factor.NOISE);
    private static final Set<FigureRegion> DATA =
            EnumSet.range(FigureRegion.FRAME_LEFT, FigureRegion.CORNER_BOTTOM_RIGHT);

    static {
        // The frame's faint shades let the heat map through.
        DATA.addAll(EnumSet.of(FigureRegion.CHIRP, FigureRegion.BACKGROUND));
    }

    @TempDir
    Path temporary;

    @ParameterizedTest
    @EnumSource(Factor.class)
    void theTwoImagesDifferWhereTheFactorIsAndNowhereElse(Factor factor) {
        GeneratedChirps images = images(FigureStyle.released(), List.of(factor), 12);
        for (int i = 0; i < images.size(); i += 2) {
            RgbImage image = images.image(i);
            RgbImage counterfactual = images.image(i + 1);
            FigureRegions regions = images.regions(i);
            assertThat(Arrays.equals(image.rgb(), counterfactual.rgb()))
                    .as("images %d and %d", i + 1, i + 2)
                    .isFalse();
            if (OF_CHIRP.contains(factor)) {
                for (int at = 0; at < image.rgb().length; at++) {
                    if (image.rgb()[at] != counterfactual.rgb()[at]) {
                        assertThat(regions.at(at / 3 % 640, at / 3 / 640)).isIn(DATA);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Factor.class,
            names = {"START_TIME", "DURATION", "START_FREQUENCY", "END_FREQUENCY", "SHAPE", "NOISE_LEVEL", "NOISE"})
    void oneParameterChangesAndAllOthersStay(Factor factor) {
        GeneratedChirps images = images(FigureStyle.released(), List.of(factor), 400);
        for (int i = 0; i < images.size(); i += 2) {
            DrawnChirp a = images.drawn(i);
            DrawnChirp b = images.drawn(i + 1);
            Chirp c = a.chirp();
            Chirp d = b.chirp();
            Set<Factor> changed = EnumSet.noneOf(Factor.class);
            add(changed, Factor.START_TIME, c.startTimeSeconds(), d.startTimeSeconds(), 4.5);
            add(changed, Factor.DURATION, c.durationSeconds(), d.durationSeconds(), 1.4);
            add(changed, Factor.START_FREQUENCY, c.startFrequencyHz(), d.startFrequencyHz(), 3);
            add(changed, Factor.END_FREQUENCY, c.endFrequencyHz(), d.endFrequencyHz(), 3);
            add(changed, Factor.NOISE_LEVEL, a.noiseLevel(), b.noiseLevel(), 0.021);
            if (c.shape() != d.shape()) {
                changed.add(Factor.SHAPE);
            }
            if (a.noiseSeed() != b.noiseSeed()) {
                changed.add(Factor.NOISE);
            }
            assertThat(changed).as("image %d", i + 1).containsExactly(factor);
            assertThat(Math.abs(d.endFrequencyHz() - d.startFrequencyHz())).isLessThanOrEqualTo(30);
            assertThat(d.startTimeSeconds()).isBetween(0.0, 45.0);
            assertThat(b.noiseLevel()).isBetween(0.09, 0.3);
        }
    }

    private static void add(Set<Factor> changed, Factor factor, double a, double b, double least) {
        if (a != b) {
            assertThat(Math.abs(a - b)).as("%s", factor).isGreaterThanOrEqualTo(least * (1 - 1e-9));
            changed.add(factor);
        }
    }

    @Test
    void theWholeBarIsLeftOutWithItsTicksAndLabel() {
        GeneratedChirps images = images(FigureStyle.released(), List.of(Factor.COLOUR_BAR), 2);
        RgbImage without = images.image(1);
        for (int y = 0; y < 480; y++) {
            for (int x = 490; x < 640; x++) {
                assertThat(without.rgb()[3 * (y * 640 + x)]).isEqualTo((byte) 255);
            }
        }
    }

    @Test
    void imagesOfThePopulationAreThoseOfASetWithoutPairsButForTheirNumbers() {
        GeneratedChirps plain = images(FigureStyle.released(), List.of(), 4);
        GeneratedChirps paired = images(FigureStyle.released(), List.of(Factor.START_TIME, Factor.TITLE), 12);
        for (int i = 0; i < 4; i++) {
            assertThat(paired.drawn(3 * i)).isEqualTo(plain.drawn(i));
            assertThat(paired.pair(3 * i)).isNull();
        }
    }

    @Test
    void theTableListsEveryPairAndReadsBack() throws IOException {
        List<Factor> factors = List.of(Factor.START_TIME, Factor.TITLE);
        DatasetDescription description = DatasetDescription.of(FigureStyle.released(), factors, POPULATION, 7, 1, 6);
        DatasetWriter.write(temporary, description, 2, ProgressListener.NONE);
        GeneratedChirps images = description.images();

        List<CounterfactualPair> pairs = PairTable.read(temporary.resolve(PairTable.FILE_NAME));
        assertThat(pairs).hasSize(4);
        assertThat(pairs.get(0))
                .isEqualTo(new CounterfactualPair(
                        Factor.START_TIME,
                        1,
                        2,
                        Double.toString(images.chirp(0).startTimeSeconds()),
                        Double.toString(images.chirp(1).startTimeSeconds())));
        assertThat(pairs.get(3)).isEqualTo(new CounterfactualPair(Factor.TITLE, 4, 6, "shown", "hidden"));
        assertThat(DatasetDescription.find(temporary)).contains(description);
        assertThat(Datasets.open(temporary).image(1).rgb())
                .isEqualTo(images.image(1).rgb());
        Files.writeString(temporary.resolve(PairTable.FILE_NAME), "factor,image\n");
        assertThatThrownBy(() -> PairTable.read(temporary.resolve(PairTable.FILE_NAME)))
                .hasMessageContaining("pairs.csv:1: the header must be");
    }

    @Test
    void aStyleComesBackFromItsDescription() {
        FigureStyle style = FigureStyle.released()
                .without(FigureElement.COLOUR_BAR)
                .with(
                        FigureElement.TITLE,
                        FigureStyle.released()
                                .of(FigureElement.TITLE)
                                .saying("<noise:9>")
                                .moved(3, -4));
        DatasetDescription description = DatasetDescription.of(style, List.of(), POPULATION, 7, 1, 2);
        DatasetWriter.write(temporary, description, 1, ProgressListener.NONE);
        assertThat(DatasetDescription.find(temporary)).contains(description);
    }

    @Test
    void factorsThatCannotDifferAreRefused() {
        FigureStyle untitled = FigureStyle.released().without(FigureElement.TITLE);
        for (Factor factor : List.of(Factor.TITLE, Factor.TITLE_SHAPE)) {
            assertThatThrownBy(() -> images(untitled, List.of(factor), 2))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("pairs that differ in " + factor.key()
                            + " need figures that have it, found none in the figure's style");
        }
        Population fixed = new Population(
                new Population.Range(5, 5),
                POPULATION.durationSeconds(),
                POPULATION.startFrequencyHz(),
                POPULATION.frequencyChangeHz(),
                POPULATION.noiseLevel(),
                0.5);
        assertThatThrownBy(
                        () -> new GeneratedChirps(fixed, FigureStyle.released(), List.of(Factor.START_TIME), 1, 0, 2))
                .hasMessage(
                        "startTimeSeconds must span a range for it to be changed alone, found the single value 5.0");
        assertThatThrownBy(
                        () -> DatasetDescription.of(FigureStyle.released(), List.of(Factor.TITLE), POPULATION, 1, 1, 3))
                .hasMessageContaining("whole group");
        assertThatThrownBy(() -> Factor.of("colour")).hasMessageContaining("found \"colour\"");
    }

    private static GeneratedChirps images(FigureStyle style, List<Factor> factors, int count) {
        return new GeneratedChirps(POPULATION, style, factors, 77, 0, count);
    }
}
