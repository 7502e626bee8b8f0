package org.chirplens.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import org.chirplens.file.WholeFile;
import org.jspecify.annotations.Nullable;

/** A JSON object in a file, read strictly; every complaint names the file, the field, the rule and the value. */
final class JsonFile {
    private static final long MAX_BYTES = 16_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final ObjectNode root;

    private JsonFile(Path file, ObjectNode root) {
        this.file = file;
        this.root = root;
    }

    static JsonFile read(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_BYTES) {
                throw new IllegalArgumentException(
                        file + ": a settings file must have at most " + MAX_BYTES + " bytes, found " + size);
            }
            JsonNode node = MAPPER.readTree(Files.readString(file));
            if (node instanceof ObjectNode object) {
                return new JsonFile(file, object);
            }
            throw new IllegalArgumentException(file + ": must hold a JSON object");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (java.nio.charset.CharacterCodingException e) {
            throw new IllegalArgumentException(file + ": is not UTF-8", e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** Writes an object, indented by two spaces and ending in a newline whatever the system. */
    static void write(Path file, ObjectNode root) {
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        try {
            WholeFile.writeText(file, MAPPER.writer(printer).writeValueAsString(root) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    Path path() {
        return file;
    }

    ObjectNode root() {
        return root;
    }

    /** A field, or null where it is absent or null. */
    @Nullable
    JsonNode get(String field) {
        JsonNode value = root.get(field);
        return value == null || value.isNull() ? null : value;
    }

    int requireInt(String field) {
        JsonNode value = get(field);
        if (value == null || !value.isIntegralNumber() || !value.canConvertToInt()) {
            throw error(field, "must be an integer", value);
        }
        return value.intValue();
    }

    OptionalDouble number(String field) {
        JsonNode value = get(field);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber()) {
            throw error(field, "must be a number", value);
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /** A complaint about one field. */
    IllegalArgumentException error(String field, String rule, @Nullable JsonNode value) {
        return new IllegalArgumentException(
                file + ": " + field + " " + rule + ", found " + (value == null ? "nothing" : value));
    }
}
