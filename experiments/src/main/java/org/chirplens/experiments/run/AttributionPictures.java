package org.chirplens.experiments.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.chirplens.analysis.Attribution;
import org.chirplens.dataset.Target;
import org.chirplens.report.AttributionFigures;
import org.chirplens.report.Figure;

/** Draws the tables of {@code attribution/} that are there; each figure by the name of its files. */
public final class AttributionPictures {
    private final Path directory;
    private final List<Target> targets;

    private AttributionPictures(Path directory, List<Target> targets) {
        this.directory = directory;
        this.targets = targets;
    }

    /** The figures of a run directory. */
    public static Map<String, Figure> of(RunFiles files, List<Target> targets) {
        AttributionPictures pictures = new AttributionPictures(files.attribution(), targets);
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (Attribution analysis : Attribution.values()) {
            if (Files.exists(AttributionFiles.table(files.attribution(), analysis))) {
                pictures.draw(analysis, figures);
            }
        }
        return figures;
    }

    private void draw(Attribution analysis, Map<String, Figure> figures) {
        String name = "attribution_" + analysis.key();
        switch (analysis) {
            case SCREENING ->
                figures.put(
                        name,
                        AttributionFigures.screening(
                                column(analysis, "exact_loss_increase"), column(analysis, "estimated_loss_increase")));
            case DIRECT ->
                figures.put(
                        name,
                        AttributionFigures.direct(
                                column(analysis, "loss_increase_total"),
                                column(analysis, "loss_increase_direct_frozen")));
            case LENS -> figures.put(name, AttributionFigures.lens(targets, lens()));
            case PAIRS ->
                figures.put(
                        name,
                        AttributionFigures.pairs(
                                column(analysis, "sum_of_both"), column(analysis, "joint_loss_increase")));
            case CUMULATIVE -> figures.put(name, cumulative());
            case PATCHING -> targets.forEach(target -> figures.put(name + "_" + target.key(), patching(target)));
        }
    }

    private double[] column(Attribution analysis, String name) {
        List<Double> values = new ArrayList<>();
        CsvTable.read(AttributionFiles.table(directory, analysis), row -> values.add(row.number(name)));
        return array(values);
    }

    private double[][] lens() {
        List<List<Double>> rmse = new ArrayList<>();
        targets.forEach(target -> rmse.add(new ArrayList<>()));
        List<String> keys = targets.stream().map(Target::key).toList();
        CsvTable.read(
                AttributionFiles.table(directory, Attribution.LENS),
                row -> rmse.get(keys.indexOf(row.oneOf("target", keys))).add(row.number("rmse")));
        return rmse.stream().map(AttributionPictures::array).toArray(double[][]::new);
    }

    private Figure cumulative() {
        TreeSet<Double> sizes = new TreeSet<>();
        Map<String, List<Double>> losses = new LinkedHashMap<>();
        CsvTable.read(AttributionFiles.table(directory, Attribution.CUMULATIVE), row -> {
            sizes.add(row.number("heads_ablated"));
            losses.computeIfAbsent(row.text("order"), order -> new ArrayList<>())
                    .add(row.number("loss"));
        });
        return AttributionFigures.cumulative(array(List.copyOf(sizes)), arrays(losses));
    }

    private Figure patching(Target target) {
        Map<String, List<Double>> moved = new LinkedHashMap<>();
        TreeSet<Double> layers = new TreeSet<>();
        CsvTable.read(AttributionFiles.table(directory, Attribution.PATCHING), row -> {
            boolean isHead = !row.text("head").equals("all");
            if (isHead
                    && row.text("direction").equals("noising")
                    && row.text("target").equals(target.key())) {
                layers.add(row.number("layer"));
                moved.computeIfAbsent(row.text("factor"), factor -> new ArrayList<>())
                        .add(row.numberIfAny("carried") * row.number("mean_difference"));
            }
        });
        return AttributionFigures.patching(target, layers.size(), arrays(moved));
    }

    private static Map<String, double[]> arrays(Map<String, List<Double>> lists) {
        Map<String, double[]> arrays = new LinkedHashMap<>();
        lists.forEach((name, values) -> arrays.put(name, array(values)));
        return arrays;
    }

    private static double[] array(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
