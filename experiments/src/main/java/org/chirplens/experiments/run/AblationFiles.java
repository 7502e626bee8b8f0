package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.HeadEffect;
import org.chirplens.analysis.HeadSelection;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.ProtocolAgreement;
import org.chirplens.analysis.Verdict;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.WholeFile;
import org.chirplens.model.HeadId;
import org.chirplens.report.AblationResults;
import org.chirplens.report.AblationResults.Effect;
import org.chirplens.statistics.Interval;

/**
 * The files of an ablation. {@code <protocol>.csv} has a row per head, with losses on standardised labels, the BCa interval of
 * the increase, and the p-value of the sign-flip test with Holm's adjustment over the heads. {@code <protocol>_effects.csv} and
 * {@code <protocol>_layers.csv} have all statistics, see {@link EffectFiles}. {@code <protocol>_predictions.csv} has a row per
 * head and image in physical units; the rows without layer and head are the whole model's. {@code <protocol>.json} says what it
 * is of and how its losses are averaged.
 */
public final class AblationFiles {
    private static final String TITLES =
            "layer,head,loss,baseline_loss,loss_increase_percent,ci_low_percent,ci_high_percent,"
                    + "p_value,p_adjusted";

    private static final String AGREEMENT = "agreement.csv";
    private static final String VERDICTS = "verdicts.csv";

    static final String LOSS_BATCH = "loss_batch";

    private AblationFiles() {}

    /** Whether a directory holds the tables of a protocol. */
    public static boolean exist(Path directory, Protocol protocol) {
        return Files.exists(table(directory, protocol.key()));
    }

    /** Whether all is there that an ablation by some protocols writes. */
    public static boolean areComplete(Path directory, Collection<Protocol> protocols) {
        return protocols.stream().allMatch(protocol -> exist(directory, protocol))
                && (protocols.size() == 1 || compared(directory).containsAll(keys(protocols)));
    }

    private static List<String> keys(Collection<Protocol> protocols) {
        return protocols.stream().map(Protocol::key).toList();
    }

    /** The columns of {@code verdicts.csv}; none where it or the other table of several protocols is missing. */
    private static List<String> compared(Path directory) {
        Path verdicts = directory.resolve(VERDICTS);
        if (!Files.exists(verdicts) || !Files.exists(directory.resolve(AGREEMENT))) {
            return List.of();
        }
        try (Stream<String> lines = Files.lines(verdicts)) {
            return List.of(lines.findFirst().orElse("").split(","));
        } catch (IOException e) {
            throw new UncheckedIOException(verdicts + ": cannot be read", e);
        }
    }

    /** The protocols whose tables a directory holds. */
    public static List<Protocol> protocols(Path directory) {
        return Arrays.stream(Protocol.values())
                .filter(protocol -> exist(directory, protocol))
                .toList();
    }

    /** The table of heads of a protocol. */
    public static Path table(Path directory, String protocol) {
        return directory.resolve(protocol + ".csv");
    }

    private static Path predictions(Path directory, String protocol) {
        return directory.resolve(protocol + "_predictions.csv");
    }

    private static Path effects(Path directory, String protocol) {
        return directory.resolve(protocol + "_effects.csv");
    }

    private static Path provenance(Path directory, String protocol) {
        return directory.resolve(protocol + ".json");
    }

    /** Where a sweep under way keeps what is done. */
    static Path journal(Path directory, Protocol protocol) {
        return directory.resolve("." + protocol.key() + ".journal");
    }

    /** Writes the predictions of a protocol, from which all its other tables follow. */
    static void writePredictions(
            Path directory, HeadAblation ablation, IntFunction<String> names, TargetScaling scaling) {
        WholeFile.writeText(predictions(directory, ablation.protocol()), out -> {
            out.write("image,layer,head" + PredictionFiles.titles(scaling.targets()));
            out.write('\n');
            rows(out, ",,", ablation.baseline(), ablation.labels(), names, scaling);
            for (HeadId id : ablation.heads()) {
                String head = "," + id.layer() + "," + id.head();
                rows(out, head, ablation.predictions(id), ablation.labels(), names, scaling);
            }
        });
    }

    /** Writes all other files of a protocol, the table of heads last: when it is there, all is. */
    static void write(Path directory, HeadStatistics statistics, TargetScaling scaling, ObjectNode provenance) {
        HeadAblation ablation = statistics.ablation();
        JsonFiles.write(provenance(directory, ablation.protocol()), provenance);
        EffectFiles.writeHeads(effects(directory, ablation.protocol()), statistics, scaling);
        EffectFiles.writeLayers(directory.resolve(ablation.protocol() + "_layers.csv"), statistics, scaling.targets());
        writeTable(directory, statistics, scaling.targets());
    }

    /** Writes the table of heads, with a column of losses for each target. */
    static void writeTable(Path directory, HeadStatistics statistics, List<Target> targets) {
        HeadAblation ablation = statistics.ablation();
        WholeFile.writeText(table(directory, ablation.protocol()), out -> {
            out.write(TITLES);
            for (Target target : targets) {
                out.write(",loss_" + target.key());
            }
            out.write('\n');
            double baseline = ablation.baselineLoss();
            for (HeadId id : ablation.heads()) {
                HeadEffect effect = statistics.effect(id);
                Interval interval = effect.lossIncreasePercent().bca();
                out.write(String.format(
                        Locale.ROOT,
                        "%d,%d,%s,%s,%s,%s,%s,%s,%s",
                        id.layer(),
                        id.head(),
                        ablation.ablatedLoss(id),
                        baseline,
                        ablation.lossIncreasePercent(id),
                        EffectFiles.cell(interval.low()),
                        EffectFiles.cell(interval.high()),
                        EffectFiles.cell(effect.signFlip().raw()),
                        EffectFiles.cell(effect.signFlip().holm())));
                for (int t = 0; t < targets.size(); t++) {
                    out.write("," + ablation.ablatedLoss(id, t));
                }
                out.write('\n');
            }
        });
    }

    /** Writes {@code <protocol>_selected.csv}: the heads that some images chose, and what the others say of them. */
    static void writeSelection(Path directory, String protocol, HeadSelection selection) {
        WholeFile.writeText(directory.resolve(protocol + "_selected.csv"), out -> {
            out.write("rank,layer,head,selection_increase_percent,loss_increase_percent,ci_low_percent,ci_high_percent,"
                    + "p_value,p_adjusted\n");
            int rank = 0;
            for (HeadSelection.Chosen chosen : selection.chosen()) {
                Interval interval = chosen.effect().lossIncreasePercent().bca();
                out.write(String.format(
                        Locale.ROOT,
                        "%d,%d,%d,%s,%s,%s,%s,%s,%s\n",
                        ++rank,
                        chosen.effect().head().layer(),
                        chosen.effect().head().head(),
                        chosen.increasePercent(),
                        chosen.effect().lossIncreasePercent().value(),
                        EffectFiles.cell(interval.low()),
                        EffectFiles.cell(interval.high()),
                        EffectFiles.cell(chosen.signFlip().raw()),
                        EffectFiles.cell(chosen.signFlip().holm())));
            }
        });
    }

    /**
     * Writes {@code agreement.csv}, rank correlations of the protocols and of each with the order of the sweep, and {@code
     * verdicts.csv}, what each protocol says of each head.
     */
    static void writeAgreement(Path directory, ProtocolAgreement agreement) {
        WholeFile.writeText(directory.resolve(AGREEMENT), out -> {
            out.write("a,b,spearman,verdicts_flipped\n");
            for (ProtocolAgreement.Pair pair : agreement.pairs()) {
                out.write(pair.a() + "," + pair.b() + "," + pair.spearman() + "," + pair.flips() + "\n");
            }
            for (ProtocolAgreement.Order order : agreement.orders()) {
                out.write(order.protocol() + ",order_of_sweep," + order.spearman() + ",\n");
            }
        });
        WholeFile.writeText(directory.resolve(VERDICTS), out -> {
            out.write("layer,head," + String.join(",", agreement.protocols()) + "\n");
            for (ProtocolAgreement.Head head : agreement.heads()) {
                out.write(head.id().layer() + "," + head.id().head());
                for (Verdict verdict : head.verdicts()) {
                    out.write("," + verdict.key());
                }
                out.write('\n');
            }
        });
    }

    private static void rows(
            Writer out,
            String head,
            float[][] predictions,
            float[][] labels,
            IntFunction<String> names,
            TargetScaling scaling)
            throws IOException {
        for (int i = 0; i < predictions.length; i++) {
            out.write(CsvTable.cell(names.apply(i)) + head);
            for (int t = 0; t < scaling.targets().size(); t++) {
                PredictionFiles.exact(out, scaling, t, labels[i][t]);
                PredictionFiles.exact(out, scaling, t, predictions[i][t]);
            }
            out.write('\n');
        }
    }

    /**
     * Insists that the tables of a protocol are of what they are taken for.
     *
     * @throws IllegalArgumentException when their provenance differs
     */
    static void requireSame(Path directory, Protocol protocol, ObjectNode expected) {
        JsonFiles.requireSame(provenance(directory, protocol.key()), expected, directory);
    }

    /**
     * Reads an ablation back from its table of predictions.
     *
     * @param lossBatch see {@link HeadAblation#lossBatch}
     * @throws IllegalArgumentException when a head has more or fewer predictions than there are images
     */
    static HeadAblation read(Path directory, Protocol which, TargetScaling scaling, int lossBatch) {
        String protocol = which.key();
        List<float[]> labels = new ArrayList<>();
        List<float[]> baseline = new ArrayList<>();
        TreeMap<Integer, TreeMap<Integer, FloatBuffer>> layers = new TreeMap<>();
        CsvTable.read(predictions(directory, protocol), row -> {
            float[] predicted = PredictionFiles.standardised(row, "predicted_", scaling);
            if (row.isEmpty("layer")) {
                labels.add(PredictionFiles.standardised(row, "true_", scaling));
                baseline.add(predicted);
            } else {
                FloatBuffer of = layers.computeIfAbsent((int) row.number("layer"), l -> new TreeMap<>())
                        .computeIfAbsent(
                                (int) row.number("head"), h -> FloatBuffer.allocate(labels.size() * predicted.length));
                requireEqual(of.hasRemaining(), predictions(directory, protocol));
                of.put(predicted);
            }
        });
        List<float[]> ablated = new ArrayList<>();
        layers.values().forEach(heads -> heads.values().forEach(rows -> {
            requireEqual(!rows.hasRemaining(), predictions(directory, protocol));
            ablated.add(rows.array());
        }));
        return new HeadAblation(
                protocol,
                layers.size(),
                layers.isEmpty() ? 0 : layers.firstEntry().getValue().size(),
                labels.toArray(float[][]::new),
                baseline.toArray(float[][]::new),
                ablated.toArray(float[][]::new),
                lossBatch);
    }

    /** Reads an ablation back with how sure its results are, by target where the table of effects is there. */
    static AblationResults readResults(Path directory, Protocol protocol, TargetScaling scaling) {
        List<Effect> pooled = new ArrayList<>();
        Path table = table(directory, protocol.key());
        CsvTable.read(
                table,
                row -> pooled.add(EffectFiles.effect(
                        row, "loss_increase_percent", "ci_low_percent", "ci_high_percent", "p_adjusted")));
        Path effects = effects(directory, protocol.key());
        List<List<Effect>> byTarget = Files.exists(effects)
                ? scaling.targets().stream()
                        .map(target -> EffectFiles.readIncreases(effects, target))
                        .toList()
                : List.of();
        int lossBatch = JsonFiles.read(provenance(directory, protocol.key()))
                .path(LOSS_BATCH)
                .asInt();
        return new AblationResults(read(directory, protocol, scaling, lossBatch), pooled, byTarget, text(table));
    }

    private static void requireEqual(boolean holds, Path table) {
        if (!holds) {
            throw new IllegalArgumentException(
                    table + ": must have a row for each image and head, found more or fewer of a head");
        }
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
