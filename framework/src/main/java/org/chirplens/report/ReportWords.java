package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.training.RegressionMetrics;

/** The findings of a run in sentences. */
final class ReportWords {
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
            int images = data.attention().pictures().size();
            done.add("the attention maps of every head were kept for " + count(images)
                    + (images == 1 ? " image" : " images"));
        }
        String all = String.join("; ", done);
        return Character.toUpperCase(all.charAt(0)) + all.substring(1) + ".";
    }

    private static String ablation(AblationResults results) {
        HeadAblation ablation = results.ablation();
        if (ablation.isCumulative()) {
            return "The heads were ablated as the published code does it, with the damage of all heads before each one;"
                    + " that does not show which heads matter. Another protocol does.";
        }
        return verdicts(results) + " " + most(results);
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
                + count(results.pooled().size()) + " heads matter: the loss is larger without them, more than chance"
                + " explains with so many heads tested. " + (hinder == 0 ? "None hinders" : count(hinder) + " hinder")
                + "; for the other " + count(results.count(Verdict.OPEN)) + ", " + images + " do not settle it.";
    }

    private static String most(AblationResults results) {
        HeadAblation ablation = results.ablation();
        List<HeadId> heads = HeadRanking.of(ablation);
        HeadId most = heads.get(0);
        AblationResults.Effect effect = results.effect(most);
        double increase = ablation.lossIncreasePercent(most);
        long little = heads.stream()
                .filter(id -> Math.abs(ablation.lossIncreasePercent(id)) < 1)
                .count();
        return "The largest effect is that of " + most.title() + ": without it the loss "
                + (increase < 0 ? "falls" : "grows") + " by " + NumberText.percentNumber(Math.abs(increase)) + " %"
                + (effect.interval().isDefined()
                        ? " (95 % interval of the change: "
                                + NumberText.signedPercent(effect.interval().low()) + " to "
                                + NumberText.signedPercent(effect.interval().high()) + ")"
                        : "")
                + ", from " + NumberText.significant(ablation.baselineLoss(), 3) + " to "
                + NumberText.significant(ablation.ablatedLoss(most), 3) + "; the direction is "
                + (effect.verdict() == Verdict.OPEN ? "not settled" : "settled") + " (adjusted p "
                + NumberText.pValue(effect.pAdjusted()) + "). Without " + count(little)
                + " of the heads it changes by less than 1 %.";
    }

    /** A whole number with thin spaces between thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }
}
