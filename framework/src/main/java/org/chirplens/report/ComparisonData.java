package org.chirplens.report;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.chirplens.dataset.Target;
import org.chirplens.report.ReportData.Fact;
import org.chirplens.report.ReportData.Scores;

/**
 * Everything that the comparison of two runs says.
 *
 * @param a one run
 * @param b the other; differences are B minus A
 * @param settings keys of the configs whose values differ
 * @param commandLine the command that repeats the comparison
 * @param manifestsJson both manifests as JSON text
 */
public record ComparisonData(Side a, Side b, List<Setting> settings, String commandLine, String manifestsJson) {
    public ComparisonData {
        settings = List.copyOf(settings);
    }

    /**
     * What is known of a run. Any list may be empty.
     *
     * @param name of the run
     * @param model the hash of its model
     * @param data what its images are, a hash or words; equal for equal data
     * @param facts what was run, in the order to show
     * @param targets what the model predicts; the order of every metric
     * @param scores how well it predicts; at most the first is compared
     * @param ablations one for each protocol
     * @param atlas what each head looks at
     */
    public record Side(
            String name,
            String model,
            String data,
            List<Fact> facts,
            List<Target> targets,
            List<Scores> scores,
            List<AblationResults> ablations,
            List<AtlasFigures.Head> atlas) {
        public Side {
            facts = List.copyOf(facts);
            targets = List.copyOf(targets);
            scores = List.copyOf(scores);
            ablations = List.copyOf(ablations);
            atlas = List.copyOf(atlas);
        }

        /** The place of a target among the model's outputs, when the model predicts it and its scores are known. */
        Optional<Integer> scored(Target target) {
            return targets.stream()
                    .filter(own -> !scores.isEmpty() && Target.agree(List.of(own), List.of(target)))
                    .findFirst()
                    .map(targets::indexOf);
        }
    }

    /**
     * A key of the configs whose values differ.
     *
     * @param a value in A; empty where it is not set
     * @param b value in B
     */
    public record Setting(String key, String a, String b) {}

    /** The ablations that can be compared head by head. */
    public List<HeadComparison> heads() {
        return HeadComparison.of(a.ablations, b.ablations);
    }

    /** What the heads look at in both. */
    public LabelComparison labels() {
        return LabelComparison.of(a.atlas, b.atlas);
    }

    /** The targets of A, then those that only B has. */
    List<Target> targets() {
        return Stream.concat(a.targets.stream(), b.targets.stream().filter(this::isNew))
                .toList();
    }

    private boolean isNew(Target target) {
        return a.targets.stream().noneMatch(own -> Target.agree(List.of(own), List.of(target)));
    }

    boolean isSameModel() {
        return !a.model.isEmpty() && a.model.equals(b.model);
    }

    boolean isSameData() {
        return !a.data.isEmpty() && a.data.equals(b.data);
    }
}
