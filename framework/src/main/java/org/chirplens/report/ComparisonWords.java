package org.chirplens.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.training.RegressionMetrics;

/** What two runs compared come to, in sentences. None of them calls a difference significant: no difference is tested. */
final class ComparisonWords {
    /** Heads that the words name. */
    private static final int NAMED = 5;

    private ComparisonWords() {}

    static List<String> overview(ComparisonData data) {
        List<String> paragraphs = new ArrayList<>();
        paragraphs.add(setup(data));
        if (!data.a().scores().isEmpty() && !data.b().scores().isEmpty()) {
            accuracy(data).ifPresent(paragraphs::add);
        }
        data.heads().stream().findFirst().ifPresent(first -> paragraphs.add(heads(first)));
        if (!data.labels().heads().isEmpty()) {
            paragraphs.add(labels(data.labels()));
        }
        paragraphs.addAll(missing(data));
        return paragraphs;
    }

    private static String setup(ComparisonData data) {
        int settings = data.settings().size();
        return "A is the run " + data.a().name() + ", B the run " + data.b().name() + ". Their configs "
                + (settings == 0
                        ? "are the same"
                        : "differ in " + (settings == 1 ? "one setting" : ReportWords.count(settings) + " settings"))
                + ". " + origins(data);
    }

    /** What a difference may come from. */
    private static String origins(ComparisonData data) {
        String models = data.isSameModel() ? "Both have the same model" : "The models differ";
        if (data.isSameData()) {
            return models + (data.isSameModel() ? " and the same data." : ", the data are the same.");
        }
        return models
                + (data.isSameModel()
                        ? ", but other data: what differs below comes from the images, or from how they were analysed."
                        : ", and so do the data: what differs below may come from either.");
    }

    private static Optional<String> accuracy(ComparisonData data) {
        RegressionMetrics a = data.a().scores().get(0).metrics();
        RegressionMetrics b = data.b().scores().get(0).metrics();
        List<String> errors = new ArrayList<>();
        for (Target target : data.targets()) {
            data.a().scored(target).ifPresent(i -> data.b()
                    .scored(target)
                    .ifPresent(j -> errors.add("the "
                            + target.title() + " by "
                            + change(
                                    target,
                                    a.targets().get(i).mae(),
                                    b.targets().get(j).mae()))));
        }
        return errors.isEmpty()
                ? Optional.empty()
                : Optional.of("On " + ReportWords.count(a.images()) + " test images of A and "
                        + ReportWords.count(b.images())
                        + " of B the predictions are off on average: " + String.join(", ", errors) + ".");
    }

    /** Both errors and how they compare: {@code 1.20 s in A and 1.50 s in B (25 % more)}. */
    private static String change(Target target, double a, double b) {
        String both = target.withUnit(NumberText.significant(a, 3)) + " in A and "
                + target.withUnit(NumberText.significant(b, 3)) + " in B";
        double percent = 100 * (b - a) / a;
        if (!Double.isFinite(percent)) {
            return both;
        }
        String size = NumberText.percentNumber(Math.abs(percent));
        return both + (size.equals("0.00") ? " (equal)" : " (" + size + " % " + (percent < 0 ? "less" : "more") + ")");
    }

    /** What a protocol says of both models. */
    static String heads(HeadComparison heads) {
        HeadAblation a = heads.a().ablation();
        HeadAblation b = heads.b().ablation();
        long both = heads.count(Verdict.MATTERS, Verdict.MATTERS);
        double spearman = heads.spearman();
        return "By protocol " + heads.title() + ", "
                + ReportWords.count(heads.a().count(Verdict.MATTERS)) + " of "
                + ReportWords.count(heads.heads().size()) + " heads matter in A, "
                + ReportWords.count(heads.b().count(Verdict.MATTERS)) + " in B, and " + ReportWords.count(both)
                + " of them in both. "
                + (Double.isNaN(spearman)
                        ? "Their order cannot be compared, as the loss changes alike without each head of one run. "
                        : "The rank correlation of the loss increases is " + NumberText.fixed(spearman, 2)
                                + " (1 is the same order of heads, 0 none in common). ")
                + otherVerdicts(heads)
                + (a.labels().length == b.labels().length
                        ? ""
                        : " A’s verdicts are from " + ReportWords.count(a.labels().length) + " images and B’s from "
                                + ReportWords.count(b.labels().length)
                                + ": fewer images leave more heads open.");
    }

    private static String otherVerdicts(HeadComparison heads) {
        List<HeadId> others = heads.otherVerdicts();
        if (others.isEmpty()) {
            return "Every head has one verdict in both.";
        }
        return ReportWords.count(others.size()) + (others.size() == 1 ? " head has" : " heads have")
                + " another verdict in B than in A"
                + (others.size() > NAMED ? "; those that differ the most: " : ": ")
                + others.stream().limit(NAMED).map(id -> head(heads, id)).collect(Collectors.joining("; ")) + ".";
    }

    /** A head in both: {@code layer 6, head 3 (+9.4 %, matters; +1.2 %, open)}. */
    private static String head(HeadComparison heads, HeadId id) {
        return id.title() + " (" + effect(heads.a().effect(id)) + "; "
                + effect(heads.b().effect(id)) + ")";
    }

    private static String effect(AblationResults.Effect effect) {
        return NumberText.signedPercent(effect.increasePercent()) + ", "
                + effect.verdict().key();
    }

    private static String labels(LabelComparison labels) {
        int differing = labels.differing().size();
        int all = labels.heads().size();
        return "What a head looks at is named alike in both atlases for " + ReportWords.count(all - differing) + " of "
                + ReportWords.count(all) + " heads, and differently for " + ReportWords.count(differing) + ".";
    }

    /** What one run has and cannot be compared, and why. */
    private static List<String> missing(ComparisonData data) {
        List<String> all = new ArrayList<>();
        List<AblationResults> a = data.a().ablations();
        List<AblationResults> b = data.b().ablations();
        if (!a.isEmpty() && !b.isEmpty()) {
            HeadAblation first = a.get(0).ablation();
            HeadAblation other = b.get(0).ablation();
            if (!HeadComparison.sameShape(first, other)) {
                all.add(
                        "A has " + HeadComparison.shape(first) + ", B " + HeadComparison.shape(other)
                                + ": heads of models that are built differently have no counterparts, so heads are not compared.");
                return all;
            }
        }
        if (data.heads().isEmpty() && a.isEmpty() != b.isEmpty()) {
            all.add("Only " + (b.isEmpty() ? "A" : "B") + " has ablations, so heads are not compared by their loss.");
        } else if (data.heads().isEmpty() && !a.isEmpty()) {
            all.add("The two share no protocol (A has " + protocols(a) + ", B " + protocols(b)
                    + "), so heads are not compared by their loss.");
        } else {
            alone("A", a, data.heads().stream().map(HeadComparison::a).toList(), all);
            alone("B", b, data.heads().stream().map(HeadComparison::b).toList(), all);
        }
        if (data.a().atlas().isEmpty() != data.b().atlas().isEmpty()) {
            all.add("Only " + (data.b().atlas().isEmpty() ? "A" : "B")
                    + " has a head atlas, so what heads look at is not compared.");
        }
        return all;
    }

    private static void alone(String side, List<AblationResults> own, List<AblationResults> shared, List<String> all) {
        List<AblationResults> rest =
                own.stream().filter(one -> !shared.contains(one)).toList();
        if (!rest.isEmpty()) {
            all.add("Only " + side + " has " + protocols(rest) + ".");
        }
    }

    private static String protocols(List<AblationResults> all) {
        return all.stream().map(one -> one.ablation().protocol()).collect(Collectors.joining(", "));
    }

    /** How to read the metrics and their difference. */
    static String reading(ComparisonData data) {
        return "In brackets, 95 % confidence intervals over the images of each run by itself (BCa bootstrap). The"
                + " difference has neither an interval nor a test here: intervals that lie apart make one likely, and"
                + " intervals that overlap do not show that there is none. "
                + (data.isSameData()
                        ? "Errors on the same images go together, so that the difference is usually surer than the two"
                                + " intervals suggest."
                        : "The images are others, too.")
                + " Nothing here says what another training run would give.";
    }

    /** A difference of percentages: {@code +1.2 points}. */
    static String points(double value) {
        return signed(value) + (Double.isNaN(value) ? "" : " points");
    }

    /** A number with its sign, in three digits or so. */
    static String signed(double value) {
        return (value > 0 && Double.isFinite(value) ? "+" : "") + NumberText.percentNumber(value);
    }

    /** A difference in the digits of what it is of. */
    static String difference(double a, double b, int digits, String unit) {
        double difference = b - a;
        if (!Double.isFinite(difference)) {
            return NumberText.NONE;
        }
        double size = Math.max(Math.abs(a), Math.abs(b));
        String number = size >= 1e-4 && size < 1e7
                ? NumberText.fixed(difference, Math.max(0, digits - 1 - (int) Math.floor(Math.log10(size))))
                : NumberText.significant(difference, digits);
        return (difference > 0 ? "+" : "") + number + (unit.isEmpty() ? "" : " " + unit);
    }
}
