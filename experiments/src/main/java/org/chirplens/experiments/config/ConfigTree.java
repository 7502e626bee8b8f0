package org.chirplens.experiments.config;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A config as a tree: every value that counts, defaults included, in the layout of a config file. */
public final class ConfigTree {
    /** What changes no result. */
    static final List<String> APART = List.of("name", "runtime");

    private static final String PREPROCESSING = "data.preprocessing";

    private ConfigTree() {}

    /**
     * The tree of what a config file states that means the same: without the values that nothing reads, which a file
     * must not state.
     */
    public static ObjectNode file(LoadedConfig loaded) {
        ObjectNode tree = of(loaded);
        Set<String> dropped =
                new LinkedHashSet<>(ConfigRules.withoutUse(loaded.config()).keySet());
        if (loaded.config().model().finetuned() != null && !loaded.states(PREPROCESSING)) {
            dropped.add(PREPROCESSING); // The model knows how its images are prepared.
        }
        for (String key : dropped) {
            int dot = key.indexOf('.');
            ObjectNode section = dot < 0 ? tree : (ObjectNode) tree.get(key.substring(0, dot));
            section.remove(key.substring(dot + 1));
        }
        return tree;
    }

    /** The tree of a config, with the defaults of what it does not state. */
    public static ObjectNode of(LoadedConfig loaded) {
        ExperimentConfig config = loaded.config();
        ObjectNode tree = record(config);
        if (config.model().backbone() != null && tree.get("model") instanceof ObjectNode model) {
            model.remove(ConfigRules.BACKBONE_SIZES);
            if (!loaded.states(ModelSettings.IMAGE_SIZE)) {
                model.remove("imageSize");
            }
        }
        return canonical(tree);
    }

    /** The tree as it is read back from a file, so that trees can be compared. */
    private static ObjectNode canonical(ObjectNode tree) {
        try {
            return (ObjectNode) new ObjectMapper().readTree(tree.toString());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a config is well-formed JSON", e);
        }
    }

    /**
     * Whether two trees describe the same results: all but the name and the use of the machine.
     *
     * @param there an earlier tree; a key that it lacks, as there was none then, stands for its default
     * @param here the tree of a config now
     */
    public static boolean sameResults(ObjectNode there, ObjectNode here) {
        return changes(there, here).isEmpty();
    }

    /** Names the first key that makes other results, such as {@code training.epochs: 3 there, 4 here}. */
    public static String firstDifference(JsonNode there, ObjectNode here) {
        return changes(there, here).stream()
                .findFirst()
                .map(difference ->
                        difference.key() + ": " + text(difference.a()) + " there, " + text(difference.b()) + " here")
                .orElse("no difference");
    }

    private static List<Difference> changes(JsonNode there, ObjectNode here) {
        return differences(there, here).stream()
                .filter(difference -> !APART.contains(difference.key().replaceFirst("\\..*", "")))
                .filter(difference -> !difference.a().isMissingNode() || !isDefault(here, difference.key()))
                .toList();
    }

    /** Whether a config without a key would have the value that it has there. */
    private static boolean isDefault(ObjectNode tree, String key) {
        JsonPointer place = JsonPointer.compile("/" + key.replace('.', '/'));
        ObjectNode without = tree.deepCopy();
        if (without.at(place.head()) instanceof ObjectNode section) {
            section.remove(place.last().getMatchingProperty());
        }
        SettingBinder binder = new SettingBinder(YamlDocument.empty("defaults"));
        // JSON is YAML too.
        @Nullable
        ExperimentConfig config =
                binder.bind(ExperimentConfig.class, YamlDocument.parse(without.toString()), "", Set.of());
        return config != null
                && of(new LoadedConfig(config, "defaults", binder.places()))
                        .at(place)
                        .equals(tree.at(place));
    }

    /**
     * A key whose values differ in two configs.
     *
     * @param key dotted, as for {@code --set}
     * @param a its value in one config, missing where the config does not have the key
     * @param b that in the other
     */
    public record Difference(String key, JsonNode a, JsonNode b) {}

    /** All keys whose values differ in two trees, in the order of the trees. */
    public static List<Difference> differences(JsonNode a, JsonNode b) {
        List<Difference> differences = new ArrayList<>();
        collect("", a, b, differences);
        return differences;
    }

    private static void collect(String path, JsonNode a, JsonNode b, List<Difference> differences) {
        if (a.equals(b)) {
            return;
        }
        if (!isTree(a) || !isTree(b)) {
            differences.add(new Difference(path, a, b));
            return;
        }
        Set<String> keys = new LinkedHashSet<>();
        a.fieldNames().forEachRemaining(keys::add);
        b.fieldNames().forEachRemaining(keys::add);
        keys.forEach(key -> collect(SettingBinder.join(path, key), a.path(key), b.path(key), differences));
    }

    /** Whether a node has keys, or would have them if it were there. */
    private static boolean isTree(JsonNode node) {
        return node.isObject() || node.isMissingNode();
    }

    private static String text(JsonNode value) {
        return value.isMissingNode() ? "nothing" : value.toString();
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
            list.forEach(item -> {
                if (item instanceof Record inner) {
                    array.add(record(inner));
                } else {
                    array.add(text(item));
                }
            });
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
