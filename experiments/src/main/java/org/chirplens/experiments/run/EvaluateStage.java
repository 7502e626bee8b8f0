package org.chirplens.experiments.run;

import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.training.Evaluation;
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
            PredictionFiles.write(files.predictions(), predictions, test.images()::name, model.scaling());
            WholeFile.writeJson(
                    files.metrics(),
                    PredictionFiles.json(model.scaling().targets(), predictions.metrics(model.scaling())));
        }
    }

    /** Predicts images batch by batch. */
    public static Predictions predict(OpenModel model, Selection images, int batchSize, ProgressLine line) {
        return Evaluation.run(
                model.inference(),
                images.images(),
                images.indices(),
                images.recipe(),
                images.scaling(),
                model.batch(batchSize),
                images.threads(),
                done -> line.update(done, images.size()));
    }
}
