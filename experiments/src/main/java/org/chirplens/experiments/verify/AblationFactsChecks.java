package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.run.CsvTable;
import org.chirplens.model.HeadId;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/** Compares what {@code ablation/} says beside its arrays: {@code summary.json} and the files of {@code released_csv/}. */
final class AblationFactsChecks {
    private static final String SUMMARY = "summary.json";
    private static final String RELEASED_CSV = "released_csv";
    private static final Pattern SCENARIO = Pattern.compile("scenario_layer_(\\d+)_head_(\\d+)\\.csv");
    private static final List<String> COLUMNS =
            List.of("Chirp_Start_Time_Pred", "Chirp_Start_Freq_Pred", "Chirp_End_Freq_Pred");

    /** Percentage points: two losses of relative error 1e-5 each. */
    private static final Tolerance PERCENT = Tolerance.absolute(2 * 100 * AblationChecks.LOSS_TOLERANCE);

    private static final Tolerance LOSS = Tolerance.relative(AblationChecks.LOSS_TOLERANCE);

    private final Section section;
    private final VitConfig vit;
    private final float[][] labels;
    private final float[][] baseline;
    private final int batch;
    private final Tolerance prediction;

    AblationFactsChecks(Section section, VitConfig vit, float[][] labels, float[][] baseline, int batch) {
        this.section = section;
        this.vit = vit;
        this.labels = labels;
        this.baseline = baseline;
        this.batch = batch;
        double largest = Arrays.stream(baseline)
                .flatMapToDouble(row -> Arrays.stream(Section.widen(row)))
                .map(Math::abs)
                .max()
                .orElse(0);
        this.prediction = Tolerance.ofForwardPass(largest);
    }

    /** @param ablations under the names of their recorded arrays */
    void run(List<HeadAblation> ablations) {
        section.attempt(SUMMARY, Set.of(SUMMARY), () -> summary(ablations));
        section.attempt(RELEASED_CSV, Set.of(RELEASED_CSV), () -> released(ablations));
    }

    private void summary(List<HeadAblation> ablations) {
        RecordedJson json = RecordedJson.read(section.file(SUMMARY));
        RecordedJson losses = json.find("baseline");
        if (losses != null) {
            HeadAblation standardised = alone(labels);
            compare(losses, "loss_sample_weighted", standardised.baselineLoss());
            HeadAblation raw = section.has("labels_raw") ? alone(rawLabels()) : null;
            if (raw != null) {
                compare(losses, "loss_raw_labels_sample_weighted", raw.baselineLoss());
            }
            if (batch > 0) {
                compare(
                        losses,
                        "loss_released_batch_mean",
                        standardised.withLossBatch(batch).baselineLoss());
                if (raw != null) {
                    double loss = raw.withLossBatch(batch).baselineLoss();
                    compare(losses, "loss_raw_labels_released_batch_mean", loss);
                }
            }
        }
        for (HeadAblation ablation : ablations) {
            RecordedJson effects = json.find(ablation.protocol());
            if (effects != null) {
                effects(ablation, effects);
            }
        }
        RecordedJson zeroed = json.find("released_state_after");
        if (zeroed != null) {
            zeroedRows(zeroed);
        }
    }

    private void compare(RecordedJson losses, String field, double ours) {
        RecordedJson recorded = losses.find(field);
        if (recorded != null) {
            section.compareValues(SUMMARY + " " + field, new double[] {recorded.number()}, new double[] {ours}, LOSS);
        }
    }

    private void effects(HeadAblation ablation, RecordedJson recorded) {
        String name = SUMMARY + " " + ablation.protocol();
        double[] percents = ablation.withLossBatch(0).lossIncreasesPercent();
        double[] range = Arrays.stream(percents).sorted().toArray();
        section.compareValues(
                name + " loss increase",
                new double[] {
                    recorded.get("loss_increase_percent_min").number(),
                    recorded.get("max").number()
                },
                new double[] {range[0], range[range.length - 1]},
                PERCENT);
        double[] changes = ablation.heads().stream()
                .mapToDouble(id -> change(ablation.predictions(id)))
                .sorted()
                .toArray();
        section.compareValues(
                name + " prediction change",
                new double[] {
                    recorded.get("min_over_heads_of_max_change").number(),
                    recorded.get("max_abs_prediction_change").number()
                },
                new double[] {changes[0], changes[changes.length - 1]},
                // The difference of two predictions.
                Tolerance.absolute(2 * prediction.bound()));
    }

    private double change(float[][] predictions) {
        double largest = 0;
        for (int i = 0; i < predictions.length; i++) {
            for (int t = 0; t < Target.RELEASED.size(); t++) {
                largest = Math.max(largest, Math.abs((double) predictions[i][t] - baseline[i][t]));
            }
        }
        return largest;
    }

    /** The published loop leaves rows 0 to H - 1 of every layer's base query, key and value weights at zero. */
    private void zeroedRows(RecordedJson recorded) {
        Map<String, double[]> rows = new TreeMap<>();
        recorded.list().forEach(entry -> {
            String key = entry.get("key").text().replace(".base_layer", "");
            rows.put(key, entry.get("rows").numbers());
        });
        Set<String> expected = IntStream.range(0, vit.numLayers())
                .boxed()
                .flatMap(layer -> Stream.of("query", "key", "value")
                        .map(which -> "vit.base_model.model.encoder.layer." + layer + ".attention.attention." + which
                                + ".weight"))
                .collect(Collectors.toSet());
        if (!rows.keySet().equals(expected)) {
            section.failed(
                    SUMMARY + " released_state_after",
                    "must name the query, key and value weights of all layers, found " + rows.keySet());
            return;
        }
        double[] first = IntStream.range(0, vit.numHeads()).asDoubleStream().toArray();
        section.compareValues(
                SUMMARY + " released_state_after",
                rows.values().stream().flatMapToDouble(Arrays::stream).toArray(),
                rows.keySet().stream()
                        .flatMapToDouble(key -> Arrays.stream(first))
                        .toArray(),
                Tolerance.exact());
    }

    private void released(List<HeadAblation> ablations) {
        HeadAblation released = ablations.stream()
                .filter(ablation -> ablation.protocol().equals("released"))
                .findFirst()
                .orElse(null);
        for (String file : files()) {
            String what = RELEASED_CSV + "/" + file;
            section.attempt(what, Set.of(what), () -> released(file, what, released));
        }
    }

    private void released(String file, String what, @Nullable HeadAblation released) {
        Matcher scenario = SCENARIO.matcher(file);
        if (file.equals("baseline.csv")) {
            predictions(what, baseline);
        } else if (file.equals("baseline_ablation_results.csv") && batch > 0) {
            losses(what, alone(labels).withLossBatch(batch), true);
        } else if (file.equals("ablation_results.csv") && released != null) {
            losses(what, released, false);
        } else if (scenario.matches() && released != null) {
            HeadId head = new HeadId(Integer.parseInt(scenario.group(1)), Integer.parseInt(scenario.group(2)));
            predictions(what, released.predictions(head));
        } else {
            section.notChecked(what, "needs released arrays and batch_size of ablation/setup.json");
        }
    }

    private void predictions(String file, float[][] ours) {
        List<Double> recorded = new ArrayList<>();
        CsvTable.read(section.file(file), row -> COLUMNS.forEach(column -> recorded.add(row.number(column))));
        section.compareValues(
                file,
                recorded.stream().mapToDouble(Double::doubleValue).toArray(),
                Section.widen(AblationChecks.flat(ours)),
                prediction);
    }

    private void losses(String file, HeadAblation ours, boolean whole) {
        List<Double> recorded = new ArrayList<>();
        List<Double> computed = new ArrayList<>();
        CsvTable.read(section.file(file), row -> {
            recorded.add(row.number("loss"));
            computed.add(
                    whole
                            ? ours.baselineLoss()
                            : ours.ablatedLoss(new HeadId((int) row.number("layer"), (int) row.number("head"))));
        });
        int rows = whole ? 1 : vit.numLayers() * vit.numHeads();
        if (recorded.size() != rows) {
            section.failed(file, "must have " + rows + " rows, found " + recorded.size());
            return;
        }
        section.compareValues(
                file,
                recorded.stream().mapToDouble(Double::doubleValue).toArray(),
                computed.stream().mapToDouble(Double::doubleValue).toArray(),
                LOSS);
    }

    private List<String> files() {
        Path folder = section.file(RELEASED_CSV);
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }

    /** The model without ablation, against these labels. */
    private HeadAblation alone(float[][] against) {
        return new HeadAblation("baseline", 0, 0, against, baseline, new float[0][], 0);
    }

    private float[][] rawLabels() {
        return AblationChecks.rows(section.input("labels_raw").floats());
    }
}
