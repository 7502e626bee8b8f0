package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.chirplens.file.WholeFile;

/** JSON objects in files. */
public final class JsonFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private JsonFiles() {}

    /** Writes a file, whole or not at all. */
    public static void write(Path file, JsonNode tree) {
        WholeFile.writeText(file, out -> out.write(JSON.writeValueAsString(tree) + "\n"));
    }

    /**
     * Insists that a JSON file holds certain values, so that results of one thing are not taken for those of another.
     *
     * @param results what the file is the provenance of
     * @throws IllegalArgumentException naming the first value that differs
     */
    static void requireSame(Path file, ObjectNode expected, Path results) {
        ObjectNode found = read(file);
        expected.properties().forEach(field -> {
            JsonNode other = found.path(field.getKey());
            // Numbers are compared as they are written: an int that was read may have been a long.
            if (!other.asText().equals(field.getValue().asText())) {
                throw new IllegalArgumentException(results + ": holds results with " + field.getKey() + " "
                        + other.asText() + ", and " + field.getValue().asText()
                        + " is asked for; remove it, or choose another directory with --out");
            }
        });
    }

    /**
     * Reads a file.
     *
     * @throws IllegalArgumentException when the file holds anything else
     */
    public static ObjectNode read(Path file) {
        try {
            if (JSON.readTree(Files.readString(file)) instanceof ObjectNode tree) {
                return tree;
            }
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": must be JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        throw new IllegalArgumentException(file + ": must hold a JSON object");
    }
}
