package org.chirplens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;

/** Finds and reads the tensors of a model, in whichever of Hugging Face's and PyTorch's files they are. */
public final class TensorFiles {
    /** The files of a model directory that may hold its tensors; the first that exists does. */
    public static final List<String> MODEL_FILES = List.of(
            "model.safetensors",
            "model.safetensors" + ShardIndex.SUFFIX,
            "pytorch_model.bin",
            "pytorch_model.bin" + ShardIndex.SUFFIX);

    /**
     * The tensors of a model.
     *
     * @param path the file that they are from, or the index of several, for messages
     * @param tensors the tensors by their names in the files
     */
    record ModelTensors(Path path, Map<String, FloatArray> tensors) {}

    private TensorFiles() {}

    /**
     * Reads weights from a file of {@code torch.save} or a safetensors file, whichever its first bytes say it is.
     *
     * @throws IllegalArgumentException when the file breaks its format, or holds a tensor of another dtype
     * @throws UncheckedIOException when it cannot be read
     */
    static Map<String, FloatArray> read(Path file) {
        return isTorch(file) ? TorchFile.read(file) : Safetensors.read(file);
    }

    /**
     * Reads the weights of a model, from one file or from several with an index.
     *
     * @param directoryOrFile a directory with one of {@link #MODEL_FILES}, or such a file of any name
     * @throws IllegalArgumentException when there is none, or it breaks its format
     * @throws UncheckedIOException when a file cannot be read
     */
    static ModelTensors readModel(Path directoryOrFile) {
        Path file = Files.isRegularFile(directoryOrFile) ? directoryOrFile : find(directoryOrFile);
        return new ModelTensors(file, isIndex(file) ? ShardIndex.readAll(file) : read(file));
    }

    /**
     * Reads the weights of a model under the names that they have in its files.
     *
     * @param directoryOrFile a directory with one of {@link #MODEL_FILES}, or such a file of any name
     * @throws IllegalArgumentException when there is none, or it breaks its format
     * @throws UncheckedIOException when a file cannot be read
     */
    public static Map<String, FloatArray> readAll(Path directoryOrFile) {
        return readModel(directoryOrFile).tensors();
    }

    /**
     * The files that a model's tensors are in: one, or an index and the files that it names.
     *
     * @param directoryOrFile as for reading
     * @throws IllegalArgumentException when there is none, or the index breaks its format
     * @throws UncheckedIOException when the index cannot be read
     */
    public static List<Path> of(Path directoryOrFile) {
        Path file = Files.isRegularFile(directoryOrFile) ? directoryOrFile : find(directoryOrFile);
        return isIndex(file) ? ShardIndex.files(file) : List.of(file);
    }

    private static boolean isIndex(Path file) {
        return String.valueOf(file.getFileName()).endsWith(ShardIndex.SUFFIX);
    }

    private static Path find(Path directory) {
        return MODEL_FILES.stream()
                .map(directory::resolve)
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        directory + ": must be a file of tensors, or a directory with one of "
                                + String.join(", ", MODEL_FILES) + ", found neither"));
    }

    private static boolean isTorch(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return TorchFile.startsTorch(FileRange.whole(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
