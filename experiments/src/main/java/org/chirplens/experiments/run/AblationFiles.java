package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.HeadId;

/**
 * The two tables of an ablation. {@code <protocol>.csv} has a row per head, with losses on standardised labels; its columns of
 * confidence interval and p-values stay empty until these are computed. {@code <protocol>_predictions.csv} has a row per head and
 * image in physical units; the rows without layer and head are the whole model's.
 */
public final class AblationFiles {
    private static final String TITLES =
            "layer,head,loss,baseline_loss,loss_increase_percent,ci_low_percent,ci_high_percent,"
                    + "p_value,p_adjusted,loss_start_time,loss_start_frequency,loss_end_frequency\n";

    private AblationFiles() {}

    /** Whether a directory holds the tables of a protocol. */
    public static boolean exist(Path directory, String protocol) {
        return java.nio.file.Files.exists(table(directory, protocol));
    }

    static Path table(Path directory, String protocol) {
        return directory.resolve(protocol + ".csv");
    }

    static Path predictions(Path directory, String protocol) {
        return directory.resolve(protocol + "_predictions.csv");
    }

    /** Where a sweep under way keeps what is done. */
    public static Path journal(Path directory, String protocol) {
        return directory.resolve("." + protocol + ".journal");
    }

    /** Writes both tables, the heads' last: when it is there, all is. */
    public static void write(Path directory, HeadAblation ablation, IntFunction<String> names, TargetScaling scaling) {
        WholeFile.writeText(predictions(directory, ablation.protocol()), out -> {
            out.write("image,layer,head");
            for (Target target : Target.values()) {
                out.write(",true_" + target.key() + ",predicted_" + target.key());
            }
            out.write('\n');
            rows(out, ",,", ablation.baseline(), ablation.labels(), names, scaling);
            for (HeadId id : ablation.heads()) {
                String head = "," + id.layer() + "," + id.head();
                rows(out, head, ablation.predictions(id), ablation.labels(), names, scaling);
            }
        });
        WholeFile.writeText(table(directory, ablation.protocol()), out -> {
            out.write(TITLES);
            double baseline = ablation.baselineLoss();
            for (HeadId id : ablation.heads()) {
                out.write(String.format(
                        Locale.ROOT,
                        "%d,%d,%s,%s,%s,,,,,%s,%s,%s%n",
                        id.layer(),
                        id.head(),
                        ablation.ablatedLoss(id),
                        baseline,
                        ablation.lossIncreasePercent(id),
                        ablation.ablatedLoss(id, Target.START_TIME),
                        ablation.ablatedLoss(id, Target.START_FREQUENCY),
                        ablation.ablatedLoss(id, Target.END_FREQUENCY)));
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
            out.write(names.apply(i) + head);
            for (int t = 0; t < Target.COUNT; t++) {
                PredictionFiles.physical(out, scaling, t, labels[i][t]);
                PredictionFiles.physical(out, scaling, t, predictions[i][t]);
            }
            out.write('\n');
        }
    }

    /** Reads an ablation back from its table of predictions. */
    static HeadAblation read(Path directory, String protocol, TargetScaling scaling) {
        List<float[]> labels = new ArrayList<>();
        List<float[]> baseline = new ArrayList<>();
        TreeMap<Integer, TreeMap<Integer, List<float[]>>> layers = new TreeMap<>();
        CsvTable.read(predictions(directory, protocol), row -> {
            float[] predicted = PredictionFiles.standardised(row, "predicted_", scaling);
            if (row.isEmpty("layer")) {
                labels.add(PredictionFiles.standardised(row, "true_", scaling));
                baseline.add(predicted);
            } else {
                layers.computeIfAbsent((int) row.number("layer"), l -> new TreeMap<>())
                        .computeIfAbsent((int) row.number("head"), h -> new ArrayList<>())
                        .add(predicted);
            }
        });
        List<float[][]> ablated = new ArrayList<>();
        layers.values().forEach(heads -> heads.values().forEach(rows -> ablated.add(rows.toArray(float[][]::new))));
        return new HeadAblation(
                protocol,
                layers.size(),
                layers.isEmpty() ? 0 : layers.firstEntry().getValue().size(),
                labels.toArray(float[][]::new),
                baseline.toArray(float[][]::new),
                ablated.toArray(float[][][]::new));
    }
}
