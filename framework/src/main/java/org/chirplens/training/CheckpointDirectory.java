package org.chirplens.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.file.WholeDirectory;

/**
 * The checkpoints of a run: one directory {@code epoch-00012} with {@code state.safetensors}, {@code best.safetensors}
 * and {@code progress.json}. It is written under a temporary name and moved, and only then is the one before it
 * deleted, so that a run that is killed at any moment has a complete one.
 */
final class CheckpointDirectory {
    private static final String PREFIX = "epoch-";
    private static final String STATE = "state.safetensors";
    private static final String BEST = "best.safetensors";
    private static final String PROGRESS = "progress.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path directory;

    CheckpointDirectory(Path directory) {
        this.directory = directory;
    }

    /** Saves a checkpoint and deletes what came before it. */
    void write(Checkpoint checkpoint) {
        String name = PREFIX + String.format("%05d", checkpoint.epoch());
        Path complete = directory.resolve(name);
        WholeDirectory.write(complete, partial -> {
            Safetensors.write(partial.resolve(STATE), checkpoint.state(), Map.of());
            Safetensors.write(partial.resolve(BEST), checkpoint.best(), Map.of());
            JSON.writeValue(partial.resolve(PROGRESS).toFile(), checkpoint.progress());
        });
        try {
            for (Path other : entries()) {
                if (!other.equals(complete)) {
                    WholeDirectory.delete(other);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the checkpoints before " + complete, e);
        }
    }

    /** The last complete checkpoint, if there is one. */
    Optional<Path> latest() {
        try {
            return entries().stream()
                    .filter(path -> path.getFileName().toString().startsWith(PREFIX))
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    /** Reads a checkpoint that {@link #latest} named. */
    static Checkpoint read(Path checkpoint) {
        try {
            return new Checkpoint(
                    JSON.readValue(checkpoint.resolve(PROGRESS).toFile(), Checkpoint.Progress.class),
                    Safetensors.read(checkpoint.resolve(STATE)),
                    Safetensors.read(checkpoint.resolve(BEST)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the checkpoint " + checkpoint, e);
        }
    }

    /** Complete and incomplete checkpoints; nothing else in the directory is ever touched. */
    private List<Path> entries() throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(directory)) {
            return all.filter(path -> {
                        String name = path.getFileName().toString();
                        return name.startsWith(PREFIX) || name.startsWith("." + PREFIX);
                    })
                    .toList();
        }
    }
}
