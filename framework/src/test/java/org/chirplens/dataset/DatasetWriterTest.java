package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetWriterTest {
    private static final Population POPULATION = Population.released();

    @TempDir
    Path temporary;

    @Test
    void whatIsWrittenReadsBackAsWhatWasDrawn() {
        Path directory = temporary.resolve("new/data");
        DatasetWriter.write(directory, images(1, 5), 2, ProgressListener.NONE);

        ChirpDirectory read = ChirpDirectory.open(directory);
        read.verifyHeaders();
        GeneratedChirps drawn = images(1, 5).images();

        assertThat(read.size()).isEqualTo(5);
        for (int i = 0; i < 5; i++) {
            assertThat(read.name(i)).isEqualTo(drawn.name(i)).isEqualTo("spectrogram_" + (i + 1) + ".png");
            assertThat(read.chirp(i)).isEqualTo(drawn.chirp(i));
            assertThat(read.image(i).rgb()).isEqualTo(drawn.image(i).rgb());
        }
        assertThat(DatasetDescription.find(directory)).contains(images(1, 5));
    }

    @Test
    void everyThreadCountAndOrderOfPiecesGivesTheSameBytes() throws IOException {
        DatasetWriter.write(temporary.resolve("a"), images(1, 6), 3, ProgressListener.NONE);
        DatasetWriter.write(temporary.resolve("b"), images(3, 2), 1, ProgressListener.NONE);
        DatasetWriter.write(temporary.resolve("b"), images(5, 2), 1, ProgressListener.NONE);
        DatasetWriter.write(temporary.resolve("b"), images(1, 3), 1, ProgressListener.NONE);

        assertThat(DirectoryContents.of(temporary.resolve("b")))
                .isEqualTo(DirectoryContents.of(temporary.resolve("a")));
    }

    @Test
    void aStretchFromTheMiddleKeepsItsNumbers() {
        DatasetWriter.write(temporary, images(101, 2), 1, ProgressListener.NONE);

        ChirpDirectory read = ChirpDirectory.open(temporary);

        assertThat(read.name(0)).isEqualTo("spectrogram_101.png");
        assertThat(read.chirp(1)).isEqualTo(images(1, 200).images().chirp(101));
    }

    @Test
    void whatWasStoppedIsRefusedByTheReaderAndGoesOnWithoutDrawingAgain() throws IOException {
        IllegalStateException stop = new IllegalStateException("stop");
        assertThatThrownBy(() -> DatasetWriter.write(temporary, images(1, 6), 1, (done, total) -> {
                    if (done == 3) {
                        throw stop;
                    }
                }))
                .isSameAs(stop);
        assertThatIllegalArgumentException().isThrownBy(() -> ChirpDirectory.open(temporary));
        FileTime past = FileTime.fromMillis(1_000_000);
        Files.setLastModifiedTime(temporary.resolve("spectrogram_2.png"), past);
        Files.write(temporary.resolve("spectrogram_3.png"), new byte[100]);

        List<Long> progress = new ArrayList<>();
        DatasetWriter.write(temporary, images(1, 6), 2, (done, total) -> progress.add(done));

        assertThat(progress).containsExactly(2L, 3L, 4L, 5L, 6L);
        assertThat(Files.getLastModifiedTime(temporary.resolve("spectrogram_2.png")))
                .isEqualTo(past);
        ChirpDirectory.open(temporary).verifyHeaders();
        try (Stream<Path> files = Files.list(temporary)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    @Test
    void anotherSeedPopulationOrAGapIsRefusedBeforeAnythingIsWritten() throws IOException {
        DatasetWriter.write(temporary, images(1, 2), 1, ProgressListener.NONE);
        Map<String, String> before = DirectoryContents.of(temporary);
        Population linear = new Population(
                POPULATION.startTimeSeconds(),
                POPULATION.durationSeconds(),
                POPULATION.startFrequencyHz(),
                POPULATION.frequencyChangeHz(),
                POPULATION.noiseLevel(),
                0);

        refused(DatasetDescription.of(POPULATION, 8, 1, 2), "dataset.json: seed must be 8");
        refused(DatasetDescription.of(linear, 7, 1, 2), "dataset.json: population must be");
        refused(images(4, 2), "without a gap; to add are 4 to 5, found 1 to 2");
        assertThat(DirectoryContents.of(temporary)).isEqualTo(before);
    }

    private void refused(DatasetDescription description, String rule) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> DatasetWriter.write(temporary, description, 1, ProgressListener.NONE))
                .withMessageContaining(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels.csv", "spectrogram_7.png"})
    void aDataSetWithoutDescriptionIsNotWrittenInto(String file) throws IOException {
        Files.createFile(temporary.resolve(file));

        refused(images(1, 2), "must hold no other data set");
    }

    @Test
    void aDescriptionOfAnotherFormatIsRefused() throws IOException {
        DatasetWriter.write(temporary, images(1, 1), 1, ProgressListener.NONE);
        Path file = temporary.resolve("dataset.json");
        Files.writeString(file, Files.readString(file).replace("\"format_version\" : 1", "\"format_version\" : 2"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ChirpDirectory.open(temporary))
                .withMessage(
                        file + ": must describe a data set of this format, found: format_version must be 1, found 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "7", "\0\0\0\0"})
    void aDescriptionThatIsNoObjectIsRefused(String text) throws IOException {
        Path file = temporary.resolve("dataset.json");
        Files.writeString(file, text);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Datasets.open(temporary))
                .withMessageStartingWith(file + ": must describe a data set");
    }

    @Test
    void recordsWithoutDescriptionAreNeitherReadNorWrittenInto() throws IOException {
        Files.createFile(temporary.resolve("chirps-00001.tfrecord"));

        refused(images(1, 2), "must hold no other data set, found images without dataset.json");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Datasets.open(temporary))
                .withMessage(temporary.resolve("dataset.json")
                        + ": the description of TFRecord files must be beside them, found none");
    }

    private static DatasetDescription images(int first, int count) {
        return DatasetDescription.of(POPULATION, 7, first, count);
    }
}
