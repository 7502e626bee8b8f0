package org.chirplens.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.file.WholeDirectory;
import org.chirplens.file.WholeFile;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a run: one directory {@code epoch-00012} with {@code state.safetensors}, {@code best.safetensors}
 * and {@code progress.json}. It is written under a temporary name and moved, and only then is the one before it
 * deleted, so that a run that is killed at any moment has a complete one.
 */
final class CheckpointDirectory {
    private static final String PREFIX = "epoch-";
    private static final Pattern COMPLETE = Pattern.compile(PREFIX + "\\d{5,}");
    /** What {@link WholeDirectory} leaves when the process is killed. */
    private static final Pattern LEFT_OVER = Pattern.compile("\\." + COMPLETE + "\\.(partial|previous)");

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
        String name = PREFIX + String.format(Locale.ROOT, "%05d", checkpoint.epoch());
        Path complete = directory.resolve(name);
        WholeDirectory.write(complete, partial -> {
            Safetensors.write(partial.resolve(STATE), checkpoint.state(), Map.of());
            Safetensors.write(partial.resolve(BEST), checkpoint.best(), Map.of());
            WholeFile.writeText(partial.resolve(PROGRESS), JSON.writeValueAsString(checkpoint.progress()));
        });
        deleteAllBut(complete);
    }

    /** Deletes all checkpoints. */
    void clear() {
        deleteAllBut(null);
    }

    private void deleteAllBut(@Nullable Path kept) {
        try {
            for (Path other : entries()) {
                if (!other.equals(kept)) {
                    WholeDirectory.delete(other);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete old checkpoints in " + directory, e);
        }
    }

    /** The last complete checkpoint, if there is one. */
    Optional<Path> latest() {
        try {
            return entries().stream()
                    .filter(path ->
                            COMPLETE.matcher(path.getFileName().toString()).matches())
                    .max(Comparator.comparingInt(CheckpointDirectory::epoch));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private static int epoch(Path complete) {
        return Integer.parseInt(complete.getFileName().toString().substring(PREFIX.length()));
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
                        return COMPLETE.matcher(name).matches()
                                || LEFT_OVER.matcher(name).matches();
                    })
                    .toList();
        }
    }
}
