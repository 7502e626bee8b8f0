package org.chirplens.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.chirplens.dataset.Target;
import org.chirplens.report.SweepCurves.Measure;
import org.chirplens.training.RegressionMetrics;

/** The figures of a sweep, from the trials that are done. */
public final class SweepFigures {
    private final SweepData data;
    private final SweepAxis axis;

    private SweepFigures(SweepData data, SweepAxis axis) {
        this.data = data;
        this.axis = axis;
    }

    /**
     * Draws all figures, by topic and by the name of their files.
     *
     * @return empty when no trial is done or no axis is of numbers
     */
    public static Map<String, Map<String, Figure>> draw(SweepData sweep) {
        SweepData done = sweep.done();
        Map<String, Map<String, Figure>> topics = new LinkedHashMap<>();
        SweepAxis.of(done).ifPresent(axis -> {
            SweepFigures figures = new SweepFigures(done, axis);
            topics.put("Accuracy", figures.accuracy());
            topics.put("Cost", done.haveTrained() ? figures.cost() : Map.of());
            topics.put("Which heads matter", figures.heads());
        });
        topics.values().removeIf(Map::isEmpty);
        return topics;
    }

    private Map<String, Figure> accuracy() {
        if (data.trials().stream().allMatch(trial -> trial.metrics() == null)) {
            return Map.of();
        }
        List<Measure> correlations = new ArrayList<>();
        List<Measure> errors = new ArrayList<>();
        correlations.add(new Measure("loss on test images", "standardised MSE", mse(data)));
        for (int t = 0; t < data.targets().size(); t++) {
            int index = t;
            Target target = data.targets().get(t);
            correlations.add(new Measure(target.title(), "Pearson’s r", each(data, of -> of.targets()
                    .get(index)
                    .pearsonR())));
            String unit = target.unit().isEmpty() ? "" : " (" + target.unit() + ")";
            errors.add(new Measure(target.title(), "mean absolute error" + unit, each(data, of -> of.targets()
                    .get(index)
                    .mae())));
        }
        String reading = ": a blue point for each trial; orange, the mean over the trials of one " + axis.title()
                + " with one standard deviation (divisor n − 1) to both sides.";
        Map<String, Figure> figures = new LinkedHashMap<>();
        figures.put(
                "accuracy",
                SweepCurves.draw(
                        "Accuracy by " + axis.title(),
                        "Loss and correlation of prediction and truth on the test images" + reading,
                        axis,
                        correlations));
        figures.put(
                "errors",
                SweepCurves.draw(
                        "Errors by " + axis.title(),
                        "Mean absolute error on the test images, in the unit of each target" + reading,
                        axis,
                        errors));
        return figures;
    }

    private Map<String, Figure> cost() {
        double[] parameters = data.trials().stream()
                .mapToDouble(SweepTrial::trainableParameters)
                .toArray();
        double[] seconds =
                data.trials().stream().mapToDouble(SweepTrial::trainingSeconds).toArray();
        double[] best =
                data.trials().stream().mapToDouble(SweepTrial::bestEpoch).toArray();
        return Map.of(
                "cost",
                SweepCurves.draw(
                        "Cost by " + axis.title(),
                        "Numbers that training moves, wall time of training, and the epoch whose model was kept: a blue"
                                + " point for each trial; orange, mean and standard deviation. Trials that ran at the same"
                                + " time slowed each other down.",
                        axis,
                        List.of(
                                new Measure("trainable parameters", "parameters", parameters),
                                new Measure("training time", "seconds", seconds),
                                new Measure("best epoch", "epoch", best))));
    }

    private Map<String, Figure> heads() {
        Map<String, Figure> figures = new LinkedHashMap<>();
        for (SweepHeads heads : SweepHeads.of(data, axis)) {
            String protocol = heads.protocol();
            figures.put("heads_" + protocol, SweepHeatMaps.draw(heads.axis(), heads.heads()));
            figures.put("head_agreement_" + protocol, SweepCorrelations.draw(heads.axis(), heads.agreement()));
        }
        return figures;
    }

    static double[] mse(SweepData data) {
        return each(data, RegressionMetrics::mse);
    }

    static double[] each(SweepData data, ToDoubleFunction<RegressionMetrics> value) {
        return IntStream.range(0, data.trials().size())
                .mapToDouble(i -> {
                    RegressionMetrics metrics = data.trials().get(i).metrics();
                    return metrics == null ? Double.NaN : value.applyAsDouble(metrics);
                })
                .toArray();
    }
}
