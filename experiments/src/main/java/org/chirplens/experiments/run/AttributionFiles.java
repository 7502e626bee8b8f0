package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.analysis.ActivationPatching;
import org.chirplens.analysis.Attribution;
import org.chirplens.analysis.CumulativeAblation;
import org.chirplens.analysis.DirectEffects;
import org.chirplens.analysis.GradientScreening;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.PairInteraction;
import org.chirplens.analysis.RegressionLens;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.WholeFile;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;

/** The tables of {@code attribution/}, one for each analysis; docs/methods.md says what their columns are. */
final class AttributionFiles {
    private static final String HEAD = "layer,head";

    private final Path directory;
    private final TargetScaling scaling;

    AttributionFiles(Path directory, TargetScaling scaling) {
        this.directory = directory;
        this.scaling = scaling;
    }

    /** The table of an analysis. */
    static Path table(Path directory, Attribution analysis) {
        return directory.resolve(analysis.key() + ".csv");
    }

    void screening(GradientScreening.Screening screening, HeadAblation exact) {
        double[] estimates = screening.lossIncreases();
        double[] magnitudes = screening.magnitudes();
        WholeFile.writeText(table(directory, Attribution.SCREENING), out -> {
            out.write(HEAD + ",estimated_loss_increase,mean_absolute_estimate,exact_loss_increase\n");
            for (int i = 0; i < estimates.length; i++) {
                HeadId head = screening.heads().get(i);
                out.write(cells(head) + "," + estimates[i] + "," + magnitudes[i] + "," + increase(exact, head) + "\n");
            }
        });
    }

    /** Loss increases along all paths and along the head's own, and the mean shift of each target's prediction. */
    void direct(HeadAblation total, DirectEffects.Effects effects) {
        List<HeadAblation> paths = List.of(total, effects.direct(), effects.frozen());
        List<String> names = List.of("total", "direct", "direct_frozen");
        WholeFile.writeText(table(directory, Attribution.DIRECT), out -> {
            out.write(HEAD);
            for (String name : names) {
                out.write(",loss_increase_" + name);
                for (var target : scaling.targets()) {
                    out.write(",shift_" + target.key() + "_" + name);
                }
            }
            out.write(",self_repair,ci_low,ci_high\n");
            for (HeadId head : total.heads()) {
                out.write(cells(head));
                for (HeadAblation path : paths) {
                    out.write("," + increase(path, head));
                    for (int t = 0; t < scaling.targets().size(); t++) {
                        out.write("," + scaling.std()[t] * meanShift(path, head, t));
                    }
                }
                out.write("," + meanWithInterval(effects.selfRepair(total, head)) + "\n");
            }
        });
    }

    private static double increase(HeadAblation ablation, HeadId head) {
        return ablation.ablatedLoss(head) - ablation.baselineLoss();
    }

    private static double meanShift(HeadAblation ablation, HeadId head, int target) {
        float[][] without = ablation.predictions(head);
        return IntStream.range(0, without.length)
                .mapToDouble(i -> (double) without[i][target] - ablation.baseline()[i][target])
                .average()
                .orElse(Double.NaN);
    }

    void lens(RegressionLens.Readings readings) {
        WholeFile.writeText(table(directory, Attribution.LENS), out -> {
            out.write("layers,target,unit,rmse,distance_to_final\n");
            for (int layers = 0; layers < readings.predictions().length; layers++) {
                for (int t = 0; t < scaling.targets().size(); t++) {
                    var target = scaling.targets().get(t);
                    double unit = scaling.std()[t];
                    out.write(layers + "," + target.key() + "," + CsvTable.cell(target.unit()) + ","
                            + unit * readings.rmse(layers, t) + "," + unit * readings.distanceToFinal(layers, t)
                            + "\n");
                }
            }
        });
    }

    void pairs(List<PairInteraction> pairs) {
        WholeFile.writeText(table(directory, Attribution.PAIRS), out -> {
            out.write("layer_a,head_a,layer_b,head_b,joint_loss_increase,sum_of_both,interaction,ci_low,ci_high\n");
            for (PairInteraction pair : pairs) {
                out.write(cells(pair.first()) + "," + cells(pair.second()) + "," + mean(pair.joint()) + ","
                        + mean(pair.sum()) + "," + meanWithInterval(pair.interactions()) + "\n");
            }
        });
    }

    void cumulative(CumulativeAblation curves) {
        WholeFile.writeText(table(directory, Attribution.CUMULATIVE), out -> {
            out.write("order,heads_ablated,loss,last_layer,last_head\n");
            for (CumulativeAblation.Curve curve : curves.curves()) {
                for (int i = 0; i < curve.losses().length; i++) {
                    int size = curves.sizes().get(i);
                    String last = size == 0 ? "," : cells(curve.heads().get(size - 1));
                    out.write(curve.order() + "," + size + "," + curve.losses()[i] + "," + last + "\n");
                }
            }
        });
    }

    void patching(Map<Factor, ActivationPatching.Outcome> outcomes, int numHeads) {
        WholeFile.writeText(table(directory, Attribution.PATCHING), out -> {
            out.write("factor,direction,layer,head,target,unit,mean_difference,carried,ci_low,ci_high\n");
            for (var outcome : outcomes.entrySet()) {
                String factor = outcome.getKey().key();
                write(out, factor + ",denoising,", outcome.getValue().denoising(), numHeads);
                write(out, factor + ",noising,", outcome.getValue().noising(), numHeads);
            }
        });
    }

    private void write(Writer out, String start, ActivationPatching.Direction direction, int numHeads)
            throws IOException {
        for (int t = 0; t < scaling.targets().size(); t++) {
            var target = scaling.targets().get(t);
            String of = "," + target.key() + "," + CsvTable.cell(target.unit()) + ","
                    + scaling.std()[t] * direction.meanWay(t) + ",";
            List<Estimate> layers = direction.carriedByLayers(t, Bootstrap.STANDARD);
            for (int layer = 0; layer < layers.size(); layer++) {
                out.write(start + layer + ",all" + of + EffectFiles.cells(layers.get(layer)) + "\n");
            }
            List<Estimate> heads = direction.carriedByHeads(t, Bootstrap.STANDARD);
            for (int head = 0; head < heads.size(); head++) {
                out.write(start + cells(new HeadId(head / numHeads, head % numHeads)) + of
                        + EffectFiles.cells(heads.get(head)) + "\n");
            }
        }
    }

    private static String cells(HeadId head) {
        return String.format(Locale.ROOT, "%d,%d", head.layer(), head.head());
    }

    private static String meanWithInterval(double[] ofImages) {
        return EffectFiles.cells(Bootstrap.STANDARD.ofMean(ofImages));
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElse(Double.NaN);
    }
}
