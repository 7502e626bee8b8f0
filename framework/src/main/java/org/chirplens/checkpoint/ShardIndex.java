package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.chirplens.model.FloatArray;

/**
 * Hugging Face's index of a model in several files:
 * {@code {"metadata": {...}, "weight_map": {"tensor": "model-00001-of-00002.safetensors", ...}}}.
 */
final class ShardIndex {
    static final String SUFFIX = ".index.json";

    private static final String WEIGHT_MAP = "weight_map";

    /** A name that cannot lead out of the index's directory, on any system. */
    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}");

    private ShardIndex() {}

    /**
     * Reads the tensors of all shards.
     *
     * @throws IllegalArgumentException when shards are missing or damaged, or do not hold just the tensors that the
     *     index says; all problems are listed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    static Map<String, FloatArray> readAll(Path index) {
        Map<String, String> shardOf = weightMap(JsonFile.read(index));
        List<String> problems = new ArrayList<>();
        Map<String, FloatArray> tensors = new LinkedHashMap<>();
        for (String shard : new LinkedHashSet<>(shardOf.values())) {
            Path file = index.resolveSibling(shard);
            if (!Files.isRegularFile(file)) {
                problems.add("missing file " + shard);
                continue;
            }
            try {
                take(TensorFiles.read(file), shard, shardOf, tensors, problems);
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    index + ": the files do not fit the index: " + String.join("; ", problems));
        }
        return tensors;
    }

    /** The index and the files that it names, which may be missing. */
    static List<Path> files(Path index) {
        List<Path> files = new ArrayList<>(List.of(index));
        new LinkedHashSet<>(weightMap(JsonFile.read(index)).values())
                .forEach(shard -> files.add(index.resolveSibling(shard)));
        return files;
    }

    private static void take(
            Map<String, FloatArray> found,
            String shard,
            Map<String, String> shardOf,
            Map<String, FloatArray> tensors,
            List<String> problems) {
        found.forEach((name, tensor) -> {
            String expected = shardOf.get(name);
            if (expected == null) {
                problems.add("unexpected " + name + " in " + shard);
            } else if (expected.equals(shard)) {
                tensors.put(name, tensor);
            } else {
                problems.add("duplicate " + name + " in " + shard + ", by the index in " + expected);
            }
        });
        shardOf.forEach((name, expected) -> {
            if (expected.equals(shard) && !found.containsKey(name)) {
                problems.add("missing " + name + " in " + shard);
            }
        });
    }

    private static Map<String, String> weightMap(JsonFile json) {
        if (!(json.get(WEIGHT_MAP) instanceof ObjectNode map)) {
            throw json.error(WEIGHT_MAP, "must be an object of tensors and files", json.get(WEIGHT_MAP));
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        Set<JsonNode> wrong = new LinkedHashSet<>();
        map.properties().forEach(entry -> {
            JsonNode shard = entry.getValue();
            if (shard.isTextual() && PLAIN_NAME.matcher(shard.textValue()).matches()) {
                shardOf.put(entry.getKey(), shard.textValue());
            } else {
                wrong.add(shard);
            }
        });
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(json.path() + ": " + WEIGHT_MAP
                    + " must name files in the same directory, by letters, digits, dot, _ and -, found " + wrong);
        }
        return shardOf;
    }
}
