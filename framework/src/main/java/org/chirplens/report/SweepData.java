package org.chirplens.report;

import java.util.List;
import org.chirplens.dataset.Target;

/**
 * Everything that the report of a sweep says.
 *
 * @param name the sweep's name
 * @param commandLine the command that repeats it
 * @param manifestJson its manifest as JSON text
 * @param facts what was run, in the order to show
 * @param targets what every trial's model predicts; the order of every metric
 * @param axes the settings that the trials differ in, by their dotted keys
 * @param trials all of them, in the order of the grid
 */
public record SweepData(
        String name,
        String commandLine,
        String manifestJson,
        List<ReportData.Fact> facts,
        List<Target> targets,
        List<String> axes,
        List<SweepTrial> trials) {
    public SweepData {
        facts = List.copyOf(facts);
        targets = List.copyOf(targets);
        axes = List.copyOf(axes);
        trials = List.copyOf(trials);
        for (SweepTrial trial : trials) {
            if (trial.values().size() != axes.size()) {
                throw new IllegalArgumentException("trial " + trial.name() + " must have a value on each of the axes "
                        + axes + ", found " + trial.values());
            }
        }
    }

    /** Whether any of the trials has trained its model, instead of analysing one that was trained before. */
    boolean haveTrained() {
        return trials.stream().anyMatch(trial -> trial.epochs() > 0);
    }

    /** The same sweep with the trials alone that are done. */
    SweepData done() {
        return new SweepData(
                name,
                commandLine,
                manifestJson,
                facts,
                targets,
                axes,
                trials.stream().filter(SweepTrial::isDone).toList());
    }
}
