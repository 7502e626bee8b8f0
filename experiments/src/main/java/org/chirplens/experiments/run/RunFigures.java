package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.analysis.AttentionReading;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.MapReading;
import org.chirplens.analysis.Protocol;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.report.AtlasFigures;
import org.chirplens.report.AttentionGrid;
import org.chirplens.report.ConditionErrors;
import org.chirplens.report.Figure;
import org.chirplens.report.LossIncreaseHeatMap;
import org.chirplens.report.PredictedVsTrue;
import org.chirplens.report.PredictionHistograms;
import org.chirplens.report.SampleGrid;
import org.chirplens.report.SampleGrid.Sample;
import org.chirplens.report.TrainingCurves;
import org.chirplens.training.Predictions;

/** Draws the figures of what a run directory holds; each by the name of its files. */
public final class RunFigures {
    /** Grids of attention are large; the maps of further images are in the .npy files alone. */
    private static final int MOST_GRIDS = 8;

    private static final String HISTOGRAMS = "_histograms_";

    private RunFigures() {}

    /** Writes each figure as PNG and as SVG. */
    public static void save(Map<String, Figure> figures, Path directory) {
        figures.forEach((name, figure) -> {
            try {
                Files.createDirectories(directory);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException("cannot create " + directory, e);
            }
            figure.savePng(directory.resolve(name + ".png"));
            figure.saveSvg(directory.resolve(name + ".svg"));
        });
    }

    static Map<String, Figure> data(RunFiles files, List<Target> targets) {
        Path labels = files.samples().resolve("labels.csv");
        List<Sample> samples = new ArrayList<>();
        if (Files.exists(labels)) {
            CsvTable.read(
                    labels,
                    row -> samples.add(new Sample(
                            AttentionFiles.readImage(files.samples().resolve(row.text("image"))),
                            row.text("image"),
                            labels(row, targets))));
        }
        return samples.isEmpty() ? Map.of() : Map.of("samples", SampleGrid.draw(samples, words(targets)));
    }

    private static List<String> labels(CsvTable row, List<Target> targets) {
        if (targets.equals(Target.RELEASED)) {
            return List.of(String.format(
                    Locale.ROOT,
                    "%.1f s, %.1f → %.1f Hz",
                    row.number(Target.START_TIME.key()),
                    row.number(Target.START_FREQUENCY.key()),
                    row.number(Target.END_FREQUENCY.key())));
        }
        return targets.stream()
                .map(target -> target.title() + " " + target.withUnit(rounded(row.number(target.key()))))
                .toList();
    }

    /** A number in four digits. */
    private static String rounded(double value) {
        return new BigDecimal(value)
                .round(new MathContext(4))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String words(List<Target> targets) {
        return targets.equals(Target.RELEASED)
                ? "start time, start frequency → end frequency"
                : String.join(", ", targets.stream().map(Target::title).toList());
    }

    /**
     * The curves of training and how well the model predicts.
     *
     * @param choosing see {@link TrainingCurves#draw}
     * @param axesEpochs see there
     */
    static Map<String, Figure> training(
            RunFiles files, TargetScaling scaling, List<ConditionErrors> conditions, String choosing, int axesEpochs) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        if (Files.exists(files.training())) {
            figures.put(
                    "training_curves",
                    TrainingCurves.draw(
                            scaling.targets(),
                            TrainingHistory.read(files.training(), scaling.targets()),
                            choosing,
                            axesEpochs));
        }
        if (Files.exists(files.predictions())) {
            Predictions p = PredictionFiles.read(files.predictions(), scaling);
            figures.put("predicted_vs_true", PredictedVsTrue.draw(p.predictions(), p.labels(), scaling));
            figures.putAll(ConditionFiles.figure(conditions, p, scaling));
        }
        return figures;
    }

    /** The heat map of the loss and the histograms of the first target. */
    public static Map<String, Figure> ablation(HeadAblation ablation, TargetScaling scaling) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put("loss_increase_" + ablation.protocol(), LossIncreaseHeatMap.draw(ablation));
        figures.put(
                scaling.targets().get(0).key() + HISTOGRAMS + ablation.protocol(),
                PredictionHistograms.draw(ablation, scaling, 0));
        return figures;
    }

    /** Whether all figures of a protocol's ablation are there: the last one is. */
    public static boolean areDrawn(Protocol protocol, RunFiles files) {
        return !AttentionFiles.files(files.figures(), HISTOGRAMS + protocol.key() + ".svg")
                .isEmpty();
    }

    /** What each head looks at. */
    public static Map<String, Figure> atlas(RunFiles files) {
        if (!AtlasFiles.isDone(files.atlas())) {
            return Map.of();
        }
        JsonNode summary = AtlasFiles.readSummary(files.atlas());
        String subtitle = summary.path("images").asInt() + " images · "
                + AttentionReading.of(summary.path("reading").asText()).title();
        return AtlasFigures.of(AtlasFiles.read(files.atlas()), subtitle);
    }

    /** A grid for each of the first images. */
    public static Map<String, Figure> attention(RunFiles files, MapReading reading) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        AttentionFiles.names(files.attention(), reading).stream()
                .limit(MOST_GRIDS)
                .forEach(name -> figures.put(
                        "attention_" + name,
                        AttentionGrid.draw(
                                AttentionFiles.image(files.attention(), name),
                                AttentionFiles.read(files.attention(), reading, name),
                                reading.title())));
        return figures;
    }
}
