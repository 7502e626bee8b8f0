package org.chirplens.experiments.config;

import java.util.ArrayList;
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

/** Reads {@code sweep.grid}: lists of values by the dotted key of the setting that takes them. */
final class SweepGrid {
    /** More trials than anybody waits for; a slip of the hand in one more axis is found at once. */
    private static final int MOST_TRIALS = 10_000;

    private static final String GRID = "sweep.grid";

    private final YamlDocument document;
    private final List<String> problems;
    private final Map<String, Axis> axes = new LinkedHashMap<>();

    private SweepGrid(YamlDocument document, List<String> problems) {
        this.document = document;
        this.problems = problems;
    }

    /** The values of a setting, with the place where the list was stated. */
    record Axis(String key, String place, List<Value> values) {}

    /** A value as it was written, as the text that names it, and with its place. */
    record Value(Node node, String text, String place) {}

    /**
     * Reads the grid.
     *
     * @param document the config without its section {@code sweep}
     * @param grid what stands under {@code sweep.grid}
     * @param problems where to add what is wrong
     */
    static List<Axis> read(YamlDocument document, @Nullable Node grid, String place, List<String> problems) {
        SweepGrid reader = new SweepGrid(document, problems);
        if (grid == null || YamlDocument.isNull(grid)) {
            problems.add(place + ": " + GRID + " must be given: lists of values by the key of a setting, such as"
                    + " model.lora.rank: [1, 2, 4]");
            return List.of();
        }
        reader.collect("", grid);
        long trials = 1;
        for (Axis axis : reader.axes.values()) {
            trials = Math.min(trials * axis.values().size(), Integer.MAX_VALUE);
        }
        if (trials > MOST_TRIALS) {
            problems.add(document.place(grid) + ": " + GRID + " must make at most " + MOST_TRIALS + " trials, found "
                    + trials);
        }
        if (reader.axes.isEmpty() && problems.isEmpty()) {
            problems.add(document.place(grid) + ": " + GRID + " must have at least one axis, found none");
        }
        return List.copyOf(reader.axes.values());
    }

    /** An axis may be written with its dotted key or, as {@code --set} does, in nested sections. */
    private void collect(String path, Node node) {
        if (node instanceof MappingNode mapping) {
            for (NodeTuple entry : mapping.getValue()) {
                @Nullable String key = YamlDocument.text(entry.getKeyNode());
                collect(SettingBinder.join(path, key == null ? "?" : key), entry.getValueNode());
            }
        } else if (node instanceof SequenceNode list && !path.isEmpty()) {
            axis(path, list);
        } else {
            String key = SettingBinder.join(GRID, path);
            problem(node, key + " must be a list of values, found '" + YamlDocument.text(node) + "'");
        }
    }

    private void axis(String key, SequenceNode list) {
        @Nullable String refusal = refusal(key);
        @Nullable Axis before = axes.get(key);
        @Nullable Node stated = document.find(key);
        if (refusal != null) {
            problem(list, refusal);
        } else if (before != null && !document.isOverride(list)) {
            problem(list, GRID + "." + key + " is stated twice");
        } else if (stated != null) {
            problem(
                    list,
                    GRID + "." + key + " is stated apart from the grid too, at " + document.place(stated)
                            + "; leave one of the two out");
        } else {
            axes.put(key, new Axis(key, document.place(list), values(key, list)));
        }
    }

    private static @Nullable String refusal(String key) {
        List<String> known = KnownKeys.all();
        if (!known.contains(key)) {
            String section = key.contains(".") ? key.substring(0, key.lastIndexOf('.') + 1) : "";
            List<String> here = known.stream()
                    .filter(other -> other.startsWith(section))
                    .map(other -> other.substring(section.length()).replaceAll("\\..*", ""))
                    .toList();
            return GRID + ": " + KnownKeys.unknown(key, here);
        }
        if (known.stream().anyMatch(other -> other.startsWith(key + ".")) && mayVary(key)) {
            return GRID + "." + key + " must be a setting, found a section; name the settings in it";
        }
        return mayVary(key) ? null : GRID + "." + key + " must be a setting that changes results; " + key + " does not";
    }

    /** Whether a setting can be an axis: all but the name and the use of the machine. */
    static boolean mayVary(String key) {
        return !ConfigTree.APART.contains(key.replaceAll("\\..*", ""));
    }

    private List<Value> values(String key, SequenceNode list) {
        List<Value> values = new ArrayList<>();
        Set<String> texts = new HashSet<>();
        for (Node item : list.getValue()) {
            @Nullable String text = TrialName.text(item);
            if (text == null) {
                problem(item, GRID + "." + key + " must hold values only, found nothing or a section");
            } else if (!texts.add(text)) {
                problem(item, GRID + "." + key + " states " + text + " twice");
            } else {
                values.add(new Value(item, text, document.place(item)));
            }
        }
        if (list.getValue().isEmpty()) {
            problem(list, GRID + "." + key + " must hold at least one value, found none");
        }
        return values;
    }

    private void problem(Node node, String problem) {
        problems.add(document.place(node) + ": " + problem);
    }

    /** Every combination, the last axis changing fastest. */
    static List<List<Value>> combinations(List<Axis> axes) {
        List<List<Value>> combinations = List.of(List.of());
        for (Axis axis : axes) {
            List<List<Value>> longer = new ArrayList<>();
            for (List<Value> start : combinations) {
                for (Value value : axis.values()) {
                    List<Value> with = new ArrayList<>(start);
                    with.add(value);
                    longer.add(with);
                }
            }
            combinations = longer;
        }
        return combinations;
    }
}
