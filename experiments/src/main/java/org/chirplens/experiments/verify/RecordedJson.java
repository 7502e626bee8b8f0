package org.chirplens.experiments.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value in a recorded JSON file; complaints name the file and the place in it.
 *
 * @param place the file, and where in it
 * @param node the value
 */
record RecordedJson(String place, JsonNode node) {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    static RecordedJson read(Path file) {
        try {
            return new RecordedJson(file + ":", MAPPER.readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + ": is not valid JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /** A field of an object, or null where it is absent or null. */
    @Nullable
    RecordedJson find(String field) {
        JsonNode value = node.get(field);
        return value == null || value.isNull() ? null : new RecordedJson(place + " " + field, value);
    }

    /** A field that must be there. */
    RecordedJson get(String field) {
        RecordedJson value = find(field);
        if (value == null) {
            throw new IllegalArgumentException(place + " " + field + " must be given, found nothing");
        }
        return value;
    }

    double number() {
        if (!node.isNumber()) {
            throw error("must be a number");
        }
        return node.doubleValue();
    }

    int integer() {
        if (!node.isIntegralNumber() || !node.canConvertToInt()) {
            throw error("must be an integer");
        }
        return node.intValue();
    }

    String text() {
        if (!node.isTextual()) {
            throw error("must be a string");
        }
        return node.textValue();
    }

    /** The elements of an array. */
    List<RecordedJson> list() {
        if (!node.isArray()) {
            throw error("must be a list");
        }
        List<RecordedJson> elements = new ArrayList<>();
        for (JsonNode element : node) {
            elements.add(new RecordedJson(place + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** An array of numbers. */
    double[] numbers() {
        return list().stream().mapToDouble(RecordedJson::number).toArray();
    }

    /** Refuses a field that is given and has another value than the one that is supported. */
    void requireIfGiven(String field, double supported) {
        RecordedJson value = find(field);
        if (value != null && value.number() != supported) {
            throw value.error("must be " + supported + ", others are not supported");
        }
    }

    /** A complaint about this value. */
    IllegalArgumentException error(String rule) {
        return new IllegalArgumentException(place + " " + rule + ", found " + node);
    }
}
