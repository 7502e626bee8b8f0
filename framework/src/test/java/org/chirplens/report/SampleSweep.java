package org.chirplens.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.chirplens.dataset.Target;
import org.chirplens.training.RegressionMetrics;

/** Sweeps with made-up results: accuracy rises with the rank, and a rank's seeds agree on heads more than ranks do. */
final class SampleSweep {
    private SampleSweep() {}

    /** A sweep of ranks and seeds. */
    static SweepData of(double[] ranks, int seeds, int layers, int heads) {
        List<SweepTrial> trials = new ArrayList<>();
        Random random = new Random(3);
        for (double rank : ranks) {
            double[] shared = importance(random, layers * heads);
            for (int seed = 1; seed <= seeds; seed++) {
                String text = rank == Math.rint(rank) ? String.valueOf((long) rank) : String.valueOf(rank);
                trials.add(trial(
                        List.of(text, String.valueOf(seed)),
                        SweepTrial.DONE,
                        0.2 + 0.5 / rank + 0.02 * random.nextGaussian(),
                        (long) (1000 + 384 * rank),
                        List.of(new SweepTrial.Heads("head_mask", layers, heads, near(shared, random)))));
            }
        }
        return data("rank-sweep", trials);
    }

    static SweepData data(String name, List<SweepTrial> trials) {
        return new SweepData(
                name,
                "./chirplens sweep configs/" + name + ".yaml",
                "{\"name\": \"" + name + "\"}",
                List.of(new ReportData.Fact("axes", "model.lora.rank, seed")),
                Target.RELEASED,
                List.of("model.lora.rank", "seed"),
                trials);
    }

    /** A trial whose errors are all of one size, on standardised labels. */
    static SweepTrial trial(
            List<String> values, String status, double error, long parameters, List<SweepTrial.Heads> heads) {
        boolean done = status.equals(SweepTrial.DONE);
        return new SweepTrial(
                "rank-" + values.get(0) + "_seed-" + values.get(1),
                values,
                status,
                status.equals(SweepTrial.FAILED) ? "the loss became NaN" : "",
                parameters,
                done ? 8 : 0,
                done ? 6 : 0,
                Double.NaN,
                done ? 100 + parameters / 100.0 : 0,
                done ? 120 + parameters / 100.0 : 0,
                done ? metrics(error) : null,
                heads,
                done ? "trials/rank-" + values.get(0) + "_seed-" + values.get(1) + "/report.html" : null);
    }

    /** The same trial with a loss on validation images. */
    static SweepTrial validated(SweepTrial trial, double loss) {
        return new SweepTrial(
                trial.name(),
                trial.values(),
                trial.status(),
                trial.error(),
                trial.trainableParameters(),
                trial.epochs(),
                trial.bestEpoch(),
                loss,
                trial.trainingSeconds(),
                trial.totalSeconds(),
                trial.metrics(),
                trial.heads(),
                trial.link());
    }

    private static RegressionMetrics metrics(double error) {
        float[][] labels = new float[40][3];
        float[][] predictions = new float[40][3];
        for (int i = 0; i < 40; i++) {
            Arrays.fill(labels[i], i / 20f - 1);
            Arrays.fill(predictions[i], labels[i][0] + (float) (i % 2 == 0 ? error : -error));
        }
        return RegressionMetrics.of(predictions, labels, SampleResults.SCALING);
    }

    private static double[] importance(Random random, int n) {
        return random.doubles(n).map(x -> 200 * Math.pow(x, 8) - 1).toArray();
    }

    private static double[] near(double[] values, Random random) {
        double[] near = values.clone();
        for (int i = 0; i < near.length; i++) {
            near[i] += 0.5 * random.nextGaussian();
        }
        return near;
    }

    /** How to draw every figure of a sweep, at small and large sizes. */
    static Map<String, Supplier<Figure>> figures() {
        Map<String, SweepData> sweeps = new LinkedHashMap<>();
        sweeps.put("6 ranks of 3", of(new double[] {1, 2, 4, 8, 16, 32}, 3, 12, 12));
        sweeps.put("2 ranks of 1", of(new double[] {1, 2}, 1, 1, 2));
        sweeps.put("8 ranks of 5", of(new double[] {1, 2, 3, 5, 8, 12, 20, 96}, 5, 24, 16));
        sweeps.put("1 rank of 2", of(new double[] {8}, 2, 4, 4));
        sweeps.put("small numbers", of(new double[] {0.0625, 0.125, 0.25}, 2, 2, 3));
        Map<String, Supplier<Figure>> figures = new LinkedHashMap<>();
        sweeps.forEach((name, sweep) -> SweepFigures.draw(sweep)
                .values()
                .forEach(topic -> topic.forEach((file, figure) -> figures.put(name + " " + file, () -> figure))));
        return figures;
    }
}
