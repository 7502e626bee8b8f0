package org.chirplens.experiments.config;

import java.util.List;
import java.util.Map;

/**
 * A config that keeps its word, and the places where its keys were stated, for problems that only show up when data
 * or a backbone are opened.
 *
 * @param config the bound config
 * @param file the config file
 * @param places place of each stated key: {@code file:line:column} or the {@code --set} that gave it
 */
public record LoadedConfig(ExperimentConfig config, String file, Map<String, String> places) {
    public LoadedConfig {
        places = Map.copyOf(places);
    }

    /** Whether the file or an override states a key, or one of a section. */
    public boolean states(String key) {
        return places.containsKey(key) || places.keySet().stream().anyMatch(stated -> stated.startsWith(key + "."));
    }

    /** A problem with a key's value, at the place where it, or else the section that lacks it, was stated. */
    public ConfigException problem(String key, String rule) {
        String stated = key;
        while (!places.containsKey(stated) && stated.contains(".")) {
            stated = stated.substring(0, stated.lastIndexOf('.'));
        }
        return new ConfigException(List.of(places.getOrDefault(stated, file) + ": " + key + " " + rule));
    }

    /** The run's name: as stated, or the config file's name without its ending. */
    public String name() {
        return config.name() != null ? config.name() : nameOf(file);
    }

    /** The name of a file without its directory and ending. */
    static String nameOf(String file) {
        String last = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        return last.contains(".") ? last.substring(0, last.lastIndexOf('.')) : last;
    }
}
