package org.chirplens.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.FloatArray;

/** Writes a model in several safetensors files with their index, as Hugging Face does. */
final class ShardedModel {
    static final String INDEX = "model.safetensors.index.json";

    private ShardedModel() {}

    /** Deals the tensors in turn to that many shards and writes all into a directory, which must exist. */
    static void write(Path directory, Map<String, FloatArray> tensors, int shards) {
        List<Map<String, FloatArray>> dealt = new ArrayList<>();
        for (int i = 0; i < shards; i++) {
            dealt.add(new LinkedHashMap<>());
        }
        Map<String, String> shardOf = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            int shard = shardOf.size() % shards;
            shardOf.put(name, name(shard, shards));
            dealt.get(shard).put(name, tensor);
        });
        for (int i = 0; i < shards; i++) {
            Safetensors.write(directory.resolve(name(i, shards)), dealt.get(i), Map.of());
        }
        writeIndex(directory.resolve(INDEX), shardOf);
    }

    static void writeIndex(Path file, Map<String, String> shardOf) {
        List<String> fields = new ArrayList<>();
        shardOf.forEach((name, shard) -> fields.add("\"" + name + "\": \"" + shard + "\""));
        try {
            Files.writeString(
                    file, "{\"metadata\": {\"total_size\": 0}, \"weight_map\": {" + String.join(", ", fields) + "}}\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String name(int shard, int shards) {
        return String.format("model-%05d-of-%05d.safetensors", shard + 1, shards);
    }
}
