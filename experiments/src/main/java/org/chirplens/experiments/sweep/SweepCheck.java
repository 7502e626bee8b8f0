package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.ConfigException;
import org.chirplens.experiments.config.ConfigTree;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.RunData;

/** Opens the images of all trials, each set once, and checks every trial with them before any is run. */
final class SweepCheck {
    private final Map<List<JsonNode>, RunData> data = new HashMap<>();
    private final Map<List<JsonNode>, Pipeline.Start> starts = new HashMap<>();
    private final Map<List<JsonNode>, IllegalArgumentException> refused = new HashMap<>();
    /** The names of the trials that have each problem. */
    private final Map<String, List<String>> problems = new LinkedHashMap<>();

    private SweepCapacity most = new SweepCapacity(1, 1);

    private SweepCheck() {}

    /**
     * Trials that can be run.
     *
     * @param starts what each trial starts from, by its name; trials of the same images share them
     * @param most the memory of the largest trial
     */
    record Checked(Map<String, Pipeline.Start> starts, SweepCapacity most) {
        /** What a trial starts from. */
        Pipeline.Start start(LoadedSweep.Trial trial) {
            Pipeline.Start start = starts.get(trial.name());
            if (start == null) {
                throw new IllegalStateException(trial.name() + " was not checked");
            }
            return start;
        }
    }

    /**
     * Checks all trials.
     *
     * @throws ConfigException naming every problem
     */
    static Checked of(LoadedSweep sweep) {
        SweepCheck check = new SweepCheck();
        Map<String, Pipeline.Start> byTrial = new LinkedHashMap<>();
        for (LoadedSweep.Trial trial : sweep.trials()) {
            try {
                byTrial.put(trial.name(), check.trial(trial));
            } catch (IllegalArgumentException e) {
                check.refuse(trial, e);
            }
        }
        Checked checked = new Checked(byTrial, check.most);
        if (check.problems.isEmpty()) {
            check.requireEqualTargets(sweep, checked);
        }
        if (!check.problems.isEmpty()) {
            throw new ConfigException(
                    LoadedSweep.describe(check.problems, sweep.trials().size()));
        }
        return checked;
    }

    private Pipeline.Start trial(LoadedSweep.Trial trial) {
        LoadedConfig config = trial.config();
        JsonNode tree = ConfigTree.of(config);
        JsonNode own = tree.path("data");
        JsonNode model = tree.path("model");
        // The card of a fine-tuned model says how labels are scaled and images are prepared.
        RunData images = once(data, List.of(own, model.path("finetuned")), () -> RunData.open(config));
        // Whether a model fits does not depend on the seed, and reading a backbone takes its time.
        return once(starts, List.of(own, model, tree.path("training"), tree.path("analysis")), () -> {
            Pipeline.Start start = Pipeline.check(config, images);
            most = most.atLeast(
                    SweepCapacity.of(start.model(), config.config().training().batchSize()));
            return start;
        });
    }

    /** Does once what several trials need, and refuses all of them when it fails. */
    private <T> T once(Map<List<JsonNode>, T> done, List<JsonNode> of, Supplier<T> work) {
        IllegalArgumentException before = refused.get(of);
        if (before != null) {
            throw before;
        }
        try {
            return done.computeIfAbsent(of, key -> work.get());
        } catch (IllegalArgumentException e) {
            refused.put(of, e);
            throw e;
        }
    }

    private void requireEqualTargets(LoadedSweep sweep, Checked checked) {
        List<Target> first = targets(checked, sweep.trials().get(0));
        for (LoadedSweep.Trial trial : sweep.trials()) {
            List<Target> targets = targets(checked, trial);
            if (!first.equals(targets)) {
                refuse(
                        trial,
                        trial.config()
                                .problem(
                                        "data",
                                        "must have the same targets in all trials, " + Target.list(first) + ", found "
                                                + Target.list(targets)));
            }
        }
    }

    private static List<Target> targets(Checked checked, LoadedSweep.Trial trial) {
        return checked.start(trial).data().scaling().targets();
    }

    private void refuse(LoadedSweep.Trial trial, IllegalArgumentException e) {
        String.valueOf(e.getMessage()).lines().forEach(problem -> problems.computeIfAbsent(
                        problem, key -> new ArrayList<>())
                .add(trial.name()));
    }
}
