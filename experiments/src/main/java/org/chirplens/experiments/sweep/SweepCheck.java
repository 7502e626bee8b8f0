package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.ConfigException;
import org.chirplens.experiments.config.ConfigTree;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.RunData;
import org.chirplens.model.ModelConfig;

/** Opens the images of all trials, each set once, and checks every trial with them before any is run. */
final class SweepCheck {
    private final Map<JsonNode, RunData> data = new HashMap<>();
    private final Set<List<JsonNode>> checked = new LinkedHashSet<>();
    private final Set<String> problems = new LinkedHashSet<>();

    private SweepCapacity most = new SweepCapacity(1, 1);

    private SweepCheck() {}

    /**
     * Trials that can be run.
     *
     * @param data the images of each trial, by its name; trials of the same images share them
     * @param most the memory of the largest trial
     */
    record Checked(Map<String, RunData> data, SweepCapacity most) {}

    /**
     * Checks all trials.
     *
     * @throws ConfigException naming every problem
     */
    static Checked of(LoadedSweep sweep) {
        SweepCheck check = new SweepCheck();
        Map<String, RunData> byTrial = new LinkedHashMap<>();
        for (LoadedSweep.Trial trial : sweep.trials()) {
            try {
                byTrial.put(trial.name(), check.trial(trial));
            } catch (IllegalArgumentException e) {
                check.problems.addAll(
                        Arrays.asList(String.valueOf(e.getMessage()).split("\n")));
            }
        }
        if (check.problems.isEmpty()) {
            check.requireEqualTargets(byTrial);
        }
        if (!check.problems.isEmpty()) {
            throw new ConfigException(List.copyOf(check.problems));
        }
        return new Checked(byTrial, check.most);
    }

    private RunData trial(LoadedSweep.Trial trial) {
        JsonNode tree = ConfigTree.of(trial.config());
        RunData images = data.computeIfAbsent(tree.path("data"), key -> RunData.open(trial.config()));
        // Whether a model fits does not depend on the seed, and reading a backbone takes its time.
        if (checked.add(List.of(tree.path("data"), tree.path("model"), tree.path("training"), tree.path("analysis")))) {
            ModelConfig model = Pipeline.check(trial.config(), images);
            int batch = trial.config().config().training().batchSize();
            most = most.atLeast(SweepCapacity.of(model, batch));
        }
        return images;
    }

    private void requireEqualTargets(Map<String, RunData> byTrial) {
        List<Target> first = List.of();
        for (Map.Entry<String, RunData> trial : byTrial.entrySet()) {
            List<Target> targets = trial.getValue().scaling().targets();
            if (first.isEmpty()) {
                first = targets;
            } else if (!first.equals(targets)) {
                problems.add("trial " + trial.getKey() + ": all trials must predict the same targets, "
                        + Target.list(first) + ", found " + Target.list(targets));
            }
        }
    }
}
