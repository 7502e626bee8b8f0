package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.analysis.MapReading;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.run.AttentionStage;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.OutputCheck;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;

/** Writes the attention maps of every head. */
final class AttentionCommand {
    private AttentionCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "attention",
                "Write the attention map of every layer and head, for each image",
                "OUT/attention has the maps as .npy [layers, heads, P, P] beside each image, those of other readings than"
                        + " patch_queries in a folder of their name; a rollout has one map a layer. OUT/figures has a grid of"
                        + " all heads over the image for the first few images and the first reading. Rows and columns of"
                        + " patches count from 0.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.repeatable(
                                "reading",
                                "NAME",
                                "repeatable: " + MapReading.names() + "; default " + MapReading.PATCH_QUERIES.key()),
                        SharedOptions.limit(),
                        SharedOptions.batch()),
                List.of("./chirplens attention --model runs/quick --data data/chirps --limit 4 --out maps"),
                AttentionCommand::run);
    }

    private static int run(Invocation invocation) {
        Path out = invocation.requiredPath("out");
        RunFiles files = new RunFiles(out);
        OutputCheck.isFree(files.attention());
        List<MapReading> readings = readings(invocation);
        RunData.Source images = SharedOptions.images(invocation);
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))) {
            Selection selection = model.select(
                    images,
                    SharedOptions.recipe(invocation, model),
                    SharedOptions.limit(invocation),
                    invocation.readers(0));
            readings.forEach(
                    reading -> reading.requireFits(model.inference().config().vit()));
            AttentionStage.extract(
                    model, selection, readings, SharedOptions.batch(invocation), files, invocation.console());
        }
        RunFigures.save(RunFigures.attention(files, readings.get(0)), files.figures());
        invocation.console().result(files.attention());
        return ExitCode.DONE;
    }

    private static List<MapReading> readings(Invocation invocation) {
        List<MapReading> readings = invocation.texts("reading").stream()
                .distinct()
                .map(name -> SharedOptions.named(() -> MapReading.of(name)))
                .toList();
        return readings.isEmpty() ? List.of(MapReading.PATCH_QUERIES) : readings;
    }
}
