package org.chirplens.experiments.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A config as a tree: every value that counts, defaults included, in the layout of a config file. */
public final class ConfigTree {
    private ConfigTree() {}

    /** The tree of a config; written as YAML it is a config file that means the same. */
    public static ObjectNode of(ExperimentConfig config) {
        ObjectNode tree = record(config);
        if (config.model().backbone() != null && tree.get("model") instanceof ObjectNode model) {
            model.remove(List.of("imageSize", "patchSize", "hiddenSize", "numLayers", "numHeads", "mlpSize"));
        }
        return tree;
    }

    /** Whether two trees describe the same results: all but the name and the use of the machine. */
    public static boolean sameResults(ObjectNode a, ObjectNode b) {
        List<String> apart = List.of("name", "runtime");
        return a.deepCopy().remove(apart).equals(b.deepCopy().remove(apart));
    }

    private static ObjectNode record(Object record) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (Class<?> sealed : record.getClass().getInterfaces()) {
            if (sealed.isAnnotationPresent(Variants.class)) {
                tree.put(
                        sealed.getAnnotation(Variants.class).key(),
                        record.getClass().getAnnotation(Variants.Variant.class).value());
            }
        }
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            put(tree, component.getName(), value(component, record));
        }
        return tree;
    }

    private static void put(ObjectNode tree, String key, @Nullable Object value) {
        if (value instanceof Record inner) {
            tree.set(key, record(inner));
        } else if (value instanceof Integer number) {
            tree.put(key, number);
        } else if (value instanceof Long number) {
            tree.put(key, number);
        } else if (value instanceof Double number) {
            tree.put(key, number);
        } else if (value instanceof Boolean truth) {
            tree.put(key, truth);
        } else if (value instanceof List<?> list) {
            ArrayNode array = tree.putArray(key);
            list.forEach(item -> array.add(text(item)));
        } else if (value != null) {
            tree.put(key, text(value));
        }
    }

    private static String text(Object value) {
        return value instanceof Enum<?> constant ? Scalars.key(constant) : value.toString();
    }

    private static @Nullable Object value(RecordComponent component, Object record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot read " + component, e);
        }
    }
}
