package org.chirplens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** The recorded files of the original Python code (reference/README.md), for tests of this package. */
final class Recorded {
    private Recorded() {}

    static Path path(String name) {
        return Path.of("src/test/resources/reference").resolve(name);
    }

    /** The array of this name, which must be there. */
    static <T> T get(Map<String, T> arrays, String name) {
        return Objects.requireNonNull(arrays.get(name), name);
    }

    /** The recorded backbone, adapter and regression head of config A, put together as a model directory. */
    static Path modelDirectory(Path directory) {
        Path model = path("config_a/model");
        try {
            Files.createDirectories(directory.resolve("adapter"));
            copy(model.resolve("backbone_vitmodel/config.json"), directory.resolve("config.json"));
            copy(model.resolve("backbone_vitmodel/model.safetensors"), directory.resolve("model.safetensors"));
            for (String name : new String[] {"adapter_config.json", "adapter_model.safetensors"}) {
                copy(
                        model.resolve("adapter").resolve(name),
                        directory.resolve("adapter").resolve(name));
            }
            copy(model.resolve("regression_head.safetensors"), directory.resolve("regression_head.safetensors"));
            return directory;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to);
    }
}
