package org.chirplens.experiments.config;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.MalformedInputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A composed YAML file with overrides laid over it; knows where each node was written. */
final class YamlDocument {
    private final String file;
    private final MappingNode root;
    private final IdentityHashMap<Node, String> overridden = new IdentityHashMap<>();

    private YamlDocument(String file, MappingNode root) {
        this.file = file;
        this.root = root;
    }

    /** A document that states nothing. */
    static YamlDocument empty(String name) {
        return new YamlDocument(name, emptyMapping());
    }

    /** Composes a file; an empty one is an empty mapping. */
    static YamlDocument read(Path path) {
        if (!Files.isRegularFile(path)) {
            throw new ConfigException(List.of("config file " + path + " does not exist"));
        }
        try (Reader reader = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            return compose(path.toString(), reader);
        } catch (MalformedInputException e) {
            throw new ConfigException(List.of(path + ": not a UTF-8 text file"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + path, e);
        }
    }

    private static YamlDocument compose(String file, Reader reader) {
        @Nullable Node node = composeOrExplain(file + ":", reader);
        if (node == null || isNull(node)) {
            return new YamlDocument(file, emptyMapping());
        }
        if (node instanceof MappingNode mapping) {
            return new YamlDocument(file, mapping);
        }
        throw new ConfigException(List.of(file + ":1:1: a config file must hold key: value lines"));
    }

    private static @Nullable Node composeOrExplain(String place, Reader reader) {
        try {
            return new Yaml(new LoaderOptions()).compose(reader);
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark();
            String at = mark == null || !place.endsWith(":")
                    ? place + " "
                    : place + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1) + ": ";
            throw new ConfigException(List.of(at + "not valid YAML: " + e.getProblem()));
        } catch (YAMLException e) {
            throw new ConfigException(List.of(place + " not valid YAML: " + e.getMessage()));
        }
    }

    /**
     * Lays {@code key.path=value} over the document; the value is read as YAML.
     *
     * @throws ConfigException when it is not of that form or leads through something that is not a section
     */
    void override(String assignment) {
        String place = "--set " + assignment;
        int equals = assignment.indexOf('=');
        if (equals < 1) {
            throw new ConfigException(List.of(place + ": must be of the form key.path=value"));
        }
        String text = assignment.substring(equals + 1);
        @Nullable Node value = composeOrExplain(place + ": the value is", new StringReader(text));
        lay(assignment.substring(0, equals).strip(), value == null ? scalar("") : value, place);
    }

    /**
     * Lays a value over the document.
     *
     * @param path dotted key
     * @param place where the value was stated
     * @throws ConfigException when the key leads through something that is not a section
     */
    void lay(String path, Node value, String place) {
        String[] keys = path.split("\\.", -1);
        MappingNode section = root;
        for (int i = 0; i < keys.length - 1; i++) {
            @Nullable Node child = find(section, keys[i]);
            if (child == null || isNull(child)) {
                child = put(section, keys[i], emptyMapping(), place);
            }
            if (!(child instanceof MappingNode mapping)) {
                throw new ConfigException(List.of(place + ": " + keys[i] + " is not a section"));
            }
            section = mapping;
        }
        put(section, keys[keys.length - 1], value, place);
    }

    /** Lays a text over the document. */
    void lay(String path, String text) {
        lay(path, scalar(text), file);
    }

    /** Takes a section out of the document; null when it is not stated. */
    @Nullable
    Node take(String key) {
        @Nullable Node section = find(root, key);
        List<NodeTuple> kept = new ArrayList<>(root.getValue());
        kept.removeIf(tuple -> key.equals(text(tuple.getKeyNode())));
        root.setValue(kept);
        return section;
    }

    /** What is stated under a dotted key; null when nothing is. */
    @Nullable
    Node find(String path) {
        @Nullable Node node = root;
        for (String key : path.split("\\.", -1)) {
            node = node instanceof MappingNode mapping ? find(mapping, key) : null;
        }
        return node;
    }

    /** Whether a node came with an override or another value laid over the file. */
    boolean isOverride(Node node) {
        return overridden.containsKey(node);
    }

    private Node put(MappingNode section, String key, Node value, String place) {
        Node keyNode = scalar(key);
        overridden.put(keyNode, place);
        note(value, place);
        List<NodeTuple> kept = new ArrayList<>(section.getValue());
        kept.removeIf(tuple -> key.equals(text(tuple.getKeyNode())));
        kept.add(new NodeTuple(keyNode, value));
        section.setValue(kept);
        return value;
    }

    /** Notes that a node, and all that is in it, was brought by an override. */
    private void note(Node node, String place) {
        overridden.put(node, place);
        if (node instanceof SequenceNode sequence) {
            sequence.getValue().forEach(item -> note(item, place));
        } else if (node instanceof MappingNode mapping) {
            mapping.getValue().forEach(entry -> {
                note(entry.getKeyNode(), place);
                note(entry.getValueNode(), place);
            });
        }
    }

    MappingNode root() {
        return root;
    }

    String file() {
        return file;
    }

    /** {@code file:line:column}, from 1, or the override that brought the node. */
    String place(Node node) {
        @Nullable String override = overridden.get(node);
        if (override != null) {
            return override;
        }
        Mark mark = node.getStartMark();
        return mark == null ? file : file + ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }

    /** The text of a scalar, or null for a node of another kind. */
    static @Nullable String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    /** Whether a scalar was written without quotes, so that it may stand for a number or a truth value. */
    static boolean isPlain(Node node) {
        return node instanceof ScalarNode scalar && scalar.getScalarStyle() == ScalarStyle.PLAIN;
    }

    /** Whether a key has no value. */
    static boolean isNull(Node node) {
        return isPlain(node) && (node.getTag().equals(Tag.NULL) || "".equals(text(node)));
    }

    /** Composes a default value, which is known to be well formed. */
    static Node parse(String yaml) {
        @Nullable Node node = new Yaml(new LoaderOptions()).compose(new StringReader(yaml));
        return node == null ? scalar("") : node;
    }

    private static @Nullable Node find(MappingNode section, String key) {
        return section.getValue().stream()
                .filter(tuple -> key.equals(text(tuple.getKeyNode())))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    private static MappingNode emptyMapping() {
        return new MappingNode(Tag.MAP, new ArrayList<>(), FlowStyle.BLOCK);
    }

    private static ScalarNode scalar(String text) {
        return new ScalarNode(Tag.STR, text, null, null, ScalarStyle.PLAIN);
    }
}
