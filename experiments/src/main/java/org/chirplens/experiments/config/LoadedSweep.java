package org.chirplens.experiments.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
     * Each problem once, with the trials that have it unless all do.
     *
     * @param problems the names of the trials that have each problem
     * @param trials the number of all trials
     */
    public static List<String> describe(Map<String, List<String>> problems, int trials) {
        List<String> lines = new ArrayList<>();
        problems.forEach((problem, names) -> {
            int more = names.size() - 1;
            String whose = " (trial " + names.get(0) + (more > 0 ? " and " + more + " more)" : ")");
            lines.add(names.size() == trials ? problem : problem + whose);
        });
        return lines;
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
