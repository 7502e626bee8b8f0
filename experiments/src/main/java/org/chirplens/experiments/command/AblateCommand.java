package org.chirplens.experiments.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.chirplens.analysis.HeadStatistics;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.run.AblateStage;
import org.chirplens.experiments.run.AblationFiles;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.file.WholeDirectory;

/** Ablates every head of a model, one at a time, by one protocol or several. */
final class AblateCommand {
    private AblateCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "ablate",
                "Ablate every head, one at a time, and show how much the loss grows without it",
                "Several protocols are shown one below the other, with the rank correlations of their results and of"
                        + " each with the order of the sweep, and the heads whose verdict depends on the protocol; released also against raw labels, as the published example"
                        + " evaluates it. Loss increases have a 95 % confidence interval (BCa bootstrap over images) and"
                        + " a p-value adjusted over all heads (sign flips, Holm). With --out, OUT/ablation has"
                        + " PROTOCOL.csv, a row per head; PROTOCOL_effects.csv and PROTOCOL_layers.csv, the effects of"
                        + " heads and layers on every target with their statistics; and PROTOCOL_predictions.csv, a row"
                        + " per head and image; agreement.csv and verdicts.csv compare protocols. OUT/figures has the heat maps. A command that was stopped goes on where"
                        + " it was when given again.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        CommandSpec.value("out", "DIR", "where to; default: print the tables only"),
                        CommandSpec.repeatable(
                                "protocol",
                                "NAME",
                                "one of " + String.join(", ", Protocol.keys()) + "; repeatable; default "
                                        + Protocol.HEAD_MASK.key()),
                        CommandSpec.flag(
                                "without-adapters",
                                "leave the LoRA adapters out; 'compare' shows what they change in the heads"),
                        SharedOptions.limit(),
                        SharedOptions.batch(),
                        CommandSpec.value(
                                "released-batch",
                                "N",
                                "images of a batch of the protocol released, whose numbers depend on it; default "
                                        + SweepSettings.RELEASED_BATCH + ", the published example's"),
                        CommandSpec.value(
                                "seed",
                                "S",
                                "seed of the protocols resample, noise and other_head; default " + SweepSettings.SEED)),
                List.of(
                        "./chirplens ablate --model runs/quick --data data/chirps --limit 32 --out ablated",
                        "./chirplens ablate --model runs/quick --protocol released --protocol head_mask"),
                AblateCommand::run);
    }

    private static int run(Invocation invocation) throws IOException {
        Set<Protocol> protocols = protocols(invocation);
        int releasedBatch = invocation.integer("released-batch", 1, SweepSettings.RELEASED_BATCH);
        long seed = invocation.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, SweepSettings.SEED);
        Optional<RunFiles> out = invocation.path("out").map(RunFiles::new);
        if (out.isPresent()
                && AblationFiles.areComplete(out.get().ablation(), protocols)
                && protocols.stream().allMatch(protocol -> RunFigures.areDrawn(protocol, out.get()))) {
            throw new IllegalArgumentException(out.get().ablation() + ": holds the results of an ablation by "
                    + String.join(", ", protocols.stream().map(Protocol::key).toList())
                    + "; remove it, or choose another directory with --out");
        }
        RunData.Source source = SharedOptions.images(invocation);
        Path directory = out.isPresent() ? out.get().ablation() : Files.createTempDirectory("chirplens-ablate");
        List<HeadStatistics> all = new ArrayList<>();
        try (OpenModel model = OpenModel.open(
                        invocation.requiredPath("model"), !invocation.has("without-adapters"), invocation.session(0))
                .requirePredictions()) {
            AblateStage stage = new AblateStage(
                    model,
                    model.select(
                            source,
                            SharedOptions.recipe(invocation, model),
                            SharedOptions.limit(invocation),
                            invocation.readers(0)),
                    source.identity(),
                    directory,
                    invocation.console());
            SweepSettings settings = AblateStage.settings(model, SharedOptions.batch(invocation), releasedBatch, seed);
            if (out.isPresent()) {
                Map<Protocol, List<HeadStatistics>> done = stage.resumeOrSweep(List.copyOf(protocols), settings);
                for (Protocol protocol : protocols) {
                    List<HeadStatistics> readings = Objects.requireNonNull(done.get(protocol));
                    all.addAll(readings);
                    RunFigures.save(
                            RunFigures.ablation(readings.get(0).ablation(), model.scaling()),
                            out.get().figures());
                }
                AblateStage.saveAgreement(directory, all);
            } else {
                stage.sweep(List.copyOf(protocols), settings)
                        .forEach((protocol, ablation) -> all.addAll(stage.statistics(protocol, ablation)));
            }
        } finally {
            if (out.isEmpty()) {
                WholeDirectory.delete(directory);
            }
        }
        if (invocation.console().json()) {
            invocation.console().result(AblationText.json(all));
        } else {
            invocation.console().result(AblationText.of(all));
        }
        return ExitCode.DONE;
    }

    private static Set<Protocol> protocols(Invocation invocation) {
        Set<Protocol> protocols = new LinkedHashSet<>();
        for (String name : invocation.texts("protocol")) {
            protocols.add(SharedOptions.named(() -> Protocol.of(name)));
        }
        return protocols.isEmpty() ? Set.of(Protocol.HEAD_MASK) : protocols;
    }
}
