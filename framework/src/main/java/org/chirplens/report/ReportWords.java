package org.chirplens.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.training.RegressionMetrics;

/** The findings of a run in sentences. */
final class ReportWords {
    /** Heads that the words name. */
    private static final int NAMED = 5;

    private ReportWords() {}

    static List<String> overview(ReportData data) {
        List<String> paragraphs = new ArrayList<>();
        if (!data.scores().isEmpty()) {
            paragraphs.add(accuracy(data.targets(), data.scores().get(0)));
        }
        if (!data.history().isEmpty()) {
            paragraphs.add(training(data));
        }
        if (ExplorerData.exists(data)) {
            paragraphs.add(analysis(data));
        }
        if (!data.ablations().isEmpty()) {
            paragraphs.add(ablation(data.ablations().get(0)));
        }
        if (!data.profiles().isEmpty()) {
            paragraphs.add(profiles(data.profiles()));
        }
        return paragraphs;
    }

    private static String accuracy(List<Target> targets, ReportData.Scores scores) {
        RegressionMetrics metrics = scores.metrics();
        String errors = IntStream.range(0, targets.size())
                .mapToObj(t -> "the " + targets.get(t).title() + " by "
                        + targets.get(t)
                                .withUnit(NumberText.significant(
                                        metrics.targets().get(t).mae(), 3)))
                .collect(Collectors.joining(", "));
        String correlations = metrics.targets().stream()
                .map(of -> NumberText.fixed(of.pearsonR(), 3))
                .collect(Collectors.joining(", "));
        return "On " + count(metrics.images()) + " " + scores.images() + " the predictions are off on average: "
                + errors + ". Pearson’s r" + (targets.size() > 1 ? ", in the same order," : "") + " is " + correlations
                + " (1 is perfect).";
    }

    private static String training(ReportData data) {
        double seconds = data.history().stream().mapToDouble(e -> e.seconds()).sum();
        int epochs = data.history().size();
        return "Training took " + epochs + (epochs == 1 ? " epoch" : " epochs") + " and " + NumberText.duration(seconds)
                + "; it saw " + count(data.history().get(epochs - 1).images()) + " images, repetitions included.";
    }

    /** What was done with the model's heads. */
    private static String analysis(ReportData data) {
        List<String> done = new ArrayList<>();
        if (!data.ablations().isEmpty()) {
            HeadAblation first = data.ablations().get(0).ablation();
            int protocols = data.ablations().size();
            done.add("each of the " + count(first.heads().size()) + " heads (" + first.numLayers() + " layers of "
                    + first.numHeads() + ") was ablated under "
                    + (protocols == 1 ? "one protocol" : protocols + " protocols") + ", on "
                    + count(first.labels().length) + " images");
        }
        if (!data.attention().isEmpty()) {
            int kept = data.attention().kept();
            int shown = data.attention().pictures().size();
            done.add("the attention maps of every head were kept for " + count(kept)
                    + (kept == 1 ? " image" : " images")
                    + (shown < kept ? ", the first " + count(shown) + " of which are on this page" : ""));
        }
        String all = String.join("; ", done);
        return Character.toUpperCase(all.charAt(0)) + all.substring(1) + ".";
    }

    /** How many heads have which label, the most frequent first. */
    private static String profiles(List<HeadProfile> profiles) {
        Map<String, Long> counts = profiles.stream()
                .collect(Collectors.groupingBy(HeadProfile::label, LinkedHashMap::new, Collectors.counting()));
        return "What the " + count(profiles.size()) + " heads look at: "
                + counts.entrySet().stream()
                        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining("; "))
                + " (diffuse: everything alike; unclear: nothing that has a name or is certain).";
    }

    private static String ablation(AblationResults results) {
        HeadAblation ablation = results.ablation();
        if (ablation.isCumulative()) {
            return "The heads were ablated as the published code does it, with the damage of all heads before each one;"
                    + " that does not show which heads matter. Another protocol does.";
        }
        return verdicts(results) + " " + sizes(results);
    }

    private static String verdicts(AblationResults results) {
        long matter = results.count(Verdict.MATTERS);
        long hinder = results.count(Verdict.HINDERS);
        String images = count(results.ablation().labels().length) + " images";
        if (matter + hinder == 0) {
            return "By protocol " + results.ablation().protocol()
                    + ", no head’s effect can be told from chance on these " + images + " once all "
                    + count(results.pooled().size()) + " heads are taken into account.";
        }
        return "By protocol " + results.ablation().protocol() + ", " + count(matter) + " of "
                + count(results.pooled().size())
                + (matter == 1 ? " heads matters" : " heads matter")
                + ": the loss is larger without them, more than chance"
                + " explains with so many heads tested." + (matter == 0 ? "" : " " + named(results, matter))
                + (hinder == 0 ? " None hinders" : " " + count(hinder) + (hinder == 1 ? " hinders" : " hinder"))
                + "; for the other "
                + count(results.count(Verdict.OPEN)) + ", " + images + " do not settle it.";
    }

    /** The heads that matter, the largest effects first. */
    private static String named(AblationResults results, long matter) {
        return (matter > NAMED ? "The first of them, with 95 % intervals: " : "With 95 % intervals: ")
                + HeadRanking.of(results.ablation()).stream()
                        .filter(id -> results.effect(id).verdict() == Verdict.MATTERS)
                        .limit(NAMED)
                        .map(id -> effect(results, id))
                        .collect(Collectors.joining("; "))
                + ".";
    }

    /** How large the largest increase is, and how many heads do little. */
    private static String sizes(AblationResults results) {
        HeadAblation ablation = results.ablation();
        List<HeadId> heads = HeadRanking.of(ablation);
        HeadId largest = heads.get(0);
        long little = heads.stream()
                .filter(id -> Math.abs(ablation.lossIncreasePercent(id)) < 1)
                .count();
        String open = results.effect(largest).verdict() == Verdict.OPEN
                ? "The largest increase, without " + effect(results, largest) + ", is not settled. "
                : "";
        return open + "The loss is " + NumberText.significant(ablation.baselineLoss(), 3) + " with all heads, "
                + NumberText.significant(ablation.ablatedLoss(largest), 3) + " without " + largest.title()
                + "; it changes by less than 1 % without each of " + count(little) + " heads.";
    }

    /** A head with its effect: {@code layer 6, head 3 (+9.4 % [1.2, 24.2], adjusted p 0.012)}. */
    private static String effect(AblationResults results, HeadId id) {
        AblationResults.Effect effect = results.effect(id);
        return id.title() + " (" + NumberText.signedPercent(effect.increasePercent())
                + (effect.interval().isDefined() ? " " + NumberText.percentInterval(effect.interval()) : "")
                + ", adjusted p " + NumberText.pValue(effect.pAdjusted()) + ")";
    }

    /** A whole number with thin spaces between thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }
}
