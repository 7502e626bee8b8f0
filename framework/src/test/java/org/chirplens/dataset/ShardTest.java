package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.chirp.Population;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets that several writers make together. */
class ShardTest {
    private static final TfRecordLayout THREE_PER_FILE = new TfRecordLayout(ImageEncoding.PNG, 3);

    @TempDir
    Path temporary;

    @Test
    void partsFollowEachOtherAndDifferByOneAtMost() {
        for (int total : new int[] {0, 1, 2, 10, 100_000, Integer.MAX_VALUE}) {
            for (int count : new int[] {1, 2, 3, 7, 64}) {
                int end = 0;
                for (int number = 1; number <= count; number++) {
                    Shard shard = new Shard(number, count);
                    assertThat(shard.start(total)).isEqualTo(end);
                    end = shard.end(total);
                    assertThat(end - shard.start(total)).isIn(total / count, total / count + 1);
                }
                assertThat(end).isEqualTo(total);
            }
        }
    }

    @Test
    void aShardIsReadFromItsTextForm() {
        assertThat(Shard.parse("2/3")).isEqualTo(new Shard(2, 3));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2", "0/3", "4/3", "1/0", "-1/3", "1/3/5", "1.5/3", " 1/3", "1/3000000000"})
    void anythingElseIsNoShard(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shard.parse(text))
                .withMessage("shard must be K/N with 1 <= K <= N, found " + text);
    }

    static Stream<DatasetDescription> formats() {
        DatasetDescription png = DatasetDescription.of(Population.released(), 7, 4, 11);
        return Stream.of(
                png,
                png.in(THREE_PER_FILE),
                png.in(new TfRecordLayout(ImageEncoding.RAW, 5)),
                png.in(new TfRecordLayout(ImageEncoding.PNG, TfRecordLayout.IMAGES_PER_FILE)));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void anyNumberOfThreadsAndShardsInAnyOrderGivesTheSameFiles(DatasetDescription images) {
        Map<String, String> expected = whole(images);

        DatasetWriter.write(temporary.resolve("threads"), images, 7, ProgressListener.NONE);
        assertThat(DirectoryContents.of(temporary.resolve("threads"))).isEqualTo(expected);

        Path shards = temporary.resolve("shards");
        long last = -1;
        for (int number : new int[] {3, 1, 2}) {
            last = shard(shards, images, new Shard(number, 3));
        }
        assertThat(last).isZero();
        assertThat(DirectoryContents.of(shards)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shardsThatRunAtOnceInOneDirectoryEndComplete(DatasetDescription images) throws InterruptedException {
        Path directory = temporary.resolve("at once");
        long[] lacking = new long[3];
        Thread[] threads = IntStream.range(0, 3)
                .mapToObj(i -> new Thread(() -> lacking[i] = shard(directory, images, new Shard(i + 1, 3))))
                .toArray(Thread[]::new);
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(lacking).contains(0);
        assertThat(DirectoryContents.of(directory)).isEqualTo(whole(images));
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shardsInDirectoriesOfTheirOwnAreCopiedTogetherAndLabelled(DatasetDescription images) throws IOException {
        Path together = Files.createDirectory(temporary.resolve("together"));
        for (int number = 1; number <= 3; number++) {
            Path own = temporary.resolve("shard" + number);
            shard(own, images, new Shard(number, 3));
            for (String name : DirectoryContents.of(own).keySet()) {
                Files.copy(own.resolve(name), together.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        DatasetWriter writer = DatasetWriter.open(together, images, Shard.WHOLE, 1);
        writer.check(ProgressListener.NONE);
        writer.draw((done, total) -> assertThat(done).as("nothing is drawn").isEqualTo(total));

        assertThat(writer.finish(ProgressListener.NONE)).isZero();
        assertThat(DirectoryContents.of(together)).isEqualTo(whole(images));
    }

    @Test
    void theLastShardDoesNotCallCompleteWhatAnotherHasLeftDamaged() throws IOException {
        DatasetDescription images = DatasetDescription.of(Population.released(), 7, 1, 4);
        shard(temporary, images, new Shard(1, 2));
        Path image = temporary.resolve("spectrogram_2.png");
        byte[] bytes = Files.readAllBytes(image);
        Arrays.fill(bytes, 4096, 8192, (byte) 0);
        Files.write(image, bytes);

        assertThat(shard(temporary, images, new Shard(2, 2))).isEqualTo(1);
        assertThat(temporary.resolve("labels.csv")).doesNotExist();
        assertThat(shard(temporary, images, new Shard(1, 2))).isZero();
        assertThat(temporary.resolve("labels.csv")).exists();
    }

    @Test
    void aWriterThatIsOvertakenByAnExtensionLeavesTheLabelsToIt() {
        DatasetDescription few = DatasetDescription.of(Population.released(), 7, 1, 2);
        DatasetDescription more = DatasetDescription.of(Population.released(), 7, 1, 4);
        DatasetWriter first = DatasetWriter.open(temporary, few, Shard.WHOLE, 1);
        DatasetWriter second = DatasetWriter.open(temporary, more, Shard.WHOLE, 1);

        first.draw(ProgressListener.NONE);
        assertThat(first.finish(ProgressListener.NONE)).isEqualTo(2);
        assertThat(temporary.resolve("labels.csv")).doesNotExist();
        second.draw(ProgressListener.NONE);
        assertThat(second.finish(ProgressListener.NONE)).isZero();
        assertThat(first.finish(ProgressListener.NONE)).isZero();

        assertThat(Datasets.open(temporary).size()).isEqualTo(4);
    }

    @Test
    void moreShardsThanFilesLeaveSomeWithoutWork() {
        DatasetDescription images =
                DatasetDescription.of(Population.released(), 7, 1, 3).in(THREE_PER_FILE);
        List<Long> lacking = IntStream.rangeClosed(1, 4)
                .mapToObj(number -> shard(temporary, images, new Shard(number, 4)))
                .toList();
        assertThat(lacking).containsExactly(3L, 3L, 3L, 0L);
    }

    private Map<String, String> whole(DatasetDescription images) {
        Path directory = temporary.resolve("whole");
        DatasetWriter.write(directory, images, 1, ProgressListener.NONE);
        return DirectoryContents.of(directory);
    }

    private static long shard(Path directory, DatasetDescription images, Shard shard) {
        DatasetWriter writer = DatasetWriter.open(directory, images, shard, 2);
        writer.check(ProgressListener.NONE);
        writer.draw(ProgressListener.NONE);
        return writer.finish(ProgressListener.NONE);
    }
}
