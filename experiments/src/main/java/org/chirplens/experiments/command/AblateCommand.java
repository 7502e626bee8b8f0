package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.dataset.ChirpDirectory;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.AblateStage;
import org.chirplens.experiments.run.AblationFiles;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.model.HeadId;

/** Ablates every head of a model, one at a time. */
final class AblateCommand {
    private static final List<String> PROTOCOLS = List.of(AblationSweep.PROTOCOL);

    private AblateCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "ablate",
                "Ablate every head, one at a time, and show how much the loss grows without it",
                "With --out, OUT/ablation has PROTOCOL.csv, a row per head (confidence interval and p-values are not"
                        + " computed yet and stay empty), and PROTOCOL_predictions.csv, a row per head and image; OUT/figures"
                        + " has the heat map. A command that was stopped goes on where it was when given again.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        CommandSpec.value("out", "DIR", "where to; default: print the table only"),
                        CommandSpec.value("protocol", "NAME", "one of " + PROTOCOLS + "; repeatable"),
                        SharedOptions.limit(),
                        SharedOptions.batch()),
                List.of("./chirplens ablate --model runs/quick --data data/chirps --limit 32 --out ablated"),
                AblateCommand::run);
    }

    private static int run(Invocation invocation) throws IOException {
        for (String protocol : invocation.texts("protocol")) {
            if (!PROTOCOLS.contains(protocol)) {
                throw new UsageException("--protocol must be one of " + PROTOCOLS + ", found '" + protocol + "'");
            }
        }
        Optional<RunFiles> out = invocation.path("out").map(RunFiles::new);
        if (out.isPresent() && AblationFiles.exist(out.get().ablation(), AblationSweep.PROTOCOL)) {
            throw new IllegalArgumentException(out.get().ablation()
                    + ": holds the results of an ablation; remove it, or choose another directory with --out");
        }
        Path data = invocation.requiredPath("data");
        ChirpDirectory images = RunData.openDirectory(data);
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                .requirePredictions()) {
            Selection selection = model.select(images, SharedOptions.limit(invocation), invocation.readers(0));
            Path directory = out.isPresent() ? out.get().ablation() : Files.createTempDirectory("chirplens-ablate");
            HeadAblation ablation = AblateStage.sweep(
                    model,
                    selection,
                    SharedOptions.batch(invocation),
                    directory,
                    RunData.identity(data, images),
                    invocation.console());
            if (out.isPresent()) {
                AblateStage.save(directory, ablation, selection, model);
                RunFigures.save(
                        RunFigures.ablation(ablation, model.scaling()),
                        out.get().figures());
            } else {
                Files.deleteIfExists(AblationFiles.journal(directory, ablation.protocol()));
                Files.deleteIfExists(directory);
            }
            print(ablation, invocation.console());
        }
        return ExitCode.DONE;
    }

    private static void print(HeadAblation ablation, Console console) {
        List<HeadId> heads = ablation.heads().stream()
                .sorted(Comparator.comparingDouble((HeadId id) -> -ablation.lossIncreasePercent(id)))
                .toList();
        if (console.json()) {
            console.result(json(ablation, ablation.heads()));
            return;
        }
        TextTable table = new TextTable("head", "loss", "increase");
        heads.forEach(id -> table.row(
                id.title(),
                String.format(Locale.ROOT, "%.5f", ablation.ablatedLoss(id)),
                String.format(Locale.ROOT, "%+.2f %%", ablation.lossIncreasePercent(id))));
        console.result(String.format(
                Locale.ROOT,
                "%s, %,d images, loss without ablation %.5f%n%s",
                ablation.protocol(),
                ablation.labels().length,
                ablation.baselineLoss(),
                table));
    }

    private static ObjectNode json(HeadAblation ablation, List<HeadId> heads) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("protocol", ablation.protocol());
        tree.put("images", ablation.labels().length);
        tree.put("baseline_loss", ablation.baselineLoss());
        ArrayNode list = tree.putArray("heads");
        heads.forEach(id -> list.addObject()
                .put("layer", id.layer())
                .put("head", id.head())
                .put("loss", ablation.ablatedLoss(id))
                .put("loss_increase_percent", ablation.lossIncreasePercent(id)));
        return tree;
    }
}
