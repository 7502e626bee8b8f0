package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Finding.Kind;
import org.chirplens.figure.ColourMap;
import org.chirplens.figure.FigureElement;
import org.chirplens.figure.FigureStyle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the check finds in every kind of data set that ChirpLens generates. */
class DatasetCheckGeneratedTest {
    private static final long SEED = 7;

    @TempDir
    private Path temporary;

    private Path data(DatasetDescription description) {
        Path directory = temporary.resolve("data");
        DatasetWriter.write(directory, description, 2, ProgressListener.NONE);
        return directory;
    }

    private Path records(ImageEncoding encoding) {
        return data(DatasetDescription.of(Population.released(), SEED, 3, 8).in(new TfRecordLayout(encoding, 4)));
    }

    private static DatasetDescription pairs(Population population, int count, Factor... factors) {
        return DatasetDescription.of(FigureStyle.released(), List.of(factors), population, SEED, 1, count);
    }

    private static DatasetReport check(Path directory) {
        return DatasetCheck.run(directory, new DatasetCheck.Settings(0.2, 0, 42, 3, 4, 2, null), ProgressListener.NONE);
    }

    private static List<String> texts(DatasetReport report) {
        return report.findings().stream()
                .map(finding -> finding.kind() + " " + finding.text())
                .toList();
    }

    private static void replaceLine(Path table, int line, String text) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(table));
        lines.set(line - 1, text);
        Files.write(table, lines);
    }

    @ParameterizedTest
    @EnumSource(ImageEncoding.class)
    void everyRecordOfASoundTfRecordSetIsDecodedAndSomeAreDrawnAgain(ImageEncoding encoding) {
        DatasetReport report = check(records(encoding));
        assertThat(texts(report)).isEmpty();
        assertThat(report.rows()).isEqualTo(8);
        assertThat(report.imageFiles()).isEqualTo(8);
        assertThat(report.decodedImages()).isEqualTo(8);
        assertThat(report.redrawnImages()).isEqualTo(3);
        assertThat(report.sizes()).containsOnlyKeys("640x480").containsValue(8);
        assertThat(report.modes()).containsOnlyKeys(encoding == ImageEncoding.PNG ? "TFRecord, png" : "TFRecord, raw");
        assertThat(report.samples())
                .extracting(DatasetReport.Sample::name)
                .containsExactly("spectrogram_3.png", "spectrogram_5.png", "spectrogram_7.png", "spectrogram_9.png");
    }

    /** Images 3 and 4 are in the first file, 5 to 8 in the second, 9 and 10 in the third. */
    @Test
    void whatCanBeReachedOfDamagedTfRecordFilesIsLookedAt() throws IOException {
        Path directory = records(ImageEncoding.PNG);
        Files.delete(directory.resolve("chirps-00001.tfrecord"));
        Path second = directory.resolve("chirps-00002.tfrecord");
        byte[] bytes = Files.readAllBytes(second);
        bytes[40] ^= 1;
        Files.write(second, Arrays.copyOf(bytes, bytes.length - 1));
        Files.copy(second, directory.resolve("chirps-00004.tfrecord"));

        DatasetReport report = check(directory);
        assertThat(report.findings(Kind.MISSING_IMAGE))
                .extracting(Finding::text)
                .containsExactly(directory.resolve("chirps-00001.tfrecord") + ": must exist and hold images 3 to 4");
        assertThat(report.findings(Kind.EXTRA_IMAGE)).hasSize(1);
        assertThat(report.findings(Kind.UNREADABLE_IMAGE))
                .extracting(Finding::text)
                .anyMatch(text -> text.startsWith(second + ": byte ") && text.endsWith("(cut off?)"))
                .contains(second + ": byte 0: the record's data must have their check sum, found another (damaged?)")
                .hasSize(2);
        assertThat(report.findings()).hasSize(4);
        assertThat(report.decodedImages()).isEqualTo(4);
    }

    @Test
    void aRecordOfAnotherSeedIsNotTheOneOfItsPlace() throws IOException {
        Path directory = records(ImageEncoding.RAW);
        Path other = temporary.resolve("other");
        DatasetWriter.write(
                other,
                DatasetDescription.of(Population.released(), SEED + 1, 3, 8)
                        .in(new TfRecordLayout(ImageEncoding.RAW, 4)),
                2,
                ProgressListener.NONE);
        String name = "chirps-00003.tfrecord";
        Files.copy(other.resolve(name), directory.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        DatasetReport report = check(directory);
        assertThat(report.findings(Kind.UNREADABLE_IMAGE)).hasSize(2).allMatch(finding -> finding.text()
                .contains(name + ": byte "));
        assertThat(report.findings()).hasSize(2);
    }

    @Test
    void tfRecordFilesWithoutDescriptionAreRefused() throws IOException {
        Path directory = records(ImageEncoding.PNG);
        Files.delete(directory.resolve("dataset.json"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(directory))
                .withMessageEndingWith("the description of TFRecord files must be beside them, found none");
        Files.writeString(directory.resolve("dataset.json"), "{}");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(directory))
                .withMessageStartingWith(
                        directory.resolve("dataset.json") + ": must describe a data set of this format, found:");
    }

    @Test
    void figuresOfAnotherStyleAreDrawnAgainInIt() {
        FigureStyle style = FigureStyle.released().without(FigureElement.TITLE).in(ColourMap.GREY);
        DatasetReport report = check(data(DatasetDescription.of(style, List.of(), Population.released(), SEED, 1, 5)));
        assertThat(texts(report)).isEmpty();
        assertThat(report.redrawnImages()).isEqualTo(3);
    }

    /** Rows of a group have equal labels, as only the title differs. */
    @Test
    void counterfactualsAreNoDuplicatesAndNoSplitTakesThemApart() {
        assertThat(texts(check(data(pairs(Population.released(), 12, Factor.TITLE)))))
                .isEmpty();
    }

    @Test
    void counterfactualsKeepToTheRangesOfThePopulationAndMayHaveTheOtherShape() {
        Population released = Population.released();
        Population linear = new Population(
                released.startTimeSeconds(),
                released.durationSeconds(),
                released.startFrequencyHz(),
                released.frequencyChangeHz(),
                released.noiseLevel(),
                0);
        Factor[] all = Factor.values();
        DatasetReport report = check(data(pairs(linear, 3 * (all.length + 1), all)));
        assertThat(texts(report)).isEmpty();
    }

    @Test
    void anImageThatIsCopiedOverItsCounterfactualIsADuplicate() throws IOException {
        Path directory = data(pairs(Population.released(), 4, Factor.TITLE));
        Files.copy(
                directory.resolve("spectrogram_3.png"),
                directory.resolve("spectrogram_4.png"),
                StandardCopyOption.REPLACE_EXISTING);
        assertThat(check(directory).findings(Kind.DUPLICATE_IMAGE))
                .extracting(Finding::text)
                .containsExactly("spectrogram_3.png: same as spectrogram_4.png");
    }

    @Test
    void equalImagesBeyondTheDescribedOnesAreAFindingToo() throws IOException {
        Path directory = data(pairs(Population.released(), 8, Factor.TITLE));
        Files.copy(
                directory.resolve("spectrogram_7.png"),
                directory.resolve("spectrogram_8.png"),
                StandardCopyOption.REPLACE_EXISTING);
        Path description = directory.resolve("dataset.json");
        Files.writeString(description, Files.readString(description).replaceFirst("(\"count\"\\s*:\\s*)8", "$14"));
        DatasetReport report = check(directory);
        assertThat(report.findings(Kind.ROW_COUNT)).hasSize(1);
        assertThat(report.findings(Kind.DUPLICATE_IMAGE))
                .extracting(Finding::text)
                .containsExactly("spectrogram_7.png: same as spectrogram_8.png");
    }

    @Test
    void imagesOfNumbersThatNoFileNameHasAreRefused() {
        Path directory = temporary.resolve("late");
        DatasetDescription late = DatasetDescription.of(Population.released(), SEED, 999_999_999, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatasetWriter.write(directory, late, 1, ProgressListener.NONE))
                .withMessage("numbers of images in PNG files must be at most 999999999, found 1000000000");
        assertThat(directory).doesNotExist();
    }

    @Test
    void pairsThatTheSeedDoesNotGiveAreFound() throws IOException {
        Path directory = data(pairs(Population.released(), 6, Factor.TITLE, Factor.COLOURS));
        Path table = directory.resolve("pairs.csv");
        replaceLine(table, 3, "colours,1,3,viridis,viridis");
        assertThat(check(directory).findings(Kind.PAIR_TABLE))
                .extracting(Finding::text)
                .containsExactly("pairs.csv:3: the row must be colours,1,3,viridis,grey, which the seed gives, found"
                        + " colours,1,3,viridis,viridis");
        Files.write(table, Files.readAllLines(table).subList(0, 2));
        assertThat(check(directory).findings(Kind.PAIR_TABLE))
                .extracting(Finding::text)
                .containsExactly(table + ": the table must have a row for each of the 4 counterfactuals, found 1");
        replaceLine(table, 2, "taste,1,2,sweet,sour");
        assertThat(check(directory).findings(Kind.PAIR_TABLE))
                .extracting(Finding::text)
                .anyMatch(text -> text.startsWith(table + ":2: a factor of pairs must be one of"));
        Files.delete(table);
        assertThat(check(directory).findings(Kind.PAIR_TABLE))
                .extracting(Finding::text)
                .containsExactly(table + ": must exist, as dataset.json has pairs");
    }

    @Test
    void aTableOfPairsBesideASetWithoutAnyIsAFinding() throws IOException {
        Path directory = data(DatasetDescription.of(Population.released(), SEED, 1, 5));
        Path table = Files.writeString(directory.resolve("pairs.csv"), "anything");
        assertThat(texts(check(directory)))
                .containsExactly("PAIR_TABLE " + table + ": must not exist, as dataset.json has no pairs");
    }
}
