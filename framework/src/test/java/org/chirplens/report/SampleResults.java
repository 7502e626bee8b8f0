package org.chirplens.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.LabelImportance;
import org.chirplens.analysis.Specialisation;
import org.chirplens.analysis.Verdict;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Condition;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Interval;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.Predictions;
import org.chirplens.training.RegressionMetrics;
import org.chirplens.training.TargetMetrics;

/** Results such as a run has, of any size, and every figure of them. */
final class SampleResults {
    static final TargetScaling SCALING = TargetScaling.released(new double[] {22.5, 50, 50}, new double[] {13, 29, 31});
    static final String HOSTILE = "<script>alert('x')</script> \"&\u0000]]>";

    private static final int TARGETS = Target.RELEASED.size();

    private SampleResults() {}

    static RgbImage chirp(int number) {
        String name = "/chirps/spectrogram_" + number + ".png";
        try (InputStream png = SampleResults.class.getResourceAsStream(name)) {
            if (png == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return RgbImage.of(ImageIO.read(png));
        } catch (IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** A model whose heads mostly do little, and some of which move the predictions towards their mean. */
    static HeadAblation ablation(int layers, int heads, int images) {
        Random random = new Random(100L * layers + heads);
        float[][] labels = new float[images][TARGETS];
        float[][] baseline = new float[images][TARGETS];
        float[][][] ablated = new float[layers * heads][images][TARGETS];
        for (int i = 0; i < images * TARGETS; i++) {
            int t = i % TARGETS;
            labels[i / TARGETS][t] = (float) (3.4 * random.nextDouble() - 1.7);
            baseline[i / TARGETS][t] = labels[i / TARGETS][t] + (float) (0.25 * random.nextGaussian());
        }
        for (float[][] head : ablated) {
            double strength = Math.pow(random.nextDouble(), 6);
            for (int i = 0; i < images * TARGETS; i++) {
                int t = i % TARGETS;
                double kept = (1 - strength) * baseline[i / TARGETS][t];
                head[i / TARGETS][t] = (float) (kept + 0.6 * strength + 0.02 * random.nextGaussian());
            }
        }
        return HeadAblation.of("head_mask", layers, heads, labels, baseline, ablated, 0);
    }

    static AttentionMaps maps(int layers, int heads, int grid) {
        Random random = new Random(5);
        float[][][] maps = new float[layers][heads][grid * grid];
        for (float[][] layer : maps) {
            for (float[] head : layer) {
                for (int i = 0; i < head.length; i++) {
                    head[i] = random.nextFloat();
                }
            }
        }
        return new AttentionMaps("spectrogram_1.png", grid, maps);
    }

    static List<EpochRecord> history(int epochs) {
        return IntStream.rangeClosed(1, epochs)
                .mapToObj(epoch -> {
                    double loss = 0.03 + Math.exp(-0.25 * epoch);
                    List<TargetMetrics> targets = List.of(
                            new TargetMetrics(1 - loss, 0.9, 2, 3),
                            new TargetMetrics(epoch == 1 ? Double.NaN : 1 - 1.1 * loss, 0.8, 4, 5),
                            new TargetMetrics(1 - 1.3 * loss, 0.7, 5, 7));
                    double rate = epoch > 10 ? 1e-5 : 1e-4;
                    return new EpochRecord(
                            epoch, 2400L * epoch, 0.9 * loss, new RegressionMetrics(300, loss, targets), rate, 9.3);
                })
                .toList();
    }

    /** Intervals of the three targets, those of RMSE not defined. */
    static MetricIntervals intervals() {
        Interval interval = new Interval(0.1, 0.25);
        return new MetricIntervals(
                interval,
                Collections.nCopies(
                        TARGETS, new MetricIntervals.OfTarget(interval, interval, interval, Interval.UNDEFINED)));
    }

    /** Predictions for chirps that are the worse the louder the noise, and what is known of these chirps. */
    static Figure errorsByCondition(int images, List<Condition> known, List<Target> targets) {
        GeneratedChirps chirps = new GeneratedChirps(Population.released(), 1, 0, images);
        int n = targets.size();
        TargetScaling scaling = new TargetScaling(
                targets,
                new double[n],
                IntStream.range(0, n).mapToDouble(t -> Math.pow(8, t - 1)).toArray());
        Random random = new Random(3);
        float[][] labels = new float[images][n];
        float[][] predictions = new float[images][n];
        for (int i = 0; i < images; i++) {
            for (int t = 0; t < n; t++) {
                predictions[i][t] = (float) (chirps.noiseLevel(i) * random.nextGaussian());
            }
        }
        Predictions of = new Predictions(IntStream.range(0, images).toArray(), predictions, labels);
        double[] overall = of.metrics(scaling).targets().stream()
                .mapToDouble(TargetMetrics::mae)
                .toArray();
        List<ConditionErrors> conditions = known.stream()
                .map(condition -> ConditionErrors.of(
                        condition,
                        IntStream.range(0, images)
                                .mapToDouble(i -> condition.of(chirps, i))
                                .toArray(),
                        of,
                        scaling))
                .toList();
        return ErrorByCondition.draw(targets, overall, conditions);
    }

    /** Targets of another task, with titles from short to far too long. */
    static List<Target> targets(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Target(
                        "target_" + i, "target " + "of a rather long title ".repeat(i) + i, i % 2 == 0 ? "" : "µV/Hz"))
                .toList();
    }

    /** A figure of each kind that shows every target. */
    private static Map<String, Supplier<Figure>> figuresOf(List<Target> targets) {
        int n = targets.size();
        Random random = new Random(n);
        float[][] labels = new float[50][n];
        float[][] predictions = new float[50][n];
        for (int i = 0; i < 50 * n; i++) {
            labels[i / n][i % n] = (float) random.nextGaussian();
            predictions[i / n][i % n] = labels[i / n][i % n] + (float) (0.4 * random.nextGaussian());
        }
        TargetScaling scaling = new TargetScaling(
                targets,
                IntStream.range(0, n).mapToDouble(i -> Math.pow(-30, i)).toArray(),
                IntStream.range(0, n).mapToDouble(i -> Math.pow(10, i - 2)).toArray());
        List<EpochRecord> history = history(9).stream()
                .map(epoch -> new EpochRecord(
                        epoch.epoch(),
                        epoch.images(),
                        epoch.trainLoss(),
                        RegressionMetrics.of(predictions, labels, scaling),
                        epoch.learningRate(),
                        epoch.seconds()))
                .toList();
        SampleGrid.Sample sample = new SampleGrid.Sample(
                chirp(1),
                "a.jpg",
                targets.stream()
                        .map(target -> target.title() + " " + target.withUnit("1.5"))
                        .toList());
        return Map.of(
                "scatter of " + n, () -> PredictedVsTrue.draw(predictions, labels, scaling),
                "training of " + n, () -> TrainingCurves.draw(targets, history, "validation", 0),
                "samples of " + n, () -> SampleGrid.draw(Collections.nCopies(7, sample), "numbers"));
    }

    static List<SampleGrid.Sample> samples(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new SampleGrid.Sample(
                        chirp(1 + i % 6), "spectrogram_" + (i + 1) + ".png", List.of("12.0 s, 48.0 → 61.7 Hz")))
                .toList();
    }

    static List<Chirp> chirps(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> Population.released().draw(1, i).chirp())
                .toList();
    }

    /** Figures with their regions, whose names grow. */
    static List<RegionMap.Sample> regions(int count) {
        GeneratedChirps images = new GeneratedChirps(Population.released(), 1, 0, count);
        return IntStream.range(0, count)
                .mapToObj(i -> new RegionMap.Sample(images.image(i), images.regions(i), "a name ".repeat(1 + 20 * i)))
                .toList();
    }

    /** How to draw every figure, at small and large sizes. */
    static Map<String, Supplier<Figure>> figures() {
        HeadAblation one = ablation(1, 1, 1);
        HeadAblation small = ablation(2, 3, 30);
        HeadAblation large = ablation(12, 12, 60);
        HeadAblation many = ablation(1, 1, 3500);
        Map<String, Supplier<Figure>> figures = new LinkedHashMap<>();
        for (int[] size : new int[][] {{1, 1}, {12, 12}, {24, 16}}) {
            for (String name : List.of("atlas_labels", "atlas_shares", "atlas_change")) {
                figures.put(
                        name + " " + size[0] + " x " + size[1],
                        () -> Objects.requireNonNull(AtlasFigures.of(atlas(size[0], size[1]), "64 images")
                                .get(name)));
            }
        }
        figures.put("1 sample", () -> SampleGrid.draw(samples(1), "start time, start frequency → end frequency"));
        figures.put("15 samples", () -> SampleGrid.draw(samples(15), "start time, start frequency → end frequency"));
        figures.put("data 1", () -> DatasetSummary.draw("chirps", chirps(1), samples(1)));
        figures.put(
                "data 100000",
                () -> DatasetSummary.draw("a name of some length ".repeat(20), chirps(100_000), samples(15)));
        figures.put("data without images", () -> DatasetSummary.draw("chirps", chirps(300), List.of()));
        figures.put("1 region map", () -> RegionMap.draw(regions(1)));
        figures.put("6 region maps", () -> RegionMap.draw(regions(6)));
        for (HeadAblation ablation : List.of(one, small, large)) {
            String size = ablation.numLayers() + " x " + ablation.numHeads();
            figures.put("heat map " + size, () -> LossIncreaseHeatMap.draw(ablation));
            figures.put("histograms " + size, () -> PredictionHistograms.draw(ablation, SCALING, 0));
        }
        figures.put("histograms 6 x 20", () -> PredictionHistograms.draw(ablation(6, 20, 9), SCALING, 2));
        figures.put("heat map 24 x 16", () -> LossIncreaseHeatMap.draw(ablation(24, 16, 5)));
        figures.put(
                "attention 1 x 1", () -> AttentionGrid.draw(chirp(1), maps(1, 1, 1), "averaged over patch queries"));
        figures.put(
                "attention 4 x 4", () -> AttentionGrid.draw(chirp(2), maps(4, 4, 7), "averaged over patch queries"));
        figures.put(
                "attention 12 x 12",
                () -> AttentionGrid.draw(chirp(3), maps(12, 12, 14), "averaged over patch queries"));
        figures.put("training 1", () -> TrainingCurves.draw(Target.RELEASED, history(1), "validation", 0));
        figures.put("training 24", () -> TrainingCurves.draw(Target.RELEASED, history(24), "validation", 20));
        figures.put("training 100", () -> TrainingCurves.draw(Target.RELEASED, history(100), "validation", 0));
        figures.put("scatter 1", () -> PredictedVsTrue.draw(one.baseline(), one.labels(), SCALING));
        figures.put("scatter 60", () -> PredictedVsTrue.draw(large.baseline(), large.labels(), SCALING));
        figures.put("scatter 3500", () -> PredictedVsTrue.draw(many.baseline(), many.labels(), SCALING));
        List<Condition> all = List.of(Condition.values());
        figures.put("errors 1", () -> errorsByCondition(1, all, Target.RELEASED));
        figures.put("errors 60", () -> errorsByCondition(60, all.subList(1, 5), Target.RELEASED));
        figures.put("errors 20000", () -> errorsByCondition(20_000, all, Target.RELEASED));
        figures.put("errors by one condition", () -> errorsByCondition(300, all.subList(4, 5), targets(2)));
        figures.put("errors of 7 targets", () -> errorsByCondition(300, all.subList(0, 2), targets(7)));
        IntStream.rangeClosed(1, 7).forEach(n -> figures.putAll(figuresOf(targets(n))));
        figures.putAll(SampleSweep.figures());
        figures.putAll(SampleComparison.figures());
        return figures;
    }

    /** An ablation with made-up certainty: large effects are certain. The text of its table has more than ASCII in it. */
    static AblationResults results(HeadAblation ablation) {
        double[] baselines =
                IntStream.range(0, TARGETS).mapToDouble(ablation::baselineLoss).toArray();
        List<List<AblationResults.Effect>> byTarget = IntStream.range(0, TARGETS)
                .mapToObj(t -> ablation.heads().stream()
                        .map(id -> effect(100 * (ablation.ablatedLoss(id, t) / baselines[t] - 1)))
                        .toList())
                .toList();
        return new AblationResults(
                ablation,
                ablation.heads().stream()
                        .map(id -> effect(ablation.lossIncreasePercent(id)))
                        .toList(),
                byTarget,
                "layer,head,µ\r\n0,0," + ablation.protocol() + "\n",
                labels(ablation));
    }

    /** The heads of the first layer are named after the chirp. */
    private static List<LabelImportance> labels(HeadAblation ablation) {
        return LabelImportance.of(
                ablation,
                ablation.heads().stream()
                        .map(id -> id.layer() == 0 ? List.of(AtlasLabel.CHIRP) : List.<AtlasLabel>of())
                        .toList(),
                ablation.heads().stream()
                        .map(id -> Map.of(AtlasLabel.CHIRP, 1.0 / (1 + id.layer() + id.head())))
                        .toList(),
                Collections.nCopies(ablation.heads().size(), Verdict.OPEN));
    }

    private static AblationResults.Effect effect(double percent) {
        double half = 1 + 0.3 * Math.abs(percent);
        double p = percent > 20 ? 0.0002 : percent < -1.5 ? 0.04 : Math.min(1, 1 / (1 + Math.abs(percent)));
        return new AblationResults.Effect(percent, new Interval(percent - half, percent + half), p);
    }

    /** Attention maps of some images, read in some ways. */
    static AttentionReadings attention(int layers, int heads, int grid, int images, List<String> readings) {
        List<AttentionMaps> maps = IntStream.range(0, images)
                .mapToObj(image -> maps(layers, heads, grid))
                .toList();
        return new AttentionReadings(
                IntStream.range(0, images)
                        .mapToObj(image ->
                                AttentionReadings.Picture.of("image " + (image + 1) + ".png", chirp(1 + image % 6)))
                        .toList(),
                readings.stream()
                        .map(name -> new AttentionReadings.Reading(name, maps))
                        .toList(),
                images);
    }

    /** A profile of every head, with labels in turn. */
    static List<HeadProfile> profiles(HeadAblation ablation, List<String> labels) {
        return ablation.heads().stream()
                .map(id -> new HeadProfile(
                        id,
                        labels.get((id.layer() + id.head()) % labels.size()),
                        Palette.series((id.layer() + id.head()) % labels.size()),
                        List.of(
                                new HeadProfile.Part("chirp", 0.5, 0.4, 0.62, 0.05),
                                new HeadProfile.Part("title and labels", 0.3, 0.25, 0.34, 0.12),
                                new HeadProfile.Part("rest", 0.2, Double.NaN, Double.NaN, 0.83))))
                .toList();
    }

    /** Heads with no label, one and two in turn. */
    static List<AtlasFigures.Head> atlas(int layers, int heads) {
        AtlasLabel[] all = AtlasLabel.values();
        return IntStream.range(0, layers * heads)
                .mapToObj(i -> {
                    List<AtlasLabel> labels = List.of(all[i % all.length], all[(i + 3) % all.length])
                            .subList(0, i % 3);
                    Map<AtlasLabel, Double> shares = new EnumMap<>(AtlasLabel.class);
                    for (AtlasLabel label : all) {
                        shares.put(label, 0.01 * ((i * 7 + label.ordinal()) % 90));
                    }
                    return new AtlasFigures.Head(
                            new HeadId(i / heads, i % heads),
                            labels,
                            labels.stream().map(AtlasLabel::title).toList(),
                            i % 2 == 0 ? Specialisation.DIFFUSE : Specialisation.UNCLEAR,
                            shares,
                            0.01 * (i % 50));
                })
                .toList();
    }
}
