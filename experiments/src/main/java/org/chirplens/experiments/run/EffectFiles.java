package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.chirplens.analysis.HeadEffect;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.analysis.LayerEffects;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.file.WholeFile;
import org.chirplens.report.AblationResults.Effect;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Interval;
import org.chirplens.statistics.MultipleTesting.PValue;
import org.jspecify.annotations.Nullable;

/**
 * The long tables of an ablation's statistics: {@code <protocol>_effects.csv} has a row per head, target, metric and unit,
 * {@code <protocol>_layers.csv} one per layer and part of the layers. Intervals are BCa. A cell is empty where a number is
 * not defined or a metric has no interval or test. {@code docs/methods.md} says what each metric is.
 */
final class EffectFiles {
    private static final String POOLED = "pooled";
    private static final String STANDARDISED = "standardised";
    private static final String SQUARE = "^2";
    private static final String PERCENT = "percent";
    private static final String INCREASE_PERCENT = "loss_increase_percent";
    private static final String RATIO = "ratio";

    private EffectFiles() {}

    /** Writes the table of heads. */
    static void writeHeads(Path file, HeadStatistics statistics, TargetScaling scaling) {
        WholeFile.writeText(file, out -> {
            out.write("layer,head,metric,target,unit,value,ci_low,ci_high,p_value,p_holm,p_bh\n");
            for (int head = 0; head < statistics.pooled().size(); head++) {
                HeadEffect pooled = statistics.pooled().get(head);
                inUnit(out, pooled, POOLED, STANDARDISED);
                withoutUnit(out, pooled, POOLED);
                for (int t = 0; t < scaling.targets().size(); t++) {
                    Target target = scaling.targets().get(t);
                    HeadEffect effect = statistics.byTarget().get(t).get(head);
                    inUnit(out, effect, target.key(), STANDARDISED);
                    inUnit(out, effect.inUnitOf(scaling.std()[t]), target.key(), unit(target));
                    withoutUnit(out, effect, target.key());
                }
            }
        });
    }

    /** A target without a unit is measured in that of its labels. */
    static String unit(Target target) {
        return target.unit().isEmpty() ? "label" : target.unit();
    }

    private static void inUnit(Writer out, HeadEffect effect, String target, String unit) throws IOException {
        row(out, effect, "loss", target, unit + SQUARE, effect.loss(), null);
        row(out, effect, "loss_increase", target, unit + SQUARE, effect.lossIncrease(), effect.signFlip());
        if (!Double.isNaN(effect.meanShift().value())) {
            row(out, effect, "mean_shift", target, unit, effect.meanShift(), null);
        }
        row(out, effect, "mean_absolute_shift", target, unit, effect.meanAbsoluteShift(), null);
        row(out, effect, "wasserstein", target, unit, Estimate.withoutIntervals(effect.wasserstein()), null);
    }

    private static void withoutUnit(Writer out, HeadEffect effect, String target) throws IOException {
        row(out, effect, INCREASE_PERCENT, target, PERCENT, effect.lossIncreasePercent(), effect.signFlip());
        Estimate ranks = Estimate.withoutIntervals(effect.rankBiserial());
        row(out, effect, "rank_biserial", target, RATIO, ranks, effect.wilcoxon());
        Estimate images = Estimate.withoutIntervals(effect.imagesNeeded());
        row(out, effect, "images_needed", target, "images", images, null);
    }

    private static void row(
            Writer out,
            HeadEffect effect,
            String metric,
            String target,
            String unit,
            Estimate estimate,
            @Nullable PValue p)
            throws IOException {
        out.write(effect.head().layer() + "," + effect.head().head() + "," + metric + "," + target + ","
                + CsvTable.cell(unit) + "," + cells(estimate));
        out.write(p == null ? ",,," : "," + cell(p.raw()) + "," + cell(p.holm()) + "," + cell(p.benjaminiHochberg()));
        out.write('\n');
    }

    /** Reads from the table of heads what each does to the loss of a target, in the table's order of heads. */
    static List<Effect> readIncreases(Path file, Target target) {
        List<Effect> effects = new ArrayList<>();
        CsvTable.read(file, row -> {
            if (row.text("metric").equals(INCREASE_PERCENT)
                    && row.text("target").equals(target.key())) {
                effects.add(effect(row, "value", "ci_low", "ci_high", "p_holm"));
            }
        });
        return effects;
    }

    /** A relative loss increase by the columns that hold it. */
    static Effect effect(CsvTable row, String value, String low, String high, String pAdjusted) {
        return new Effect(
                row.numberIfAny(value),
                new Interval(row.numberIfAny(low), row.numberIfAny(high)),
                row.numberIfAny(pAdjusted));
    }

    /** Writes the table of layers. */
    static void writeLayers(Path file, HeadStatistics statistics, List<Target> targets) {
        WholeFile.writeText(file, out -> {
            out.write("part,first_layer,last_layer,metric,target,unit,value,ci_low,ci_high\n");
            layers(out, statistics.pooledLayers(), POOLED);
            for (int t = 0; t < targets.size(); t++) {
                layers(out, statistics.layersByTarget().get(t), targets.get(t).key());
            }
        });
    }

    private static void layers(Writer out, LayerEffects layers, String target) throws IOException {
        int count = layers.layers().size();
        String increase = "," + INCREASE_PERCENT + "," + target + "," + PERCENT + ",";
        for (int layer = 0; layer < count; layer++) {
            out.write("layer," + layer + "," + layer + increase
                    + cells(layers.layers().get(layer)) + "\n");
        }
        for (LayerEffects.DepthContrast contrast : layers.contrasts()) {
            String part = "_1/" + contrast.parts() + ",";
            int size = contrast.size();
            out.write("early" + part + "0," + (size - 1) + increase + cells(contrast.early()) + "\n");
            out.write("deep" + part + (count - size) + "," + (count - 1) + increase + cells(contrast.deep()) + "\n");
            out.write("deep_to_early" + part + ",,loss_increase_ratio," + target + "," + RATIO + ","
                    + cells(contrast.ratio()) + "\n");
        }
    }

    /** The cells of a value and of its interval. */
    static String cells(Estimate estimate) {
        return cell(estimate.value()) + "," + cell(estimate.bca().low()) + ","
                + cell(estimate.bca().high());
    }

    /** Empty where there is no number. */
    static String cell(double value) {
        return Double.isNaN(value) ? "" : String.valueOf(value);
    }
}
