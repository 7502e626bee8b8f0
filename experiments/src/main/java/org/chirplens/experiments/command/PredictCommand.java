package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.dataset.UnlabelledImages;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.model.InferenceModel;

/** Predicts a model's targets for image files, as many as there are: a few batches at a time are in memory. */
final class PredictCommand {
    private PredictCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "predict",
                "Predict the targets of a model, such as start time and frequencies, for image files",
                "IMAGE is a file or a folder. A folder stands for the images in it, told by their names' endings, in the"
                        + " order of the numbers in their names; folders in it are not entered. PNG, JPEG, BMP, GIF,"
                        + " TIFF and WBMP files are read, of any size; transparency is dropped, and labels are not"
                        + " looked at. A file that is no image is refused before anything is predicted. Values are in"
                        + " the targets' units: a table, with a sentence for a single image, or --csv or --json.",
                "IMAGE…",
                1,
                Integer.MAX_VALUE,
                List.of(
                        SharedOptions.model(),
                        SharedOptions.preprocessing(),
                        SharedOptions.batch(),
                        CommandSpec.flag("csv", "print the result as CSV, with the targets' names as column titles")),
                List.of(
                        "./chirplens predict --model runs/quick data/chirps/spectrogram_1.png",
                        "./chirplens predict --model runs/quick --csv data/chirps > predictions.csv"),
                PredictCommand::run);
    }

    private static int run(Invocation invocation) {
        if (invocation.has("csv") && invocation.console().json()) {
            throw new UsageException("--csv must not stand beside --json; leave one out");
        }
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                .requirePredictions()) {
            Preprocessing recipe = SharedOptions.recipe(invocation, model);
            UnlabelledImages images = UnlabelledImages.of(
                    invocation.arguments().stream().map(Path::of).toList());
            PredictionPrinter printer = PredictionPrinter.of(
                    invocation.console(), invocation.has("csv"), model.scaling().targets(), images);
            int[] all = IntStream.range(0, images.size()).toArray();
            try (BatchReader batches = new BatchReader(
                            images,
                            all,
                            model.batch(SharedOptions.batch(invocation)),
                            recipe,
                            model.inference().config().vit().imageSize(),
                            invocation.readers(0));
                    ProgressLine line = invocation.console().progress("predicting", "images")) {
                predict(model, images, batches, printer, line);
            }
            printer.end();
        }
        return ExitCode.DONE;
    }

    private static void predict(
            OpenModel model,
            UnlabelledImages images,
            BatchReader batches,
            PredictionPrinter printer,
            ProgressLine line) {
        TargetScaling scaling = model.scaling();
        AtomicInteger done = new AtomicInteger();
        InferenceModel inference = model.inference();
        inference.inOrder(batches, batch -> inference.predict(batch.pixels(), batch.size()), (batch, standardised) -> {
            line.clear();
            for (int i = 0; i < batch.size(); i++) {
                float[] row = standardised[i];
                printer.add(
                        images.name(batch.indices()[i]),
                        IntStream.range(0, row.length)
                                .mapToDouble(t -> scaling.toPhysical(t, row[t]))
                                .toArray());
            }
            done.addAndGet(batch.size());
            if (images.size() > 1) {
                line.update(done.get(), images.size());
            }
        });
    }
}
