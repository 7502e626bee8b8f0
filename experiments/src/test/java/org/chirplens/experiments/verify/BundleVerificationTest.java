package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BundleVerificationTest {
    private static final BundleVerification VERIFICATION = new BundleVerification(SessionOptions.defaults());

    @TempDir
    private Path directory;

    @Test
    void everyArrayOfTheForwardPassIsReproduced() {
        List<Check> forward = VERIFICATION.run(recorded()).stream()
                .filter(check -> check.name().startsWith("forward/"))
                .toList();
        assertThat(forward).hasSize(16).allSatisfy(check -> assertThat(check.status())
                .as(check.toString())
                .isEqualTo(Check.Status.OK));
    }

    @Test
    void headMaskIsReproducedByBothWaysAndOtherProtocolsAreNotClaimed() {
        List<Check> ablation = VERIFICATION.run(recorded()).stream()
                .filter(check -> check.name().startsWith("ablation/"))
                .toList();
        assertThat(ablation)
                .filteredOn(check -> check.name().contains("head_mask"))
                .hasSize(6)
                .allMatch(check -> check.status() == Check.Status.OK);
        assertThat(ablation)
                .filteredOn(check -> check.name().contains("released"))
                .isNotEmpty()
                .allMatch(check -> check.status() == Check.Status.NOT_YET);
    }

    @Test
    void oneChangedValueFailsItsArrayAndNoOther() throws IOException {
        copy(recorded().resolve("model"), directory.resolve("model"));
        copy(recorded().resolve("forward"), directory.resolve("forward"));
        addToFirstValue(directory.resolve("forward/all.safetensors"), "last_hidden_state", 1e-4f);
        List<Check> checks = VERIFICATION.run(directory);
        assertThat(checks)
                .filteredOn(check -> check.status() == Check.Status.FAILED)
                .extracting(Check::name)
                .containsExactly("forward/last_hidden_state");
    }

    @Test
    void aFolderWithoutRecordedArraysIsRefused() {
        assertThatThrownBy(() -> VERIFICATION.run(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(directory.toString());
    }

    private static Path recorded() {
        return Path.of("../framework/src/test/resources/reference/config_a");
    }

    private static void addToFirstValue(Path file, String array, float amount) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = Math.toIntExact(buffer.getLong(0));
        String json = new String(bytes, Long.BYTES, header, StandardCharsets.UTF_8);
        String entry = json.substring(json.indexOf("\"" + array + "\""));
        String offsets = entry.substring(entry.indexOf("data_offsets"));
        int from = Integer.parseInt(offsets.substring(offsets.indexOf('[') + 1, offsets.indexOf(','))
                .strip());
        int at = Long.BYTES + header + from;
        buffer.putFloat(at, buffer.getFloat(at) + amount);
        Files.write(file, bytes);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
