package org.chirplens.experiments.config;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads config files. */
public final class ConfigReader {
    private ConfigReader() {}

    /**
     * Reads a config file with overrides laid over it.
     *
     * @param file a YAML file
     * @param overrides assignments {@code key.path=value}; later ones win
     * @throws ConfigException naming every problem with its place
     */
    public static LoadedConfig read(Path file, List<String> overrides) {
        LoadedConfig loaded = bind(YamlDocument.read(file), overrides);
        refuse(ConfigRules.broken(loaded));
        return loaded;
    }

    /**
     * Reads a sweep's config: a run's, with a section {@code sweep}.
     *
     * @param overrides as for {@link #read}; {@code sweep.grid.seed=[1,2]} sets an axis
     * @throws ConfigException naming every problem of every trial with its place
     */
    public static LoadedSweep readSweep(Path file, List<String> overrides) {
        return new SweepReader(file, overrides).read();
    }

    /**
     * Reads what a file says of {@code data}; the other sections need not make a run.
     *
     * @param overrides as for {@link #read}
     * @throws ConfigException naming every problem with its place
     */
    public static LoadedConfig readData(Path file, List<String> overrides) {
        LoadedConfig loaded = bind(YamlDocument.read(file), overrides);
        refuse(ConfigRules.brokenData(loaded));
        return loaded;
    }

    static void refuse(List<String> broken) {
        if (!broken.isEmpty()) {
            throw new ConfigException(broken);
        }
    }

    /**
     * The defaults of the data's keys with overrides laid over them, for commands that need no config file and no model.
     *
     * @param overrides assignments {@code data.key=value}; later ones win
     * @throws ConfigException naming every problem with its place
     */
    public static DataSettings dataDefaults(List<String> overrides) {
        LoadedConfig loaded = bind(YamlDocument.empty("defaults"), overrides);
        refuse(ConfigRules.brokenDefaults(loaded));
        return loaded.config().data();
    }

    private static LoadedConfig bind(YamlDocument document, List<String> overrides) {
        overrides.forEach(document::override);
        return bind(document);
    }

    /**
     * Binds a document; the rules that need more than one setting are not checked.
     *
     * @throws ConfigException naming every problem with its place
     */
    static LoadedConfig bind(YamlDocument document) {
        SettingBinder binder = new SettingBinder(document);
        @Nullable ExperimentConfig config = binder.bind(ExperimentConfig.class);
        if (config == null || !binder.problems().isEmpty()) {
            throw new ConfigException(binder.problems());
        }
        return new LoadedConfig(config, document.file(), binder.places());
    }
}
