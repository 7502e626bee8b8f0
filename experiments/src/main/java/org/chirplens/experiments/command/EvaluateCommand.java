package org.chirplens.experiments.command;

import java.util.List;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.run.EvaluateStage;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.PredictionFiles;
import org.chirplens.experiments.run.RunData;
import org.chirplens.training.RegressionMetrics;

/** Measures a model on a data set. */
final class EvaluateCommand {
    private EvaluateCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "evaluate",
                "Measure a model on a data set: Pearson r, MAE and RMSE of each target",
                "Images are preprocessed as the model was trained, unless told otherwise.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        SharedOptions.limit(),
                        SharedOptions.batch()),
                List.of("./chirplens evaluate --model runs/quick --data data/chirps --json"),
                EvaluateCommand::run);
    }

    private static int run(Invocation invocation) {
        RunData.Source images = SharedOptions.images(invocation);
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                        .requirePredictions();
                ProgressLine line = invocation.console().progress("predicting", "images")) {
            Selection selection = model.select(
                    images,
                    SharedOptions.recipe(invocation, model),
                    SharedOptions.limit(invocation),
                    invocation.readers(0));
            RegressionMetrics metrics = EvaluateStage.predict(model, selection, SharedOptions.batch(invocation), line)
                    .metrics(model.scaling());
            if (invocation.console().json()) {
                invocation.console().result(PredictionFiles.json(model.scaling().targets(), metrics));
            } else {
                invocation.console().result(MetricsText.of(model.scaling().targets(), metrics));
            }
            return ExitCode.DONE;
        }
    }
}
