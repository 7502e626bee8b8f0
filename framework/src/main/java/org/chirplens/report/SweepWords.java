package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.chirplens.analysis.TrialAgreement;
import org.chirplens.dataset.Target;

/** What a sweep found, in sentences that are computed from its numbers. */
final class SweepWords {
    /** A p-value below this is called a trend. */
    private static final double LEVEL = 0.05;

    private final SweepData data;
    private final SweepData done;

    private SweepWords(SweepData data) {
        this.data = data;
        this.done = data.done();
    }

    /** A paragraph for each subject that there are numbers of. */
    static List<String> overview(SweepData data) {
        return new SweepWords(data).overview();
    }

    private List<String> overview() {
        List<String> paragraphs = new ArrayList<>(List.of(trials()));
        Optional<SweepAxis> axis = SweepAxis.of(done).map(found -> found.isSeed() ? found.pooled() : found);
        if (axis.isEmpty()) {
            paragraphs.add("There is nothing to draw: "
                    + (done.trials().isEmpty()
                            ? "no trial is done."
                            : "no axis of the grid is of numbers; the table has all trials."));
            return paragraphs;
        }
        if (DoubleStream.of(SweepFigures.mse(done)).allMatch(Double::isFinite)) {
            paragraphs.add(accuracy(axis.get()));
            done.targets().forEach(target -> paragraphs.add(target(axis.get(), target)));
        }
        if (done.haveTrained()) {
            paragraphs.add(cost(axis.get()));
        }
        for (SweepHeads heads : SweepHeads.of(done, SweepAxis.of(done).orElseThrow())) {
            paragraphs.add(agreement(heads));
        }
        return paragraphs;
    }

    private String trials() {
        long failed = data.trials().stream()
                .filter(trial -> trial.status().equals(SweepTrial.FAILED))
                .count();
        int open = data.trials().size() - done.trials().size() - (int) failed;
        String axes = String.join(
                " × ",
                java.util.stream.IntStream.range(0, data.axes().size())
                        .mapToObj(a -> {
                            long values = data.trials().stream()
                                    .map(trial -> trial.values().get(a))
                                    .distinct()
                                    .count();
                            return count(values, "value") + " of "
                                    + SweepAxis.words(data.axes().get(a), data.axes());
                        })
                        .toList());
        return "The sweep has " + count(data.trials().size(), "trial") + " (" + axes + "): "
                + done.trials().size()
                + " done" + (failed > 0 ? ", " + failed + " failed" : "")
                + (open > 0 ? ", " + open + " not finished" : "") + ". Everything below is of those that are done.";
    }

    private String accuracy(SweepAxis axis) {
        SweepStatistics loss = new SweepStatistics(axis, SweepFigures.mse(done));
        int last = loss.groups() - 1;
        if (axis.isSeed()) {
            return "Over " + count(loss.group(0).n(), "trial")
                    + " of different seeds the mean squared error on the test images"
                    + " (standardised labels; mean ± standard deviation) is "
                    + loss.group(0).text(3) + ".";
        }
        if (last == 0) {
            return "At " + at(axis, 0)
                    + ", the only value, the mean squared error on the test images (standardised labels) is "
                    + loss.group(0).text(3) + " over " + count(loss.group(0).n(), "trial") + ".";
        }
        String text = "From " + at(axis, 0) + " to " + SweepAxis.text(axis.distinct()[last])
                + " the mean squared error on the test images (standardised labels; mean ± standard deviation over trials)"
                + " goes from " + loss.group(0).text(3) + " to "
                + loss.group(last).text(3);
        return text + best(axis, loss) + spread(loss) + trend(loss, "the error");
    }

    /** The best value: by the validation images, so that its error on the test images is no result of the choice. */
    private String best(SweepAxis axis, SweepStatistics loss) {
        double[] losses =
                done.trials().stream().mapToDouble(SweepTrial::validationLoss).toArray();
        if (!DoubleStream.of(losses).allMatch(Double::isFinite)) {
            int best = loss.lowest();
            return "; its mean is lowest at " + at(axis, best) + " with "
                    + loss.group(best).text(3) + ". ";
        }
        SweepStatistics validation = new SweepStatistics(axis, losses);
        int best = validation.lowest();
        return ". Chosen by the mean loss on the validation images, without a look at the test images, the best value"
                + " is " + at(axis, best) + " (validation loss "
                + validation.group(best).text(3)
                + "); the error on the test images is " + loss.group(best).text(3) + " there. ";
    }

    /** How far apart the means of the values are, measured by the spread of trials of one value. */
    private static String spread(SweepStatistics loss) {
        double pooled = loss.pooledStd();
        if (Double.isNaN(pooled)) {
            return "There is one trial of each " + loss.axis().title()
                    + ", so nothing tells how much of this is chance; several seeds would. ";
        }
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        for (int g = 0; g < loss.groups(); g++) {
            min = Math.min(min, loss.group(g).mean());
            max = Math.max(max, loss.group(g).mean());
        }
        return "The means differ by at most " + NumberText.significant(max - min, 2) + ", which is "
                + NumberText.fixed((max - min) / pooled, 1) + " times the spread of trials of one "
                + loss.axis().title() + " (standard deviation " + NumberText.significant(pooled, 2) + "). ";
    }

    private static String trend(SweepStatistics numbers, String what) {
        double trend = numbers.trend();
        double p = numbers.trendPValue();
        if (Double.isNaN(p)) {
            return "";
        }
        String conclusion = p < LEVEL
                ? what + (trend > 0 ? " rises" : " falls") + " with the "
                        + numbers.axis().title() + " more than shuffled trials do"
                : "no trend stands out from shuffled trials";
        return "Spearman’s rank correlation of " + numbers.axis().title() + " and " + what.substring("the ".length())
                + " over the " + count(numbers.values().length, "trial") + " is " + NumberText.fixed(trend, 2)
                + " (permutation p = " + NumberText.significant(p, 1) + "): " + conclusion + ".";
    }

    private String target(SweepAxis axis, Target target) {
        int index = done.targets().indexOf(target);
        SweepStatistics r = new SweepStatistics(
                axis, SweepFigures.each(done, of -> of.targets().get(index).pearsonR()));
        SweepStatistics mae = new SweepStatistics(
                axis, SweepFigures.each(done, of -> of.targets().get(index).mae()));
        int last = r.groups() - 1;
        if (last == 0) {
            return sentence(target.title()) + ": Pearson’s r " + r.group(0).text(3) + ", mean absolute error "
                    + target.withUnit(mae.group(0).text(3)) + ".";
        }
        return sentence(target.title()) + ": Pearson’s r goes from "
                + r.group(0).text(3) + " to "
                + r.group(last).text(3) + ", the mean absolute error from "
                + target.withUnit(mae.group(0).text(3)) + " to "
                + target.withUnit(mae.group(last).text(3)) + ".";
    }

    private String cost(SweepAxis axis) {
        SweepStatistics parameters = new SweepStatistics(
                axis,
                done.trials().stream()
                        .mapToDouble(SweepTrial::trainableParameters)
                        .toArray());
        SweepStatistics seconds = new SweepStatistics(
                axis,
                done.trials().stream().mapToDouble(SweepTrial::trainingSeconds).toArray());
        int last = parameters.groups() - 1;
        String first = ReportWords.count(Math.round(parameters.group(0).mean()));
        String time = NumberText.duration(seconds.group(0).mean());
        if (last == 0) {
            return "Training moves " + first + " parameters and takes " + time + " on average.";
        }
        return "Training moves " + first + " parameters at " + at(axis, 0) + " and "
                + ReportWords.count(Math.round(parameters.group(last).mean())) + " at " + at(axis, last)
                + "; it takes " + time + " and "
                + NumberText.duration(seconds.group(last).mean()) + " on average.";
    }

    private static String agreement(SweepHeads heads) {
        TrialAgreement agreement = heads.agreement();
        TrialAgreement.Spread within = agreement.within();
        TrialAgreement.Spread between = agreement.between();
        String title = heads.axis().title();
        StringBuilder text = new StringBuilder("Which of the " + heads.count() + " heads matter (protocol "
                + heads.protocol() + "): the rank correlation of their loss increases is ");
        if (within.pairs() > 0) {
            text.append(spread(within) + " between trials of one " + title + (between.pairs() > 0 ? ", and " : ""));
        }
        if (between.pairs() > 0) {
            text.append(spread(between) + " between trials of different values of " + title);
        }
        text.append(". ");
        if (!Double.isNaN(agreement.pValue())) {
            text.append("When the trials are shuffled among the values, the difference is as large in a share of p = "
                    + NumberText.significant(agreement.pValue(), 1) + " of cases: "
                    + (agreement.pValue() < LEVEL
                            ? "the " + title + " has a say in which heads matter. "
                            : "these trials do not show that the " + title + " has a say in which heads matter. "));
        }
        int most = heads.mostImportant();
        int perLayer = heads.heads().get(0).numHeads();
        return text.append(
                        "On average over all trials layer " + (most / perLayer + 1) + ", head " + (most % perLayer + 1)
                                + " matters most; it comes first in " + heads.firstIn(most) + " of "
                                + count(heads.heads().size(), "trial") + ".")
                .toString();
    }

    private static String spread(TrialAgreement.Spread spread) {
        String mean = NumberText.fixed(spread.mean(), 2);
        return spread.pairs() < 2
                ? mean + " (1 pair)"
                : mean + " ± " + NumberText.fixed(spread.std(), 2) + " (" + spread.pairs() + " pairs, from "
                        + NumberText.fixed(spread.min(), 2) + " to " + NumberText.fixed(spread.max(), 2) + ")";
    }

    private static String at(SweepAxis axis, int group) {
        return axis.title() + " " + SweepAxis.text(axis.distinct()[group]);
    }

    private static String count(long number, String noun) {
        return ReportWords.count(number) + " " + noun + (number == 1 ? "" : "s");
    }

    private static String sentence(String title) {
        return title.isEmpty() ? title : Character.toUpperCase(title.charAt(0)) + title.substring(1);
    }
}
