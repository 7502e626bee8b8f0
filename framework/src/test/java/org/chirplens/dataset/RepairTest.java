package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What crashes, kills and extensions leave, and that writing again mends it. */
class RepairTest {
    private static final DatasetDescription PNG = DatasetDescription.of(Population.released(), 7, 1, 4);
    private static final TfRecordLayout PAIRS = new TfRecordLayout(ImageEncoding.PNG, 2);
    private static final DatasetDescription TFRECORD = PNG.in(PAIRS);

    @TempDir
    Path temporary;

    static Stream<Arguments> damages() {
        List<UnaryOperator<byte[]>> damages = List.of(
                whole -> new byte[0],
                whole -> new byte[whole.length],
                whole -> Arrays.copyOf(whole, 10),
                whole -> Arrays.copyOf(whole, whole.length / 2),
                whole -> Arrays.copyOf(whole, whole.length - 1),
                whole -> Arrays.copyOf(whole, whole.length + 100),
                whole -> zeroed(whole, whole.length / 2, 512),
                whole -> zeroed(whole, whole.length - 4096, 4096),
                whole -> zeroed(whole, whole.length - 4, 4),
                RepairTest::flipped);
        return Stream.of(PNG, TFRECORD).flatMap(images -> damages.stream().map(damage -> Arguments.of(images, damage)));
    }

    private static byte[] zeroed(byte[] whole, int from, int length) {
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, from, from + length, (byte) 0);
        return damaged;
    }

    private static byte[] flipped(byte[] whole) {
        byte[] damaged = whole.clone();
        damaged[whole.length / 3] ^= 16;
        return damaged;
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aFileThatACrashHasDamagedIsWrittenAgainAndNoOtherIs(DatasetDescription images, UnaryOperator<byte[]> damage)
            throws IOException {
        DatasetWriter.write(temporary, images, 2, ProgressListener.NONE);
        Map<String, String> expected = DirectoryContents.of(temporary);
        String extension = images.tfrecord() == null ? "png" : "tfrecord";
        List<Path> files = expected.keySet().stream()
                .filter(name -> name.endsWith(extension))
                .map(temporary::resolve)
                .toList();
        FileTime past = FileTime.fromMillis(1_000_000);
        for (Path file : files) {
            Files.setLastModifiedTime(file, past);
        }
        Files.write(files.get(1), damage.apply(Files.readAllBytes(files.get(1))));

        DatasetWriter.write(temporary, images, 1, ProgressListener.NONE);

        assertThat(DirectoryContents.of(temporary)).isEqualTo(expected);
        for (Path file : files) {
            assertThat(Files.getLastModifiedTime(file).equals(past)).isEqualTo(!file.equals(files.get(1)));
        }
    }

    @Test
    void recordsOfAnotherSeedAreReplaced() throws IOException {
        DatasetWriter.write(temporary.resolve("a"), TFRECORD, 1, ProgressListener.NONE);
        DatasetDescription other =
                DatasetDescription.of(Population.released(), 8, 1, 4).in(PAIRS);
        DatasetWriter.write(temporary.resolve("b"), other, 1, ProgressListener.NONE);
        Map<String, String> expected = DirectoryContents.of(temporary.resolve("a"));
        Files.write(
                temporary.resolve("a/chirps-00002.tfrecord"),
                Files.readAllBytes(temporary.resolve("b/chirps-00002.tfrecord")));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Datasets.open(temporary.resolve("a")).image(2))
                .withMessageContaining("chirps-00002.tfrecord: byte 0: chirp/")
                .withMessageContaining("must be that of labels.csv");
        DatasetWriter.write(temporary.resolve("a"), TFRECORD, 1, ProgressListener.NONE);

        assertThat(DirectoryContents.of(temporary.resolve("a"))).isEqualTo(expected);
    }

    static Stream<DatasetDescription> formats() {
        return Stream.of(PNG, TFRECORD, PNG.in(new TfRecordLayout(ImageEncoding.PNG, 3)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anExtensionThatIsStoppedLeavesNoLabelsAndGoesOn(DatasetDescription images) {
        DatasetDescription longer = grown(images, 1, 9);
        DatasetWriter.write(temporary.resolve("whole"), longer, 1, ProgressListener.NONE);
        Path directory = temporary.resolve("grown");
        DatasetWriter.write(directory, images, 1, ProgressListener.NONE);

        // A shard that draws its part stands for a writer that was killed.
        DatasetWriter stopped = DatasetWriter.open(directory, longer, new Shard(1, 2), 1);
        stopped.check(ProgressListener.NONE);
        stopped.draw(ProgressListener.NONE);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Datasets.open(directory))
                .withMessage(directory.resolve("labels.csv") + ": the label table of a data set must exist, found none,"
                        + " as it is written when all 9 images are there (was generating it stopped? the same command"
                        + " again goes on)");
        DatasetWriter.write(directory, longer, 1, ProgressListener.NONE);
        assertThat(DirectoryContents.of(directory)).isEqualTo(DirectoryContents.of(temporary.resolve("whole")));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void piecesThatFollowOrPrecedeEachOtherMakeTheSameDataSet(DatasetDescription images) {
        DatasetWriter.write(temporary.resolve("whole"), grown(images, 1, 9), 1, ProgressListener.NONE);
        Path pieces = temporary.resolve("pieces");

        DatasetWriter.write(pieces, grown(images, 4, 2), 1, ProgressListener.NONE);
        assertThat(Datasets.open(pieces).name(0)).isEqualTo("spectrogram_4.png");
        DatasetWriter.write(pieces, grown(images, 6, 4), 1, ProgressListener.NONE);
        DatasetWriter.write(pieces, grown(images, 1, 3), 1, ProgressListener.NONE);

        assertThat(DirectoryContents.of(pieces)).isEqualTo(DirectoryContents.of(temporary.resolve("whole")));
    }

    private static DatasetDescription grown(DatasetDescription images, int first, int count) {
        DatasetDescription png = DatasetDescription.of(images.population(), images.seed(), first, count);
        return images.tfrecord() == null ? png : png.in(images.tfrecord());
    }

    @Test
    void aRepairTakesTheLabelsAwayUntilTheImagesAreThere() throws IOException {
        DatasetWriter.write(temporary, PNG, 1, ProgressListener.NONE);
        Files.delete(temporary.resolve("spectrogram_2.png"));
        DatasetWriter writer = DatasetWriter.open(temporary, PNG, Shard.WHOLE, 1);

        writer.check(ProgressListener.NONE);
        assertThat(temporary.resolve("labels.csv")).doesNotExist();
        writer.draw(ProgressListener.NONE);
        writer.finish(ProgressListener.NONE);
        assertThat(temporary.resolve("labels.csv")).exists();
    }

    @Test
    void checkingTellsHowFarItIs() {
        DatasetWriter.write(temporary, TFRECORD, 1, ProgressListener.NONE);
        List<Long> progress = new ArrayList<>();
        DatasetWriter.open(temporary, TFRECORD, Shard.WHOLE, 1).check((done, total) -> {
            assertThat(total).isEqualTo(4);
            progress.add(done);
        });
        assertThat(progress).containsExactly(0L, 2L, 4L);
    }

    @Test
    void onlyTemporaryFilesThatNobodyWritesAreCleanedUp() throws IOException, InterruptedException {
        String own = TemporaryName.of("spectrogram_1.png");
        String pid = "-" + ProcessHandle.current().pid() + "-";
        Process ended = new ProcessBuilder("true").start();
        ended.waitFor();
        long parent = ProcessHandle.current().parent().orElseThrow().pid();
        String token = own.split("-", -1)[2];
        String otherToken = token.equals("00000000") ? "00000001" : "00000000";
        String dead = own.replace(token, otherToken).replace(pid, "-" + ended.pid() + "-");
        String alive = own.replace(token, otherToken).replace(pid, "-" + parent + "-");
        String earlierOfSameId = own.replace(token, otherToken).replace("spectrogram_1.png", "chirps-00001.tfrecord");
        String scope = own.split("-", -1)[0].replace(".spectrogram_1.png.", "");
        String elsewhere = dead.replace(scope, scope.equals("00000000") ? "00000001" : "00000000");
        String elsewhereOld = elsewhere.replace("spectrogram_1.png", "labels.csv");
        String foreign = dead.replace("spectrogram_1.png", "thesis.docx");
        for (String name : List.of(own, dead, alive, earlierOfSameId, elsewhere, elsewhereOld, foreign, ".x.tmp")) {
            Files.createFile(temporary.resolve(name));
        }
        Files.setLastModifiedTime(
                temporary.resolve(elsewhereOld), FileTime.from(Instant.now().minus(61, ChronoUnit.MINUTES)));

        TemporaryName.removeLeftovers(temporary);

        assertThat(DirectoryContents.of(temporary).keySet())
                .containsExactlyInAnyOrder(own, alive, elsewhere, foreign, ".x.tmp");
    }
}
