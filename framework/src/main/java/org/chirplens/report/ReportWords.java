package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.analysis.HeadAblation;
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

    private static String ablation(HeadAblation ablation) {
        if (ablation.isCumulative()) {
            return "The heads were ablated as the published code does it, with the damage of all heads before each one;"
                    + " that does not show which heads matter. Another protocol does.";
        }
        List<HeadId> heads = HeadRanking.of(ablation);
        HeadId most = heads.get(0);
        long little = heads.stream()
                .filter(id -> Math.abs(ablation.lossIncreasePercent(id)) < 1)
                .count();
        long lower = heads.stream()
                .filter(id -> ablation.lossIncreasePercent(id) < 0)
                .count();
        double increase = ablation.lossIncreasePercent(most);
        return "Of " + count(heads.size()) + " heads, " + most.title() + " matters most: without it the loss "
                + (increase < 0 ? "falls" : "grows") + " by " + NumberText.percentNumber(Math.abs(increase))
                + " %, from " + NumberText.significant(ablation.baselineLoss(), 3) + " to "
                + NumberText.significant(ablation.ablatedLoss(most), 3) + ". " + count(little)
                + " of the heads change it by less than 1 %; it is lower without " + count(lower) + " of them.";
    }

    /** A whole number with thin spaces between thousands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }
}
