package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.HeadEffect;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.analysis.ProtocolAgreement;
import org.chirplens.analysis.Verdict;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Interval;
import org.chirplens.statistics.SplitHalf;
import org.jspecify.annotations.Nullable;

/** Ablations for people, and as JSON. */
final class AblationText {
    /** Heads of a list that is shown to people. */
    private static final int SHOWN = 20;

    private AblationText() {}

    /** One ablation as a ranking of the heads; several as one table of layers by heads each, and how far they agree. */
    static String of(List<HeadStatistics> all) {
        List<HeadAblation> ablations = ablations(all);
        if (all.size() == 1) {
            return title(ablations.get(0)) + "\n" + ranking(all.get(0)) + notes(all.get(0));
        }
        ProtocolAgreement agreement = ProtocolAgreement.of(all);
        List<String> parts = new ArrayList<>();
        for (HeadAblation ablation : ablations) {
            parts.add(title(ablation) + "; loss increase in percent\n" + grid(ablation));
        }
        parts.add("rank correlation (Spearman) of the loss increases over "
                + ablations.get(0).heads().size() + " heads, and with the heads' order in the sweep\n"
                + correlations(agreement));
        parts.add(verdicts(agreement));
        return String.join("\n\n", parts);
    }

    private static String title(HeadAblation ablation) {
        String average = (ablation.lossBatch() == 0 ? "" : " (mean of batches of " + ablation.lossBatch() + ")")
                + (ablation.isCumulative() ? " (damage adds up)" : "");
        return String.format(
                Locale.ROOT,
                "%s, %,d images, loss without ablation %.5f%s",
                ablation.protocol(),
                ablation.labels().length,
                ablation.baselineLoss(),
                average);
    }

    private static List<HeadAblation> ablations(List<HeadStatistics> all) {
        return all.stream().map(HeadStatistics::ablation).toList();
    }

    private static TextTable ranking(HeadStatistics statistics) {
        HeadAblation ablation = statistics.ablation();
        TextTable table = new TextTable("head", "loss", "increase", "95 % interval", "adjusted p");
        ablation.heads().stream()
                .sorted(Comparator.comparingDouble((HeadId id) -> -ablation.lossIncreasePercent(id)))
                .forEach(id -> {
                    HeadEffect effect = statistics.effect(id);
                    table.row(
                            id.title(),
                            String.format(Locale.ROOT, "%.5f", ablation.ablatedLoss(id)),
                            String.format(Locale.ROOT, "%+.2f %%", ablation.lossIncreasePercent(id)),
                            interval(effect.lossIncreasePercent().bca()),
                            pValue(effect.signFlip().holm()));
                });
        return table;
    }

    private static String interval(Interval interval) {
        return interval.isDefined()
                ? String.format(Locale.ROOT, "%+.2f to %+.2f %%", interval.low(), interval.high())
                : "";
    }

    private static String pValue(double p) {
        return p < 0.0001 ? "< 0.0001" : Double.isNaN(p) ? "" : String.format(Locale.ROOT, "%.4f", p);
    }

    /** What the columns are, and how far the order of the heads can be relied on. */
    private static String notes(HeadStatistics statistics) {
        String notes = String.format(
                Locale.ROOT,
                "\n\nintervals: BCa bootstrap over images; p: sign flips of the mean, Holm over %d heads",
                statistics.pooled().size());
        SplitHalf stability = statistics.stability();
        if (stability == null || Double.isNaN(stability.spearman())) {
            return notes;
        }
        return notes
                + String.format(
                        Locale.ROOT,
                        "\norder of the heads: rank correlation %.2f between random halves of the images, %.2f expected"
                                + " of as many others; of the first %d heads %.0f %% stay",
                        stability.spearman(),
                        stability.spearmanBrown(),
                        stability.top(),
                        100 * stability.topShare());
    }

    /** Last layer on top, as in the paper's Figure 4. */
    private static TextTable grid(HeadAblation ablation) {
        String[] titles = new String[1 + ablation.numHeads()];
        titles[0] = "layer \\ head";
        for (int head = 0; head < ablation.numHeads(); head++) {
            titles[1 + head] = String.valueOf(head + 1);
        }
        TextTable table = new TextTable(titles);
        for (int layer = ablation.numLayers() - 1; layer >= 0; layer--) {
            String[] cells = new String[titles.length];
            cells[0] = String.valueOf(layer + 1);
            for (int head = 0; head < ablation.numHeads(); head++) {
                double increase = ablation.lossIncreasePercent(new HeadId(layer, head));
                cells[1 + head] = String.format(Locale.ROOT, "%+.2f", increase);
            }
            table.row(cells);
        }
        return table;
    }

    /** How many heads each two protocols judge differently, and which heads these are. */
    private static String verdicts(ProtocolAgreement agreement) {
        List<ProtocolAgreement.Head> flipped =
                agreement.heads().stream().filter(ProtocolAgreement.Head::flips).toList();
        String title = String.format(
                Locale.ROOT,
                "verdicts (matters or hinders: the sign of the loss increase is settled, sign flips with Holm's"
                        + " adjustment, %.2f; else open) depend on the protocol for %d of %d heads",
                Verdict.LEVEL,
                flipped.size(),
                agreement.heads().size());
        TextTable counts = new TextTable(titles("another verdict than by", agreement.protocols()));
        for (String a : agreement.protocols()) {
            counts.row(row(a, agreement.protocols(), b -> pair(agreement, a, b)
                    .map(pair -> String.valueOf(pair.flips()))
                    .orElse("")));
        }
        TextTable heads = new TextTable(titles("head", agreement.protocols()));
        flipped.stream().limit(SHOWN).forEach(head -> {
            List<String> cells = new ArrayList<>(List.of(head.id().title()));
            head.verdicts().forEach(verdict -> cells.add(verdict.key()));
            heads.row(cells.toArray(String[]::new));
        });
        String more = flipped.size() > SHOWN ? "\n… " + (flipped.size() - SHOWN) + " more" : "";
        return title + "\n" + counts + (flipped.isEmpty() ? "" : "\n\n" + heads + more);
    }

    private static String[] titles(String first, List<String> others) {
        List<String> titles = new ArrayList<>(List.of(first));
        titles.addAll(others);
        return titles.toArray(String[]::new);
    }

    private static String[] row(String first, List<String> columns, UnaryOperator<String> cell) {
        return titles(first, columns.stream().map(cell).toList());
    }

    private static Optional<ProtocolAgreement.Pair> pair(ProtocolAgreement agreement, String a, String b) {
        return agreement.pairs().stream()
                .filter(pair -> (pair.a().equals(a) && pair.b().equals(b))
                        || (pair.a().equals(b) && pair.b().equals(a)))
                .findFirst();
    }

    private static TextTable correlations(ProtocolAgreement agreement) {
        List<String> titles = new ArrayList<>(List.of("protocol"));
        titles.addAll(agreement.protocols());
        titles.add("order");
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (ProtocolAgreement.Order order : agreement.orders()) {
            List<String> cells = new ArrayList<>(List.of(order.protocol()));
            for (String other : agreement.protocols()) {
                cells.add(pair(agreement, order.protocol(), other)
                        .map(pair -> number(pair.spearman()))
                        .orElse(number(1)));
            }
            cells.add(number(order.spearman()));
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }

    private static String number(double correlation) {
        return String.format(Locale.ROOT, "%+.3f", correlation);
    }

    /** All ablations, head by head, and how far they agree; a correlation that is not defined is null. */
    static ObjectNode json(List<HeadStatistics> all) {
        List<HeadAblation> ablations = ablations(all);
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("images", ablations.get(0).labels().length);
        ArrayNode protocols = tree.putArray("protocols");
        for (HeadStatistics statistics : all) {
            HeadAblation ablation = statistics.ablation();
            ObjectNode one = protocols.addObject();
            one.put("protocol", ablation.protocol());
            one.put("baseline_loss", ablation.baselineLoss());
            ArrayNode heads = one.putArray("heads");
            for (HeadEffect effect : statistics.pooled()) {
                HeadId id = effect.head();
                Interval interval = effect.lossIncreasePercent().bca();
                heads.addObject()
                        .put("layer", id.layer())
                        .put("head", id.head())
                        .put("loss", ablation.ablatedLoss(id))
                        .put("loss_increase_percent", ablation.lossIncreasePercent(id))
                        .put("ci_low_percent", finite(interval.low()))
                        .put("ci_high_percent", finite(interval.high()))
                        .put("p_value", finite(effect.signFlip().raw()))
                        .put("p_adjusted", finite(effect.signFlip().holm()))
                        .put("verdict", Verdict.of(effect).key());
            }
        }
        ProtocolAgreement agreement = ProtocolAgreement.of(all);
        ArrayNode pairs = tree.putArray("rank_correlations");
        agreement.pairs().forEach(pair -> pairs.addObject()
                .put("a", pair.a())
                .put("b", pair.b())
                .put("spearman", finite(pair.spearman()))
                .put("verdicts_flipped", pair.flips()));
        ArrayNode orders = tree.putArray("order_correlations");
        agreement.orders().forEach(order -> orders.addObject()
                .put("protocol", order.protocol())
                .put("spearman", finite(order.spearman())));
        return tree;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
