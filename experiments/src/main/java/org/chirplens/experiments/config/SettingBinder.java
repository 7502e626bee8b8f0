package org.chirplens.experiments.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/** Binds a YAML document to records by their {@link Setting}s, collecting every problem that it finds. */
final class SettingBinder {
    private final YamlDocument document;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> places = new HashMap<>();

    SettingBinder(YamlDocument document) {
        this.document = document;
    }

    /** The problems found, in the order of the file's sections. */
    List<String> problems() {
        return problems;
    }

    /** The place of every key that the document states. */
    Map<String, String> places() {
        return places;
    }

    /** Binds the whole document; null when it has problems. */
    <T extends Record> @Nullable T bind(Class<T> type) {
        return type.cast(record(type, document.root(), "", Set.of()));
    }

    /** Binds a section of the document that is read apart; null when it has problems. */
    <T extends Record> @Nullable T bind(Class<T> type, Node node, String path, Set<String> alsoKnown) {
        return type.cast(record(type, node, path, alsoKnown));
    }

    private @Nullable Object record(Class<?> type, @Nullable Node node, String path, Set<String> alsoKnown) {
        if (node != null && !(node instanceof MappingNode)) {
            report(node, path + " must be a section of key: value lines, found " + describe(node));
            return null;
        }
        Map<String, Node> values = entries(type, (MappingNode) node, path, alsoKnown);
        RecordComponent[] components = type.getRecordComponents();
        @Nullable Object[] arguments = new Object[components.length];
        int before = problems.size();
        for (int i = 0; i < components.length; i++) {
            arguments[i] = component(components[i], values.get(components[i].getName()), node, path);
        }
        return problems.size() > before ? null : create(type, arguments);
    }

    private Map<String, Node> entries(Class<?> type, @Nullable MappingNode node, String path, Set<String> alsoKnown) {
        Map<String, Node> values = new LinkedHashMap<>();
        if (node == null) {
            return values;
        }
        Set<String> known = new HashSet<>(alsoKnown);
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).forEach(known::add);
        for (NodeTuple entry : node.getValue()) {
            @Nullable String key = YamlDocument.text(entry.getKeyNode());
            if (key == null || !known.contains(key)) {
                report(entry.getKeyNode(), KnownKeys.unknown(join(path, key == null ? "?" : key), known));
            } else if (values.containsKey(key)) {
                report(entry.getKeyNode(), join(path, key) + " is stated twice");
            } else {
                values.put(key, entry.getValueNode());
                places.put(join(path, key), document.place(entry.getValueNode()));
            }
        }
        return values;
    }

    private @Nullable Object component(
            RecordComponent component, @Nullable Node stated, @Nullable Node section, String path) {
        Setting setting = setting(component);
        String key = join(path, component.getName());
        @Nullable Node node = stated == null || YamlDocument.isNull(stated) ? null : stated;
        Class<?> type = component.getType();
        if (type.isAnnotationPresent(Variants.class)) {
            return variant(type, node, key, setting.byDefault());
        }
        if (type.isRecord()) {
            return record(type, node, key, Set.of());
        }
        if (node == null && setting.byDefault().isEmpty()) {
            if (!setting.optional()) {
                report(section, key + " must be given: " + setting.value());
            }
            return null;
        }
        Node value = node == null ? YamlDocument.parse(setting.byDefault()) : node;
        return type == List.class ? list(component, value, key) : scalar(component, value, key);
    }

    private @Nullable Object variant(Class<?> sealed, @Nullable Node node, String path, String byDefault) {
        String chooser = sealed.getAnnotation(Variants.class).key();
        @Nullable String chosen = byDefault;
        @Nullable Node choice = null;
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                if (chooser.equals(YamlDocument.text(entry.getKeyNode()))) {
                    choice = entry.getValueNode();
                    chosen = YamlDocument.text(choice);
                }
            }
        }
        Map<String, Class<?>> variants = KnownKeys.variants(sealed);
        @Nullable Class<?> type = variants.get(chosen == null ? "" : chosen);
        if (type == null) {
            report(
                    choice,
                    join(path, chooser) + " must be one of " + variants.keySet() + ", found "
                            + (choice == null ? "nothing" : describe(choice)));
            return null;
        }
        return record(type, node, path, Set.of(chooser));
    }

    private @Nullable Object list(RecordComponent component, Node node, String key) {
        Class<?> element = element(component);
        if (!(node instanceof SequenceNode sequence)) {
            String of = element.isRecord() ? "sections" : Scalars.keys(element).toString();
            report(node, key + " must be a list of " + of + ", found " + describe(node));
            return null;
        }
        List<Object> values = new ArrayList<>();
        if (element.isRecord()) {
            for (int i = 0; i < sequence.getValue().size(); i++) {
                @Nullable Object value = record(element, sequence.getValue().get(i), key + "[" + i + "]", Set.of());
                if (value != null) {
                    values.add(value);
                }
            }
            return values;
        }
        for (Node item : sequence.getValue()) {
            @Nullable Object value = Scalars.constant(element, item);
            if (value == null) {
                report(item, key + " must hold only " + Scalars.keys(element) + ", found " + describe(item));
            } else {
                values.add(value);
            }
        }
        return values;
    }

    private @Nullable Object scalar(RecordComponent component, Node node, String key) {
        Class<?> type = component.getType();
        Scalars.@Nullable Kind kind = Scalars.kind(type);
        @Nullable
        Object value =
                kind == null ? Scalars.constant(type, node) : kind.reader().apply(node);
        if (value == null) {
            String rule = kind == null ? "must be one of " + Scalars.keys(type) : "must be " + kind.article();
            report(node, key + " " + rule + ", found " + describe(node));
        } else if (value instanceof Number number) {
            Setting setting = setting(component);
            if (!setting.ruled() && !Range.of(setting).contains(number.doubleValue())) {
                report(node, key + " must be " + Range.of(setting) + ", found " + YamlDocument.text(node));
            }
        }
        return value;
    }

    private @Nullable Object create(Class<?> type, @Nullable Object[] arguments) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new));
            return constructor.newInstance(arguments);
        } catch (InvocationTargetException e) {
            throw new IllegalArgumentException(
                    document.file() + ": " + e.getTargetException().getMessage(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a config record needs a canonical constructor: " + type, e);
        }
    }

    private void report(@Nullable Node node, String problem) {
        problems.add((node == null ? document.file() : document.place(node)) + ": " + problem);
    }

    private static String describe(Node node) {
        @Nullable String text = YamlDocument.text(node);
        if (text == null) {
            return node instanceof MappingNode ? "a section" : "a list";
        }
        return YamlDocument.isPlain(node) ? "'" + text + "'" : "the quoted text '" + text + "'";
    }

    /** The type of a list's items. */
    static Class<?> element(RecordComponent list) {
        return (Class<?>) ((ParameterizedType) list.getGenericType()).getActualTypeArguments()[0];
    }

    static Setting setting(RecordComponent component) {
        Setting setting = component.getAnnotation(Setting.class);
        if (setting == null) {
            throw new IllegalStateException("a config component needs @Setting: " + component);
        }
        return setting;
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
