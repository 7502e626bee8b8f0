package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Writes files under a temporary name and moves them into place, so that no reader ever sees half of one. */
public final class WholeFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private WholeFile() {}

    /** What fills a file. */
    @FunctionalInterface
    public interface Bytes {
        void to(OutputStream out) throws IOException;
    }

    /** What fills a text file. */
    @FunctionalInterface
    public interface Text {
        void to(Writer out) throws IOException;
    }

    /** Writes a file; its directory is made when missing. */
    public static void write(Path file, Bytes content) {
        Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
        try {
            Path parent = file.toAbsolutePath().getParent();
            if (parent != null) {
                Files.createDirectories(parent);
            }
            try {
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(temporary))) {
                    content.to(out);
                }
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Writes a UTF-8 text file. */
    public static void writeText(Path file, Text content) {
        write(file, out -> {
            try (Writer writer =
                    new java.io.BufferedWriter(new java.io.OutputStreamWriter(out, StandardCharsets.UTF_8))) {
                content.to(writer);
            }
        });
    }

    /** Writes a JSON file. */
    public static void writeJson(Path file, JsonNode tree) {
        write(file, out -> out.write((JSON.writeValueAsString(tree) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /**
     * Insists that a JSON file holds certain values, so that results of one thing are not taken for those of another.
     *
     * @param results what the file is the provenance of
     * @throws IllegalArgumentException naming the first value that differs
     */
    static void requireSame(Path file, ObjectNode expected, Path results) {
        ObjectNode found = readJson(file);
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

    /** Reads a text file. */
    static String readText(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @throws IllegalArgumentException when the file holds anything else
     */
    public static ObjectNode readJson(Path file) {
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
