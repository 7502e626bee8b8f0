package org.chirplens.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chirplens.experiments.cli.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code verify} prints, and its exit codes. */
class VerifyTest {
    @TempDir
    private Path directory;

    @Test
    void aBundleThatHoldsEndsInItsCounts() throws IOException {
        write("split_10.json", "{\"n\": 10, \"train\": [5, 0, 7, 2, 9, 4, 3, 6], \"test\": [8, 1]}");
        Outcome outcome = Outcome.of("verify", directory.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.DONE);
        assertThat(outcome.out().lines())
                .containsExactly(
                        "                           abs error  rel error  tolerance         status",
                        "split/split_10.json train          0          0  0 absolute        ok",
                        "split/split_10.json test           0          0  0 absolute        ok",
                        "",
                        "2 ok, 0 failed, 0 not checked");
    }

    @Test
    void jsonHoldsALinePerArrayAndAFailureIsExitCode3() throws IOException {
        write("split_10.json", "{\"n\": 10, \"train\": [5, 0, 7, 2, 9, 4, 3, 7], \"test\": [8, 1]}");
        write("unknown.npy", "");
        Outcome outcome = Outcome.of("verify", directory.toString(), "--json");
        assertThat(outcome.code()).isEqualTo(ExitCode.CHECK);
        JsonNode list = outcome.json();
        assertThat(list).hasSize(3);
        assertThat(list.get(0).path("name").asText()).isEqualTo("split/unknown");
        assertThat(list.get(0).path("status").asText()).isEqualTo("FAILED");
        assertThat(list.get(0).path("note").asText()).isEqualTo("split/unknown.npy: the file is truncated");
        assertThat(list.get(0).path("max_abs_error").isNull()).isTrue();
        assertThat(list.get(1).toString())
                .isEqualTo("{\"name\":\"split/split_10.json train\",\"max_abs_error\":1.0,"
                        + "\"max_rel_error\":0.14285714285714285,\"tolerance\":0.0,\"status\":\"FAILED\","
                        + "\"note\":\"largest at [7]: recorded 7, computed 6\"}");
        assertThat(list.get(2).path("status").asText()).isEqualTo("ok");
        assertThat(list.get(2).has("note")).isFalse();
    }

    @Test
    void whatIsNoBundleIsExitCode2() {
        Outcome outcome = Outcome.of("verify", directory.toString());
        assertThat(outcome.code()).isEqualTo(ExitCode.USAGE);
        assertThat(outcome.err()).contains(directory + ": a bundle must hold at least one of the folders ablation");
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("split")).resolve(name), text);
    }
}
