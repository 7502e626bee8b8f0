package org.chirplens.experiments.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;

/** Reads a sweep's config and makes the config of each trial. */
final class SweepReader {
    private static final String GRID = "grid";

    private final Path file;
    private final List<String> overrides;
    private final List<String> problems = new ArrayList<>();

    SweepReader(Path file, List<String> overrides) {
        this.file = file;
        this.overrides = List.copyOf(overrides);
    }

    LoadedSweep read() {
        YamlDocument document = document();
        @Nullable Node section = document.take(KnownKeys.SWEEP);
        if (!(section instanceof MappingNode mapping)) {
            throw new ConfigException(List.of((section == null ? document.file() : document.place(section))
                    + ": sweep must be a section with a grid; docs/sweeps.md tells how to write one"));
        }
        SettingBinder binder = new SettingBinder(document);
        @Nullable SweepSettings settings = binder.bind(SweepSettings.class, mapping, KnownKeys.SWEEP, Set.of(GRID));
        problems.addAll(binder.problems());
        if (settings != null && !settings.stages().contains(SweepSettings.Stage.FINETUNE)) {
            String place = binder.places().getOrDefault("sweep.stages", document.file());
            problems.add(place + ": sweep.stages must hold finetune, as the others need its model, found "
                    + settings.stages().stream().map(Scalars::key).toList());
        }
        List<SweepGrid.Axis> axes = SweepGrid.read(document, grid(mapping), document.place(mapping), problems);
        ConfigReader.refuse(problems);
        if (settings == null) {
            throw new IllegalStateException("settings without problems are there");
        }
        List<String> keys = axes.stream().map(SweepGrid.Axis::key).toList();
        return new LoadedSweep(name(document), settings, keys, trials(keys, axes));
    }

    private YamlDocument document() {
        YamlDocument document = YamlDocument.read(file);
        overrides.forEach(document::override);
        return document;
    }

    private static @Nullable Node grid(MappingNode sweep) {
        return sweep.getValue().stream()
                .filter(entry -> GRID.equals(YamlDocument.text(entry.getKeyNode())))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElse(null);
    }

    /** The stated name, or the file's; the rules of names are checked with the trials, whose names it begins. */
    private static String name(YamlDocument document) {
        @Nullable Node stated = document.find("name");
        @Nullable String name = stated == null || YamlDocument.isNull(stated) ? null : YamlDocument.text(stated);
        return name == null ? LoadedConfig.nameOf(document.file()) : name;
    }

    private List<LoadedSweep.Trial> trials(List<String> keys, List<SweepGrid.Axis> axes) {
        List<LoadedSweep.Trial> trials = new ArrayList<>();
        Map<String, List<String>> broken = new LinkedHashMap<>();
        List<List<SweepGrid.Value>> combinations = SweepGrid.combinations(axes);
        for (List<SweepGrid.Value> combination : combinations) {
            List<String> values =
                    combination.stream().map(SweepGrid.Value::text).toList();
            String name = TrialName.of(keys, values);
            try {
                trials.add(new LoadedSweep.Trial(name, values, config(keys, combination, name)));
            } catch (ConfigException e) {
                Arrays.stream(String.valueOf(e.getMessage()).split("\n"))
                        .forEach(problem -> broken.computeIfAbsent(problem, p -> new ArrayList<>())
                                .add(name));
            }
        }
        ConfigReader.refuse(LoadedSweep.describe(broken, combinations.size()));
        requireDifferent(trials);
        return trials;
    }

    private LoadedConfig config(List<String> keys, List<SweepGrid.Value> combination, String name) {
        YamlDocument document = document();
        document.take(KnownKeys.SWEEP);
        document.lay("name", name(document) + "." + name);
        for (int i = 0; i < keys.size(); i++) {
            SweepGrid.Value value = combination.get(i);
            document.lay(keys.get(i), value.node(), value.place());
        }
        LoadedConfig config = ConfigReader.bind(document);
        ConfigReader.refuse(ConfigRules.broken(config));
        return config;
    }

    /** Values may be written otherwise and mean the same, such as a path. */
    private void requireDifferent(List<LoadedSweep.Trial> trials) {
        Map<Object, String> seen = new LinkedHashMap<>();
        for (LoadedSweep.Trial trial : trials) {
            Object results = ConfigTree.of(trial.config()).remove(ConfigTree.APART);
            @Nullable String before = seen.putIfAbsent(results, trial.name());
            if (before != null) {
                problems.add(file + ": trials " + before + " and " + trial.name() + " are the same run; leave one out");
            }
        }
        ConfigReader.refuse(problems);
    }
}
