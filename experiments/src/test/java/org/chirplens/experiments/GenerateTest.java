package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.chirplens.dataset.Datasets;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code generate} as several processes, killed at random moments, and in parts. */
class GenerateTest {
    private static final String PNG = "--format png";
    private static final String TFRECORD = "--format tfrecord --images-per-file 2";
    private static final int KILLS = 10;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {PNG, TFRECORD})
    void killedTenTimesAtRandomMomentsItEndsInTheSameFiles(String format) throws Exception {
        Path whole = directory.resolve("whole");
        assertThat(generate(whole, 60, format).code()).isEqualTo(ExitCode.DONE);
        Map<String, String> expected = hashes(whole);
        Path killed = directory.resolve("killed");
        long seed = System.nanoTime();
        Random random = new Random(seed);

        int kills = 0;
        for (int start = 0; kills < KILLS && start < 3 * KILLS; start++) {
            Process process = start(killed, 60, format);
            waitForFiles(process, killed, count(killed) + random.nextInt(format.equals(PNG) ? 5 : 2));
            TimeUnit.MICROSECONDS.sleep(random.nextInt(20_000));
            process.destroyForcibly();
            // 128 + SIGKILL, or the exit code of a process that ended before.
            kills += process.waitFor() == 137 ? 1 : 0;
            Map<String, String> left = hashes(killed);
            left.keySet().removeIf(name -> name.startsWith("."));
            assertThat(expected.entrySet())
                    .as("seed %d: whatever has its name is whole after start %d", seed, start)
                    .containsAll(left.entrySet());
        }
        assertThat(kills).as("seed %d", seed).isEqualTo(KILLS);
        assertThat(start(killed, 60, format).waitFor()).isEqualTo(ExitCode.DONE);

        assertThat(hashes(killed)).as("seed %d", seed).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {PNG, TFRECORD})
    void threeProcessesWriteOneDataSetAtOnce(String format) throws Exception {
        Path whole = directory.resolve("whole");
        generate(whole, 20, format);
        Path shards = directory.resolve("shards");
        List<Process> processes = new ArrayList<>();
        for (int shard = 1; shard <= 3; shard++) {
            processes.add(start(shards, 20, format + " --shard " + shard + "/3"));
        }
        for (Process process : processes) {
            assertThat(process.waitFor()).isEqualTo(ExitCode.DONE);
        }
        assertThat(hashes(shards)).isEqualTo(hashes(whole));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PNG,
                TFRECORD,
                "--format tfrecord --encoding raw --images-per-file 4",
                "--pairs start_time,colour_bar",
                "--format tfrecord --images-per-file 4 --pairs title_shape"
            })
    void threadsPiecesAndACompletedShardMakeTheSameDataSet(String format) throws IOException {
        Path whole = directory.resolve("whole");
        generate(whole, 9, format + " --threads 1");
        Map<String, String> expected = hashes(whole);
        for (int threads : new int[] {2, 7}) {
            Path other = directory.resolve("threads" + threads);
            generate(other, 9, format + " --threads " + threads);
            assertThat(hashes(other)).isEqualTo(expected);
        }
        Path pieces = directory.resolve("pieces");
        generate(pieces, 5, format);
        generate(pieces, 4, format + " --from 6");
        assertThat(hashes(pieces)).isEqualTo(expected);
        Path completed = directory.resolve("completed");
        generate(completed, 9, format + " --shard 2/3");
        generate(completed, 9, format);
        assertThat(hashes(completed)).isEqualTo(expected);
        int perImage = format.contains("--pairs") ? format.split(",", -1).length + 1 : 1;
        assertThat(Datasets.open(completed).size()).isEqualTo(9 * perImage);
    }

    @Test
    void aShardThatEndsBeforeTheOthersSaysSo() {
        Outcome first = generate(directory.resolve("a"), 4, "--shard 1/2");
        assertThat(first.code()).isEqualTo(ExitCode.DONE);
        assertThat(first.err())
                .endsWith(
                        "shard 1 of 2 is done, 2 images of others are not there yet: labels.csv comes when all 2 shards"
                                + " are done; the command without --shard draws whatever is missing\n");
        Outcome second = generate(directory.resolve("a"), 4, "--shard 2/2 --json");
        assertThat(second.json().path("complete").asBoolean()).isTrue();
        assertThat(second.json().path("missing_images").asInt(-1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--shard 4/3;--shard must be K/N with 1 <= K <= N, found 4/3",
                "--format jpeg;--format must be png or tfrecord, found 'jpeg'",
                "--encoding raw;--encoding must come with --format tfrecord, found --format png",
                "--images-per-file 5 --format png;--images-per-file must come with --format tfrecord, found --format png",
                "--format tfrecord --encoding RAW;--encoding must be png or raw, found 'RAW'",
                "--format tfrecord --images-per-file 0;--images-per-file must be at least 1, found 0",
                "--pairs title,title;--pairs must name a factor once, found title twice"
            })
    void optionsThatMakeNoSenseAreRefusedBeforeAnythingIsWritten(String optionsAndProblem) {
        int semicolon = optionsAndProblem.indexOf(';');
        Outcome outcome = generate(directory.resolve("a"), 4, optionsAndProblem.substring(0, semicolon));
        assertThat(outcome)
                .isEqualTo(new Outcome(
                        ExitCode.USAGE, "", "chirplens: " + optionsAndProblem.substring(semicolon + 1) + "\n"));
        assertThat(directory.resolve("a")).doesNotExist();
    }

    @Test
    void aFactorThatTheStyleLacksIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path config = Files.writeString(
                directory.resolve("x.yaml"), "data: {source: generated, figure: {title: {shown: false}}}\n");
        Path out = directory.resolve("a");
        Outcome outcome = Outcome.of("generate", config.toString(), "--pairs", "title", "--out", out.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains("pairs that differ in title need figures that have it");
        assertThat(out).doesNotExist();
    }

    @Test
    void imagesOfAnotherFormatAreNotAdded() {
        Path data = directory.resolve("a");
        generate(data, 2, TFRECORD);
        Outcome outcome = generate(data, 4, PNG);
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err())
                .isEqualTo(
                        "chirplens: " + data.resolve("dataset.json") + ": the images must be kept as PNG files to add"
                                + " to this data set, found TFRecord files of 2 images, encoding png\n");
    }

    @Test
    void aStyleMayBeSetWithoutAConfig() throws IOException {
        Path out = directory.resolve("a");
        Outcome mistyped = generate(out, 1, "--set data.figure.title.shwn=false");
        assertThat(mistyped.code()).isEqualTo(ExitCode.USAGE);
        assertThat(mistyped.err()).contains("did you mean 'data.figure.title.shown'?");
        assertThat(out).doesNotExist();
        assertThat(generate(out, 1, "--set data.figure.title.shown=false").code())
                .isEqualTo(ExitCode.DONE);
        assertThat(generate(directory.resolve("b"), 1, PNG).code()).isEqualTo(ExitCode.DONE);
        assertThat(out.resolve("dataset.json"))
                .content()
                .isNotEqualTo(Files.readString(directory.resolve("b/dataset.json")));
    }

    private static Outcome generate(Path out, int count, String options) {
        return Outcome.of(words(out, count, options).toArray(String[]::new));
    }

    private static List<String> words(Path out, int count, String options) {
        List<String> words = new ArrayList<>(
                List.of("generate", "--seed", "11", "--count", String.valueOf(count), "--out", out.toString()));
        words.addAll(Arrays.asList(options.split(" ", -1)));
        return words;
    }

    /** The command in a Java of its own; it needs no TensorFlow, so that it starts fast. */
    private static Process start(Path out, int count, String options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Djava.awt.headless=true",
                "-cp",
                System.getProperty("java.class.path"),
                "org.chirplens.experiments.Main"));
        command.addAll(words(out, count, options));
        // On a machine of many cores all would be drawn before a process is killed.
        command.addAll(List.of("--threads", "2"));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void waitForFiles(Process process, Path directory, int files) throws Exception {
        while (process.isAlive() && count(directory) <= files) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
    }

    /** Files that have their names. */
    private static int count(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return 0;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return (int) files.filter(file -> !file.getFileName().toString().startsWith("."))
                    .count();
        }
    }

    private static Map<String, String> hashes(Path directory) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        if (!Files.exists(directory)) {
            return hashes;
        }
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
                hashes.put(file.getFileName().toString(), HexFormat.of().formatHex(hash));
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        return hashes;
    }
}
