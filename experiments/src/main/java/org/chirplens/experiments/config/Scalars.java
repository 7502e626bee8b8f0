package org.chirplens.experiments.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Turns YAML scalars into Java values, strictly: a quoted number is text, and a decimal is no integer. */
final class Scalars {
    private static final Pattern INTEGER = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern DECIMAL = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    /** A type of value: what messages and the JSON Schema call it, and how it is read (null: not of this type). */
    record Kind(String article, String schemaType, Function<Node, @Nullable Object> reader) {}

    private static final Map<String, Kind> KINDS = new TreeMap<>(Map.of(
            "int", new Kind("an integer", "integer", Scalars::intOrNull),
            "long", new Kind("an integer", "integer", Scalars::longOrNull),
            "double", new Kind("a number", "number", Scalars::doubleOrNull),
            "boolean", new Kind("true or false", "boolean", Scalars::booleanOrNull),
            "String", new Kind("text", "string", Scalars::textOrNull),
            "Path", new Kind("a path", "string", Scalars::pathOrNull)));

    private Scalars() {}

    /** The kind of a component's type, or null when it is none of the simple ones. */
    static @Nullable Kind kind(Class<?> type) {
        return KINDS.get(type.getSimpleName());
    }

    /** The value of an enum constant in a file: its name in lower case. */
    static String key(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** The values that an enum may have in a file. */
    static List<String> keys(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(c -> key((Enum<?>) c)).toList();
    }

    /** Reads an enum constant; null when there is none of that name. */
    static @Nullable Object constant(Class<?> type, Node node) {
        return Arrays.stream(type.getEnumConstants())
                .filter(c -> key((Enum<?>) c).equals(YamlDocument.text(node)))
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Object intOrNull(Node node) {
        return longOrNull(node) instanceof Long value && value == value.intValue() ? (Object) value.intValue() : null;
    }

    private static @Nullable Object longOrNull(Node node) {
        @Nullable String text = plain(node);
        return text != null && INTEGER.matcher(text).matches() ? (Object) Long.parseLong(text) : null;
    }

    private static @Nullable Object doubleOrNull(Node node) {
        @Nullable String text = plain(node);
        return text != null && DECIMAL.matcher(text).matches() ? (Object) Double.parseDouble(text) : null;
    }

    private static @Nullable Object booleanOrNull(Node node) {
        @Nullable String text = plain(node);
        return "true".equals(text) ? (Object) true : "false".equals(text) ? (Object) false : null;
    }

    private static @Nullable Object textOrNull(Node node) {
        return YamlDocument.text(node);
    }

    private static @Nullable Object pathOrNull(Node node) {
        @Nullable String text = YamlDocument.text(node);
        return text == null ? null : Path.of(text);
    }

    private static @Nullable String plain(Node node) {
        return YamlDocument.isPlain(node) ? YamlDocument.text(node) : null;
    }
}
