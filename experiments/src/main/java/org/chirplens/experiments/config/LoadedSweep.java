package org.chirplens.experiments.config;

import java.util.List;

/**
 * A sweep's config, all of whose trials keep the rules of a run's config.
 *
 * @param name the sweep's name
 * @param settings what is done with the trials
 * @param axes the settings that trials differ in, by their dotted keys, in the order of the grid
 * @param trials every combination of the axes' values; the last axis changes fastest
 */
public record LoadedSweep(String name, SweepSettings settings, List<String> axes, List<Trial> trials) {
    public LoadedSweep {
        axes = List.copyOf(axes);
        trials = List.copyOf(trials);
    }

    /**
     * One combination of values.
     *
     * @param name made of the values, unique in the sweep: a directory name
     * @param values as text, in the order of the axes
     * @param config the config of its run
     */
    public record Trial(String name, List<String> values, LoadedConfig config) {
        public Trial {
            values = List.copyOf(values);
        }
    }
}
