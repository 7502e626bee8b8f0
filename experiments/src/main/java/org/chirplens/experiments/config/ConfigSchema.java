package org.chirplens.experiments.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Writes the config records as JSON Schema (draft 2020-12), which editors use to complete and check a config file. */
public final class ConfigSchema {
    private ConfigSchema() {}

    /** The schema of a config file. */
    public static ObjectNode write() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("title", "ChirpLens config file");
        schema.setAll(section(ExperimentConfig.class, null));
        return schema;
    }

    /** The schema of a sweep's config file: a run's, and the section {@code sweep}. */
    public static ObjectNode writeSweep() {
        ObjectNode schema = write();
        schema.put("title", "ChirpLens sweep config file");
        ObjectNode sweep = section(SweepSettings.class, null);
        sweep.put("description", "The trials, and what is done with each of them.");
        ObjectNode grid = ((ObjectNode) sweep.get("properties")).putObject("grid");
        grid.put(
                "description",
                "Lists of values by the dotted key of a setting; every combination is a trial. The same setting must not be"
                        + " stated elsewhere in the file.");
        grid.put("type", "object").put("minProperties", 1);
        axes(grid.putObject("properties"), ExperimentConfig.class, "");
        // Axes may be written in nested sections too.
        grid.putObject("additionalProperties").put("type", "object");
        sweep.putArray("required").add("grid");
        ((ObjectNode) schema.get("properties")).set(KnownKeys.SWEEP, sweep);
        schema.withArray("required").add(KnownKeys.SWEEP);
        return schema;
    }

    /** A list for each setting that a grid may vary. */
    private static void axes(ObjectNode grid, Class<?> type, String path) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = SettingBinder.join(path, component.getName());
            Class<?> inner = component.getType();
            if (inner.isAnnotationPresent(Variants.class)) {
                KnownKeys.variants(inner).values().forEach(variant -> axes(grid, variant, key));
            } else if (inner.isRecord()) {
                axes(grid, inner, key);
            } else if (SweepGrid.mayVary(key) && !grid.has(key)) {
                Setting setting = SettingBinder.setting(component);
                ObjectNode axis = grid.putObject(key);
                axis.put("description", setting.value()).put("type", "array").put("minItems", 1);
                ObjectNode value = property(component, setting);
                value.remove(List.of("description", "default"));
                axis.set("items", value);
            }
        }
    }

    private static ObjectNode section(Class<?> type, @Nullable Choice choice) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        ArrayNode required = JsonNodeFactory.instance.arrayNode();
        if (choice != null) {
            properties
                    .putObject(choice.key())
                    .put("description", choice.meaning())
                    .put("const", choice.value());
            if (!choice.isDefault()) {
                required.add(choice.key());
            }
        }
        for (RecordComponent component : type.getRecordComponents()) {
            Setting setting = SettingBinder.setting(component);
            properties.set(component.getName(), property(component, setting));
            boolean simple =
                    !component.getType().isRecord() && !component.getType().isAnnotationPresent(Variants.class);
            if (simple && setting.byDefault().isEmpty() && !setting.optional()) {
                required.add(component.getName());
            }
        }
        schema.put("additionalProperties", false);
        if (!required.isEmpty()) {
            schema.set("required", required);
        }
        return schema;
    }

    private record Choice(String key, String meaning, String value, boolean isDefault) {}

    private static ObjectNode property(RecordComponent component, Setting setting) {
        Class<?> type = component.getType();
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.put("description", setting.value());
        if (type.isAnnotationPresent(Variants.class)) {
            schema.set("oneOf", variants(type, setting.byDefault()));
        } else if (type.isRecord()) {
            schema.setAll(section(type, null));
        } else if (type == List.class) {
            Class<?> element = SettingBinder.element(component);
            schema.put("type", "array");
            if (element.isRecord()) {
                schema.set("items", section(element, null));
            } else {
                Scalars.keys(element).forEach(schema.putObject("items").putArray("enum")::add);
            }
            putDefault(schema, component, setting);
        } else {
            scalar(schema, type, setting);
            putDefault(schema, component, setting);
        }
        return schema;
    }

    private static ArrayNode variants(Class<?> sealed, String byDefault) {
        Variants variants = sealed.getAnnotation(Variants.class);
        ArrayNode oneOf = JsonNodeFactory.instance.arrayNode();
        for (Map.Entry<String, Class<?>> variant : KnownKeys.variants(sealed).entrySet()) {
            boolean isDefault = variant.getKey().equals(byDefault);
            oneOf.add(section(
                    variant.getValue(), new Choice(variants.key(), variants.meaning(), variant.getKey(), isDefault)));
        }
        return oneOf;
    }

    private static void scalar(ObjectNode schema, Class<?> type, Setting setting) {
        Scalars.@Nullable Kind kind = Scalars.kind(type);
        if (kind == null) {
            Scalars.keys(type).forEach(schema.putArray("enum")::add);
            return;
        }
        schema.put("type", kind.schemaType());
        Range range = Range.of(setting);
        bound(schema, "minimum", range.min());
        bound(schema, "maximum", range.max());
        bound(schema, "exclusiveMinimum", range.above());
        bound(schema, "exclusiveMaximum", range.below());
    }

    private static void bound(ObjectNode schema, String keyword, double bound) {
        if (Double.isFinite(bound)) {
            schema.set(keyword, number(bound));
        }
    }

    private static void putDefault(ObjectNode schema, RecordComponent component, Setting setting) {
        if (setting.byDefault().isEmpty()) {
            return;
        }
        Node node = YamlDocument.parse(setting.byDefault());
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = schema.putArray("default");
            sequence.getValue().forEach(item -> array.add(YamlDocument.text(item)));
            return;
        }
        Scalars.@Nullable Kind kind = Scalars.kind(component.getType());
        @Nullable Object value = kind == null ? null : kind.reader().apply(node);
        if (value instanceof Number n) {
            schema.set("default", number(n.doubleValue()));
        } else if (value instanceof Boolean truth) {
            schema.put("default", truth);
        } else {
            schema.put("default", setting.byDefault());
        }
    }

    private static JsonNode number(double value) {
        boolean whole = value == Math.rint(value);
        return whole ? JsonNodeFactory.instance.numberNode((long) value) : JsonNodeFactory.instance.numberNode(value);
    }
}
