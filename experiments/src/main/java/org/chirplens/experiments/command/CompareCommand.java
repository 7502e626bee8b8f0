package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.LossTables;
import org.chirplens.experiments.run.LossTables.Losses;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.RankCorrelation;

/** Compares the losses of two ablations head by head, or keeps those of one to compare with later. */
final class CompareCommand {
    /**
     * Losses that differ by no more, relative to the larger, count as equal. The last bits of predictions depend on the
     * processor's instructions and on the number of threads; docs/methods.md has what that was seen to move.
     */
    private static final double TOLERANCE = 1e-4;

    private static final int SHOWN = 20;

    private CompareCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "compare",
                "Compare the losses of two ablations head by head",
                "Each of the two is a run directory, a directory with the tables of 'ablate', or a file that --write made."
                        + " Shown are the heads whose losses differ by more than " + TOLERANCE + " of the loss, by"
                        + " protocol; the exit status is " + ExitCode.CHECK + " when there are any, or when one of the"
                        + " two lacks a protocol or a head. With --write and one place only, its losses are written to a"
                        + " file, to compare later runs with.",
                "A [B]",
                1,
                2,
                List.of(CommandSpec.value("write", "FILE", "write the losses of A, seven digits each, to one file")),
                List.of(
                        "./chirplens compare runs/ablation-ci configs/ablation-ci.golden.csv",
                        "./chirplens compare with-adapters without-adapters",
                        "./chirplens compare runs/ablation-ci --write configs/ablation-ci.golden.csv"),
                CompareCommand::run);
    }

    private static int run(Invocation invocation) {
        List<String> places = invocation.arguments();
        Optional<Path> file = invocation.path("write");
        if (file.isPresent() == (places.size() == 2)) {
            throw new UsageException("compare needs two places, or one place and --write, found " + places.size()
                    + (file.isPresent() ? " and --write" : ""));
        }
        LossTables a = LossTables.read(Path.of(places.get(0)));
        if (file.isPresent()) {
            a.write(file.get());
            invocation.console().result(file.get());
            return ExitCode.DONE;
        }
        Map<String, Difference> differences = differences(a, LossTables.read(Path.of(places.get(1))));
        if (invocation.console().json()) {
            invocation.console().result(json(differences));
        } else {
            invocation.console().result(text(differences, places.get(0), places.get(1)));
        }
        return differences.values().stream().allMatch(Difference::isNone) ? ExitCode.DONE : ExitCode.CHECK;
    }

    /**
     * What differs in a protocol.
     *
     * @param pairs the losses of heads that both have
     * @param missing heads that one of the two lacks
     */
    private record Difference(Map<HeadId, Pair> pairs, List<HeadId> missing) {
        boolean isNone() {
            return missing.isEmpty() && pairs.values().stream().noneMatch(Pair::differs);
        }

        /** The heads that differ, the largest change first. */
        List<Map.Entry<HeadId, Pair>> differing() {
            return pairs.entrySet().stream()
                    .filter(entry -> entry.getValue().differs())
                    .sorted(Comparator.comparingDouble(
                            entry -> -Math.abs(entry.getValue().change())))
                    .toList();
        }

        double spearman() {
            return RankCorrelation.spearman(increases(true), increases(false));
        }

        private double[] increases(boolean first) {
            return pairs.values().stream()
                    .mapToDouble(pair -> (first ? pair.a : pair.b).increasePercent())
                    .toArray();
        }
    }

    private record Pair(Losses a, Losses b) {
        boolean differs() {
            return differ(a.ablated(), b.ablated()) || differ(a.baseline(), b.baseline());
        }

        private static boolean differ(double x, double y) {
            return !(Math.abs(x - y) <= TOLERANCE * Math.max(Math.abs(x), Math.abs(y)));
        }

        double change() {
            return b.increasePercent() - a.increasePercent();
        }
    }

    private static Map<String, Difference> differences(LossTables a, LossTables b) {
        Map<String, Difference> differences = new LinkedHashMap<>();
        List<String> protocols = new ArrayList<>(a.protocols().keySet());
        b.protocols().keySet().stream().filter(p -> !protocols.contains(p)).forEach(protocols::add);
        for (String protocol : protocols) {
            differences.put(
                    protocol,
                    difference(
                            a.protocols().getOrDefault(protocol, Map.of()),
                            b.protocols().getOrDefault(protocol, Map.of())));
        }
        return differences;
    }

    private static Difference difference(Map<HeadId, Losses> a, Map<HeadId, Losses> b) {
        Map<HeadId, Pair> pairs = new LinkedHashMap<>();
        List<HeadId> missing = new ArrayList<>();
        a.forEach((head, losses) -> {
            Losses other = b.get(head);
            if (other == null) {
                missing.add(head);
            } else {
                pairs.put(head, new Pair(losses, other));
            }
        });
        b.keySet().stream().filter(head -> !a.containsKey(head)).forEach(missing::add);
        return new Difference(pairs, missing);
    }

    private static String text(Map<String, Difference> differences, String a, String b) {
        List<String> parts = new ArrayList<>();
        parts.add("A: " + a + "\nB: " + b);
        differences.forEach((protocol, difference) -> parts.add(text(protocol, difference)));
        return String.join("\n\n", parts);
    }

    private static String text(String protocol, Difference difference) {
        if (difference.pairs.isEmpty()) {
            return protocol + ": only one of the two has it";
        }
        List<Map.Entry<HeadId, Pair>> differing = difference.differing();
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s: %d of %d heads differ, rank correlation %.3f",
                protocol,
                differing.size(),
                difference.pairs.size(),
                difference.spearman()));
        if (!difference.missing.isEmpty()) {
            text.append("; ").append(difference.missing.size()).append(" heads are in one of the two only");
        }
        if (differing.isEmpty()) {
            return text.toString();
        }
        TextTable table = new TextTable("head", "loss A", "loss B", "increase A", "increase B", "change (points)");
        differing.stream().limit(SHOWN).forEach(entry -> {
            Pair pair = entry.getValue();
            table.row(
                    entry.getKey().title(),
                    number("%.6f", pair.a.ablated()),
                    number("%.6f", pair.b.ablated()),
                    number("%+.3f %%", pair.a.increasePercent()),
                    number("%+.3f %%", pair.b.increasePercent()),
                    number("%+.3f", pair.change()));
        });
        text.append('\n').append(table);
        if (differing.size() > SHOWN) {
            text.append("\n… ").append(differing.size() - SHOWN).append(" more");
        }
        return text.toString();
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private static ObjectNode json(Map<String, Difference> differences) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        ArrayNode protocols = tree.putArray("protocols");
        differences.forEach((protocol, difference) -> {
            ObjectNode one = protocols.addObject();
            one.put("protocol", protocol);
            one.put("heads", difference.pairs.size());
            one.put("missing", difference.missing.size());
            double spearman = difference.pairs.isEmpty() ? Double.NaN : difference.spearman();
            one.put("spearman", Double.isFinite(spearman) ? spearman : null);
            ArrayNode differing = one.putArray("differing");
            difference.differing().forEach(entry -> differing
                    .addObject()
                    .put("layer", entry.getKey().layer())
                    .put("head", entry.getKey().head())
                    .put("loss_a", entry.getValue().a.ablated())
                    .put("loss_b", entry.getValue().b.ablated())
                    .put("increase_a_percent", entry.getValue().a.increasePercent())
                    .put("increase_b_percent", entry.getValue().b.increasePercent()));
        });
        return tree;
    }
}
