package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training that is told to end, as by Ctrl-C, in the middle of its steps. */
class StopTest {
    /** Steps of about a second, one after the other, so that the signal arrives within one. */
    private static final String CONFIG = """
            data: {count: 4000, test: 8, targets: [start_time]}
            model: {imageSize: 112, patchSize: 14, hiddenSize: 144, numLayers: 12, numHeads: 12, mlpSize: 576}
            training: {train: backbone, epochs: 1, batchSize: 64}
            """;

    private static final int SIGTERM = 15;

    @Test
    void aTrainingThatIsToldToEndSaysHowItGoesOnAndDoesNotCrash(@TempDir Path directory) throws Exception {
        Path config = Files.writeString(directory.resolve("long.yaml"), CONFIG);
        Path output = directory.resolve("output.txt");
        Path crash = directory.resolve("crash.log");
        Process process = start(config, directory.resolve("run"), output, crash);
        try {
            while (process.isAlive()
                    && !Files.readString(output, StandardCharsets.UTF_8).contains("training  ")) {
                TimeUnit.MILLISECONDS.sleep(20);
            }
            process.destroy();
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(128 + SIGTERM);
        assertThat(Files.readString(output)).contains("stopped; ", "goes on with: ./chirplens pretrain", "--resume");
        assertThat(crash).doesNotExist();
    }

    /** As on a terminal, where progress shows with every step. */
    private static Process start(Path config, Path run, Path output, Path crash) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:ErrorFile=" + crash,
                        "-Djava.awt.headless=true",
                        "-Dchirplens.terminal=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "org.chirplens.experiments.Main",
                        "pretrain",
                        config.toString(),
                        "--out",
                        run.toString())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }
}
