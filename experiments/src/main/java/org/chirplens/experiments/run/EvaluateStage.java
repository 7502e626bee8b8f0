package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.report.ConditionErrors;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.training.Evaluation;
import org.chirplens.training.MetricIntervals;
import org.chirplens.training.Predictions;

/** Predicts the test images with the best model. */
public final class EvaluateStage {
    private EvaluateStage() {}

    static void run(RunContext context) {
        RunFiles files = context.files();
        Selection test = context.data().test(0, context.readers());
        try (OpenModel model = OpenModel.open(files.model(), context.session());
                ProgressLine line = context.console().progress("predicting", "images")) {
            Predictions predictions =
                    predict(model, test, context.config().analysis().batchSize(), line);
            write(files, predictions, json(predictions, model.scaling()), test.images(), model.scaling());
        }
    }

    private static void write(
            RunFiles files, Predictions predictions, ObjectNode metrics, ImageSet images, TargetScaling scaling) {
        PredictionFiles.write(files.predictions(), predictions, images, scaling);
        JsonFiles.write(files.metrics(), metrics);
    }

    /**
     * Writes predictions, metrics, and the errors by condition as figure and table.
     *
     * @param metrics of the predictions, see {@link #json}
     */
    public static void writeAll(
            RunFiles files, Predictions predictions, ObjectNode metrics, ImageSet images, TargetScaling scaling) {
        write(files, predictions, metrics, images, scaling);
        List<ConditionErrors> conditions = ConditionFiles.read(files.predictions(), scaling);
        RunFigures.save(ConditionFiles.figure(conditions, predictions, scaling), files.figures());
        ConditionFiles.write(files.figures(), conditions, scaling.targets());
    }

    /** The metrics of predictions with their intervals. */
    public static ObjectNode json(Predictions predictions, TargetScaling scaling) {
        return MetricsJson.of(
                scaling.targets(),
                predictions.metrics(scaling),
                MetricIntervals.of(predictions, scaling, Bootstrap.STANDARD));
    }

    /** Predicts images batch by batch. */
    public static Predictions predict(OpenModel model, Selection images, int batchSize, ProgressLine line) {
        return Halving.until(
                model.batch(batchSize),
                1,
                "images",
                line,
                size -> Evaluation.run(
                        model.inference(),
                        images.images(),
                        images.indices(),
                        images.recipe(),
                        images.scaling(),
                        size,
                        images.threads(),
                        done -> line.update(done, images.size())));
    }
}
