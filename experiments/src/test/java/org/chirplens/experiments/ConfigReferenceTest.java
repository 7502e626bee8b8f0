package org.chirplens.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.experiments.config.ConfigSchema;
import org.junit.jupiter.api.Test;

/** {@code docs/config.md} is the schema that {@code ./chirplens schema} prints. */
class ConfigReferenceTest {
    private final StringBuilder page = new StringBuilder();
    /** Where the same keys have been told before. */
    private final Map<JsonNode, String> told = new HashMap<>();

    @Test
    void thePageOfConfigKeysSaysWhatTheSchemaSays() throws IOException {
        page.append("# Config files\n\n")
                .append(GeneratedDocument.note("the schema that ./chirplens schema prints"))
                .append(
                        "\nA config file is YAML and states only what differs from the defaults. `--set key=value` overrides"
                                + " a key by its whole name, such as\n`--set training.epochs=3`. A key that is not known, stated"
                                + " twice or out of its range is refused with its line and column.\nRules that need more than one"
                                + " key are checked before anything is computed, too.\n");
        section("", "", ConfigSchema.write());
        section(
                "sweep",
                ", which `./chirplens sweep` alone reads",
                ConfigSchema.writeSweep().path("properties").path("sweep"));
        GeneratedDocument.check("config.md", page.toString());
    }

    private void section(String path, String choice, JsonNode schema) {
        page.append(path.isEmpty() ? "\n## At the top\n" : "\n## `" + path + "`" + choice + "\n");
        if (schema.has("description") && choice.isEmpty()) {
            page.append("\n"
                    + GeneratedDocument.wrapped(
                            GeneratedDocument.plain(schema.path("description").asText()), ""));
        }
        page.append("\n| key | meaning | values | default |\n|---|---|---|---|\n");
        List<Runnable> later = new ArrayList<>();
        schema.path("properties")
                .properties()
                .forEach(field -> row(path, schema, field.getKey(), field.getValue(), later));
        later.forEach(Runnable::run);
    }

    private void row(String path, JsonNode schema, String key, JsonNode property, List<Runnable> later) {
        String whole = path.isEmpty() ? key : path + "." + key;
        boolean required = contains(schema.path("required"), key);
        String values = values(property);
        if (property.has("oneOf")) {
            values = "a section";
            property.path("oneOf").forEach(variant -> later.add(() -> section(whole, chosenBy(variant), variant)));
        } else if (property.path("items").has("properties")) {
            values = "a list of sections";
            later.add(() -> section(whole, ", each", property.path("items")));
        } else if (property.has("properties")
                && !property.path("additionalProperties").isObject()) {
            String before = told.putIfAbsent(property.path("properties"), whole);
            values = before == null ? "a section" : "a section with the keys of `" + before + "`";
            if (before == null) {
                later.add(() -> section(whole, "", property));
            }
        }
        page.append("| `" + key + "` | "
                + GeneratedDocument.plain(property.path("description").asText()) + " | " + values + " | "
                + byDefault(property, required) + " |\n");
    }

    private static String chosenBy(JsonNode variant) {
        var field = variant.path("properties").properties().iterator().next();
        return " with `" + field.getKey() + ": "
                + field.getValue().path("const").asText() + "`";
    }

    private static String values(JsonNode property) {
        if (property.has("const")) {
            return "`" + property.path("const").asText() + "`";
        }
        if (property.has("enum")) {
            return words(property.path("enum"));
        }
        if (property.path("items").has("enum")) {
            return "a list of " + words(property.path("items").path("enum"));
        }
        String type = property.path("type").asText();
        return switch (type) {
            case "object" -> "a section";
            case "string" -> "text";
            case "boolean" -> "`true`, `false`";
            default -> (type + " " + range(property)).strip();
        };
    }

    private static String words(JsonNode array) {
        List<String> words = new ArrayList<>();
        array.forEach(word -> words.add("`" + word.asText() + "`"));
        return String.join(", ", words);
    }

    private static String range(JsonNode property) {
        List<String> bounds = new ArrayList<>();
        Map.of(
                        "minimum",
                        "at least ",
                        "maximum",
                        "at most ",
                        "exclusiveMinimum",
                        "above ",
                        "exclusiveMaximum",
                        "below ")
                .entrySet()
                .stream()
                .filter(bound -> property.has(bound.getKey()))
                .sorted(Map.Entry.comparingByValue())
                .forEach(bound -> bounds.add(
                        bound.getValue() + property.path(bound.getKey()).asText()));
        return String.join(", ", bounds);
    }

    private static String byDefault(JsonNode property, boolean required) {
        JsonNode value = property.path(property.has("const") && !required ? "const" : "default");
        if (value.isArray()) {
            return "`" + value.toString().replace("\"", "").replace(",", ", ") + "`";
        }
        return value.isMissingNode() ? required ? "must be given" : "" : "`" + value.asText() + "`";
    }

    private static boolean contains(JsonNode array, String word) {
        for (JsonNode item : array) {
            if (item.asText().equals(word)) {
                return true;
            }
        }
        return false;
    }
}
