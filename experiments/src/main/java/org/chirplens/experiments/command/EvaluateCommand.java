package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.run.EvaluateStage;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.OutputCheck;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.training.Predictions;

/** Measures a model on a data set. */
final class EvaluateCommand {
    private EvaluateCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "evaluate",
                "Measure a model on a data set: Pearson r, R², MAE and RMSE of each target",
                "Each number has a 95 % confidence interval over the images, by bootstrap. Images are preprocessed as"
                        + " the model was trained, unless told otherwise.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        SharedOptions.limit(),
                        SharedOptions.batch(),
                        CommandSpec.value(
                                "out",
                                "DIR",
                                "also write metrics.json, predictions.csv and, for chirps, the errors by noise and chirp"
                                        + " as a figure and a table")),
                List.of("./chirplens evaluate --model runs/quick --data data/chirps --json"),
                EvaluateCommand::run);
    }

    private static int run(Invocation invocation) {
        invocation.path("out").map(RunFiles::new).ifPresent(out -> OutputCheck.isFree(out.metrics()));
        invocation.path("out").ifPresent(OutputCheck::isWritable);
        RunData.Source images = SharedOptions.images(invocation);
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                        .requirePredictions();
                ProgressLine line = invocation.console().progress("predicting", "images")) {
            Selection selection = model.select(
                    images,
                    SharedOptions.recipe(invocation, model),
                    SharedOptions.limit(invocation),
                    invocation.readers(0));
            Predictions predictions = EvaluateStage.predict(model, selection, SharedOptions.batch(invocation), line);
            ObjectNode metrics = EvaluateStage.json(predictions, model.scaling());
            invocation
                    .path("out")
                    .ifPresent(out -> EvaluateStage.writeAll(
                            new RunFiles(out), predictions, metrics, selection.images(), model.scaling()));
            if (invocation.console().json()) {
                invocation.console().result(metrics);
            } else {
                invocation.console().result(MetricsText.of(model.scaling().targets(), metrics));
            }
            return ExitCode.DONE;
        }
    }
}
