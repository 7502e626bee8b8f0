package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Finding.Kind;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the check finds in sets that are broken in one way, and in several. */
class DatasetCheckTest {
    private static final int COUNT = 10;

    @TempDir
    private Path temporary;

    /** A small set of the released format: ten images of 3 x 2 pixels that all differ. */
    private Path released() throws IOException {
        Path directory = Files.createDirectory(temporary.resolve("released"));
        StringBuilder table =
                new StringBuilder("Chirp_Start_Time,Chirp_Start_Freq,Chirp_End_Freq,Chirp_Duration,Chirp_Type\n");
        for (int i = 1; i <= COUNT; i++) {
            table.append(i).append(",20,30,5,").append(i <= 4 ? "exponential\n" : "linear\n");
            image(directory, i, i);
        }
        Files.writeString(directory.resolve("labels.csv"), table);
        return directory;
    }

    private Path generated(String name, long seed) {
        Path directory = temporary.resolve(name);
        DatasetWriter.write(
                directory, DatasetDescription.of(Population.released(), seed, 1, 5), 2, ProgressListener.NONE);
        return directory;
    }

    private static void image(Path directory, int number, int colour) throws IOException {
        byte[] rgb = new byte[18];
        Arrays.fill(rgb, (byte) colour);
        Files.write(directory.resolve("spectrogram_" + number + ".png"), PngEncoder.encode(new RgbImage(3, 2, rgb)));
    }

    private static void copy(Path directory, int from, int to) throws IOException {
        Files.copy(
                directory.resolve("spectrogram_" + from + ".png"),
                directory.resolve("spectrogram_" + to + ".png"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static void replaceLine(Path directory, int line, String text) throws IOException {
        Path table = directory.resolve("labels.csv");
        List<String> lines = new ArrayList<>(Files.readAllLines(table));
        lines.set(line - 1, text);
        Files.write(table, lines);
    }

    private static DatasetReport check(Path directory, @Nullable Path other) {
        return DatasetCheck.run(
                directory, new DatasetCheck.Settings(0.2, 0, 42, 5, 4, 2, other), ProgressListener.NONE);
    }

    private static List<String> texts(DatasetReport report) {
        return report.findings().stream()
                .map(finding -> finding.kind() + " " + finding.text())
                .toList();
    }

    @Test
    void aSoundReleasedSetHasNoFindingsAndKnownStatistics() throws IOException {
        List<Long> progress = new ArrayList<>();
        DatasetReport report =
                DatasetCheck.run(released(), new DatasetCheck.Settings(0.2, 0, 42, 5, 4, 3, null), (done, total) -> {
                    assertThat(total).isEqualTo(COUNT);
                    progress.add(done);
                });
        assertThat(report.findings()).isEmpty();
        assertThat(progress).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
        assertThat(report.generated()).isFalse();
        assertThat(report.rows()).isEqualTo(COUNT);
        assertThat(report.imageFiles()).isEqualTo(COUNT);
        assertThat(report.decodedImages()).isEqualTo(COUNT);
        assertThat(report.redrawnImages()).isZero();
        assertThat(report.training()).isEqualTo(8);
        assertThat(report.test()).isEqualTo(2);
        assertThat(report.sizes()).containsOnlyKeys("3x2").containsValue(COUNT);
        assertThat(report.modes()).containsOnlyKeys("RGB, 8 bits");
        assertThat(report.exponentialShare()).isEqualTo(0.4);
        assertThat(report.samples())
                .extracting(DatasetReport.Sample::name)
                .containsExactly("spectrogram_1.png", "spectrogram_3.png", "spectrogram_6.png", "spectrogram_8.png");
        LabelStatistics start = report.statistics().get(0);
        assertThat(start.column()).isEqualTo("start_time");
        assertThat(start.min()).isEqualTo(1);
        assertThat(start.mean()).isEqualTo(5.5);
        assertThat(start.max()).isEqualTo(10);
        assertThat(start.std()).isCloseTo(Math.sqrt(8.25), Offset.offset(1e-12));
        assertThat(report.statistics().get(4).mean()).isEqualTo(10);
    }

    @Test
    void genuineImagesAreFoundSound() {
        DatasetReport report = check(RecordedArrays.chirps(), null);
        assertThat(report.findings()).isEmpty();
        assertThat(report.modes()).containsOnlyKeys("RGBA, 8 bits");
        assertThat(report.sizes()).containsOnlyKeys("640x480");
    }

    @Test
    void everyProblemOfABrokenSetIsFoundInOneRun() throws IOException {
        Path directory = released();
        Files.delete(directory.resolve("spectrogram_2.png"));
        Files.write(directory.resolve("spectrogram_3.png"), new byte[7]);
        image(directory, 12, 12);
        replaceLine(directory, 6, "5,20,30,0,linear");
        replaceLine(directory, 7, "6,20,51,5,linear");
        replaceLine(directory, 8, "46,20,30,5,linear");
        copy(directory, 7, 8);
        Files.write(directory.resolve("spectrogram_5.png"), new byte[] {'x'}, StandardOpenOption.APPEND);

        assertThat(texts(check(directory, null)))
                .containsExactly(
                        "LABEL_ROW " + directory + "/labels.csv:6: Chirp_Duration must be a number above 0, found 0",
                        "MISSING_IMAGE " + directory + "/spectrogram_2.png: must exist",
                        "EXTRA_IMAGE " + directory
                                + "/spectrogram_12.png: must have a row in labels.csv, found 10 rows",
                        "UNREADABLE_IMAGE " + directory
                                + "/spectrogram_3.png: must be a PNG image, found a file of 7 bytes without PNG signature and header",
                        "UNREADABLE_IMAGE " + directory
                                + "/spectrogram_5.png: must be a complete PNG image, found one without its end (cut off, or is something behind it?)",
                        "LABEL_RANGE labels.csv:7: end frequency must be in [0.0, 50.0] Hz, found 51.0",
                        "LABEL_RANGE labels.csv:8: start time must be in [0.0, 45.0] s, found 46.0",
                        "DUPLICATE_IMAGE spectrogram_7.png: same as spectrogram_8.png");
    }

    /** With 10 images the test part of seed 42 is images 9 and 2 (indices 8 and 1). */
    @Test
    void aTestImageThatIsAlsoTrainedOnIsLeakage() throws IOException {
        Path directory = released();
        copy(directory, 5, 2);
        replaceLine(directory, 10, "7,20,30,5,linear");

        assertThat(texts(check(directory, null)))
                .containsExactly(
                        "DUPLICATE_IMAGE spectrogram_2.png: same as spectrogram_5.png",
                        "SPLIT_IMAGE spectrogram_2.png (test): same as spectrogram_5.png (training)",
                        "DUPLICATE_LABEL labels.csv:8: same as labels.csv:10",
                        "SPLIT_LABEL labels.csv:10 (test): same as labels.csv:8 (training)");
    }

    /** With a quarter of the training images, validation is images 1 and 5 (indices 0 and 4). */
    @Test
    void aValidationImageThatIsTrainedOnOrTestedWithIsLeakage() throws IOException {
        Path directory = released();
        copy(directory, 5, 2);
        replaceLine(directory, 2, "7,20,30,5,linear");

        DatasetReport report = DatasetCheck.run(
                directory, new DatasetCheck.Settings(0.2, 0.25, 42, 5, 4, 2, null), ProgressListener.NONE);
        assertThat(texts(report))
                .containsExactly(
                        "DUPLICATE_IMAGE spectrogram_2.png: same as spectrogram_5.png",
                        "SPLIT_IMAGE spectrogram_2.png (test): same as spectrogram_5.png (validation)",
                        "DUPLICATE_LABEL labels.csv:2: same as labels.csv:8",
                        "SPLIT_LABEL labels.csv:2 (validation): same as labels.csv:8 (training)");
    }

    @Test
    void equalImagesWithinOnePartAreNoLeakage() throws IOException {
        Path directory = released();
        copy(directory, 9, 2);
        assertThat(check(directory, null).findings()).extracting(Finding::kind).containsExactly(Kind.DUPLICATE_IMAGE);
    }

    @Test
    void equalPixelsOfAnotherShapeAreNotEqualImages() throws IOException {
        Path directory = released();
        byte[] rgb = new byte[18];
        Arrays.fill(rgb, (byte) 5);
        Files.write(directory.resolve("spectrogram_6.png"), PngEncoder.encode(new RgbImage(2, 3, rgb)));
        DatasetReport report = check(directory, null);
        assertThat(report.findings()).isEmpty();
        assertThat(report.sizes()).containsOnlyKeys("2x3", "3x2");
    }

    @Test
    void aSoundGeneratedSetIsDrawnAgain() {
        DatasetReport report = check(generated("a", 7), null);
        assertThat(report.findings()).isEmpty();
        assertThat(report.generated()).isTrue();
        assertThat(report.redrawnImages()).isEqualTo(5);
    }

    @Test
    void imagesAndLabelsOfAnotherSeedDifferFromWhatTheDescriptionSays() throws IOException {
        Path directory = generated("a", 7);
        Path other = generated("b", 8);
        Files.copy(other.resolve("labels.csv"), directory.resolve("labels.csv"), StandardCopyOption.REPLACE_EXISTING);
        Files.copy(
                other.resolve("spectrogram_4.png"),
                directory.resolve("spectrogram_4.png"),
                StandardCopyOption.REPLACE_EXISTING);
        DatasetReport report = check(directory, null);
        assertThat(report.findings(Kind.LABEL_SEED)).hasSize(5);
        assertThat(report.findings(Kind.REDRAWN_IMAGE))
                .extracting(Finding::text)
                .containsExactly(directory.resolve("spectrogram_4.png")
                        + ": the pixels must be those that dataset.json says, found others");
        assertThat(report.findings()).hasSize(6);
    }

    @Test
    void aSetThatWasStoppedLacksItsTable() throws IOException {
        Path directory = generated("a", 7);
        Files.delete(directory.resolve("labels.csv"));
        DatasetReport report = check(directory, null);
        assertThat(texts(report))
                .containsExactly("ROW_COUNT " + directory
                        + "/labels.csv: the label table must have the 5 rows that dataset.json says, found 0");
        assertThat(report.decodedImages()).isEqualTo(5);
        assertThat(report.exponentialShare()).isNaN();
        assertThat(report.samples()).isEmpty();
    }

    @Test
    void aDescriptionThatCannotBeReadIsAFinding() throws IOException {
        Path directory = generated("a", 7);
        for (byte[] bytes : List.of("{}".getBytes(StandardCharsets.UTF_8), new byte[] {'{', (byte) 0xff, '}'})) {
            Files.write(directory.resolve("dataset.json"), bytes);
            assertThat(check(directory, null).findings())
                    .extracting(Finding::kind)
                    .containsExactly(Kind.DESCRIPTION);
        }
    }

    @Test
    void whatTwoSetsShareIsFoundAndWhatIsWrongWithTheOtherOneToo() throws IOException {
        Path directory = generated("a", 7);
        Path other = generated("b", 8);
        assertThat(check(directory, other).findings()).isEmpty();
        Files.copy(
                directory.resolve("spectrogram_1.png"),
                other.resolve("spectrogram_3.png"),
                StandardCopyOption.REPLACE_EXISTING);
        replaceLine(
                other, 5, Files.readAllLines(directory.resolve("labels.csv")).get(2));
        Files.write(other.resolve("spectrogram_5.png"), new byte[0]);

        assertThat(texts(check(directory, other)))
                .containsExactly(
                        "OTHER_SET " + other
                                + "/spectrogram_5.png: must be a PNG image, found a file of 0 bytes without PNG signature and header",
                        "OTHER_IMAGE spectrogram_1.png: same as " + other + "/spectrogram_3.png",
                        "OTHER_LABEL labels.csv:3: same as " + other + "/labels.csv:5");
    }

    @Test
    void aSetThatCannotBeSplitIsStillLookedAt() throws IOException {
        Path directory = released();
        DatasetReport report =
                DatasetCheck.run(directory, new DatasetCheck.Settings(10, 0, 42, 5, 4, 1, null), ProgressListener.NONE);
        assertThat(report.findings()).extracting(Finding::kind).containsExactly(Kind.SPLIT);
        assertThat(report.decodedImages()).isEqualTo(COUNT);
    }

    @ParameterizedTest
    @CsvSource({"-50,-40,10,0,true", "-50,-40,60,15,true", "-50,-40,60,21,false", "0,30,95,100,true", "0,30,50,49,false"
    })
    void anEndFrequencyMayBeClippedToTheAxis(double low, double high, double start, double end, boolean holds) {
        Population released = Population.released();
        Population changed = new Population(
                released.startTimeSeconds(),
                released.durationSeconds(),
                released.startFrequencyHz(),
                new Population.Range(low, high),
                released.noiseLevel(),
                0.5);
        var chirp = new org.chirplens.chirp.Chirp(1, 5, start, end, org.chirplens.chirp.ChirpShape.LINEAR);
        assertThat(new LabelBounds(changed, false).problems(chirp).isEmpty()).isEqualTo(holds);
    }

    @Test
    void aDirectoryWithoutDataIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(temporary, null))
                .withMessageEndingWith("labels.csv: the label table of a data set must exist, found no such file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> check(temporary.resolve("none"), null))
                .withMessageEndingWith("none: the data directory must exist, found no such directory");
    }

    @Test
    void equalSetsGiveEqualReportsWhateverTheThreads() throws IOException {
        Path directory = released();
        for (int i = 1; i < COUNT; i++) {
            Files.write(directory.resolve("spectrogram_" + i + ".png"), new byte[i]);
        }
        List<List<String>> all = Stream.of(1, 2, 7)
                .map(threads -> texts(DatasetCheck.run(
                        directory, new DatasetCheck.Settings(0.2, 0, 42, 0, 0, threads, null), ProgressListener.NONE)))
                .toList();
        assertThat(all.get(0)).hasSize(9).isEqualTo(all.get(1)).isEqualTo(all.get(2));
    }
}
