package org.chirplens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chirplens.file.Sha256;
import org.chirplens.file.WholeDirectory;
import org.chirplens.file.WholeFile;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * A model on disk, readable by transformers and PEFT as it is: {@code config.json} and {@code model.safetensors} (the
 * backbone), {@code adapter/} (LoRA), {@code regression_head.safetensors}, {@code chirplens.json} (the
 * {@link ModelCard}). All but the first two may be absent.
 */
public final class ModelDirectory {
    private static final String ADAPTER = "adapter";
    private static final String REGRESSION_HEAD = "regression_head.safetensors";

    /** The files that say what the model computes, in the order in which they make up the fingerprint. */
    private static final List<String> COMPUTED_FROM = List.of(
            Backbone.CONFIG_FILE,
            Backbone.WEIGHTS_FILE,
            ADAPTER + "/" + PeftAdapter.CONFIG_FILE,
            ADAPTER + "/" + PeftAdapter.WEIGHTS_FILE,
            ADAPTER + "/" + PeftAdapter.OLD_WEIGHTS_FILE,
            REGRESSION_HEAD);

    /** All files of a model; a directory with others is not overwritten. */
    private static final Set<String> ENTRIES =
            Stream.concat(COMPUTED_FROM.stream(), Stream.of(ModelCardFile.NAME)).collect(Collectors.toSet());

    private ModelDirectory() {}

    /** Whether there is a model in this directory: at least a backbone. */
    public static boolean isModel(Path directory) {
        return Files.isRegularFile(directory.resolve(Backbone.CONFIG_FILE))
                && Files.isRegularFile(directory.resolve(Backbone.WEIGHTS_FILE));
    }

    /**
     * Reads a model.
     *
     * @throws IllegalArgumentException when the directory holds no model, a setting is not supported, or tensors are
     *     missing, unexpected, misshapen or not finite; the message names the file and lists all of them
     * @throws UncheckedIOException when a file cannot be read
     */
    public static TrainedModel read(Path directory) {
        Backbone backbone = Backbone.read(directory);
        Path adapter = directory.resolve(ADAPTER);
        Path head = directory.resolve(REGRESSION_HEAD);
        ModelCard said = card(directory);
        return TrainedModel.of(
                backbone,
                Files.exists(adapter) ? PeftAdapter.read(adapter, backbone.config()) : null,
                Files.exists(head) ? head(head, backbone.config(), said) : Map.of(),
                said);
    }

    /**
     * The regression head beside a backbone, by our names; empty where there is none, or where adapters belong to the model as well.
     *
     * @param path a directory, or a file of tensors, which has no head
     * @param vit the backbone's size
     * @throws IllegalArgumentException when the head is not as it must be
     */
    public static Map<String, FloatArray> headOfBackbone(Path path, VitConfig vit) {
        Path head = path.resolve(REGRESSION_HEAD);
        return Files.exists(head) && !Files.exists(path.resolve(ADAPTER)) ? head(head, vit, card(path)) : Map.of();
    }

    /** What a model's {@code chirplens.json} says; {@link ModelCard#bare} where there is none. */
    public static ModelCard card(Path directory) {
        Path card = directory.resolve(ModelCardFile.NAME);
        return Files.exists(card) ? ModelCardFile.read(card) : ModelCard.bare();
    }

    private static Map<String, FloatArray> head(Path file, VitConfig vit, ModelCard card) {
        try {
            return RegressionHead.read(file, vit, card.outputs());
        } catch (IllegalArgumentException e) {
            String targets = card.targets().isEmpty()
                    ? "the " + card.outputs() + " released targets"
                    : String.join(
                            ", ",
                            card.targets().stream()
                                    .map(ModelCard.TargetName::key)
                                    .toList());
            throw new IllegalArgumentException(
                    e.getMessage() + "; " + ModelCardFile.NAME + " beside it stands for " + targets, e);
        }
    }

    /**
     * Writes a model, whole or not at all. An earlier model at that place is replaced.
     *
     * @throws IllegalArgumentException when the place is taken by anything that is not a model directory
     * @throws UncheckedIOException when it cannot be written
     */
    public static void write(Path directory, TrainedModel model) {
        write(directory, model, DType.F32);
    }

    /**
     * The same with the backbone's tensors in a given format.
     *
     * @param backboneFormat F32, or F16 for half the size: every value becomes the nearest of that format
     */
    public static void write(Path directory, TrainedModel model, DType backboneFormat) {
        WholeDirectory.requireReplaceable(directory, "model directory", Backbone.WEIGHTS_FILE, ENTRIES::contains);
        WholeDirectory.write(directory, partial -> {
            HuggingFaceConfig.write(
                    partial.resolve(Backbone.CONFIG_FILE), model.config().vit(), backboneFormat);
            Map<String, FloatArray> backbone = new LinkedHashMap<>();
            model.weights().forEach((name, value) -> {
                if (!Parameters.isRegressionHead(name) && !Parameters.isLora(name)) {
                    backbone.put(name, value);
                }
            });
            Safetensors.write(partial.resolve(Backbone.WEIGHTS_FILE), backbone, backboneFormat, Map.of());
            if (model.config().lora() != null) {
                PeftAdapter.writeFiles(partial.resolve(ADAPTER), model);
            }
            if (model.config().regressionHead()) {
                RegressionHead.write(partial.resolve(REGRESSION_HEAD), model.weights());
            }
            ModelCardFile.write(partial.resolve(ModelCardFile.NAME), model.card());
        });
    }

    /**
     * Copies a model's files, whole or not at all; what else the directory holds stays behind.
     *
     * @throws IllegalArgumentException when the place is taken by anything that is not a model directory
     * @throws UncheckedIOException when it cannot be read or written
     */
    public static void copy(Path from, Path to) {
        WholeDirectory.requireReplaceable(to, "model directory", Backbone.WEIGHTS_FILE, ENTRIES::contains);
        WholeDirectory.write(to, partial -> {
            for (String name : ENTRIES) {
                if (Files.isRegularFile(from.resolve(name))) {
                    WholeFile.write(partial.resolve(name), out -> Files.copy(from.resolve(name), out));
                }
            }
        });
    }

    /**
     * SHA-256 over what makes the model's predictions: for each of its files but the card its name, its length and its bytes, and
     * of the card what the outputs are and how they are scaled.
     *
     * @return 64 hexadecimal digits
     * @throws IllegalArgumentException when the directory holds no model
     * @throws UncheckedIOException when a file cannot be read
     */
    public static String fingerprint(Path directory) {
        if (!isModel(directory)) {
            throw new IllegalArgumentException(directory + " is not a model directory: " + Backbone.CONFIG_FILE + " or "
                    + Backbone.WEIGHTS_FILE + " does not exist");
        }
        Sha256 sha = new Sha256();
        for (String name : COMPUTED_FROM) {
            Path file = directory.resolve(name);
            if (Files.isRegularFile(file)) {
                sha.add(name).add(separator(file)).add(file);
            }
        }
        ModelCard card = card(directory);
        return sha.add(card.targets() + " " + card.labelMean() + " " + card.labelStd())
                .hex();
    }

    /** A zero byte and the file's length. */
    private static ByteBuffer separator(Path file) {
        try {
            return ByteBuffer.allocate(1 + Long.BYTES)
                    .put((byte) 0)
                    .putLong(Files.size(file))
                    .flip();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
