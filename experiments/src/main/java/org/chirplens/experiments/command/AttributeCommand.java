package org.chirplens.experiments.command;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.chirplens.analysis.Attribution;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.AblateStage;
import org.chirplens.experiments.run.AttributeStage;
import org.chirplens.experiments.run.AttributionPictures;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.model.SessionOptions;

/** Finds out what the ablation of single heads hides. */
final class AttributeCommand {
    private AttributeCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "attribute",
                "Attribute predictions to heads beyond ablating one at a time",
                "screening: all heads from one forward and one backward pass, beside the exact numbers. direct: each"
                        + " head's own path to the prediction, with later layers held, and how much of it they make up for."
                        + " lens: the prediction read from the residual stream after each layer. pairs: all pairs of the"
                        + " --heads most important heads. cumulative: more and more heads ablated together, by"
                        + " importance and in random orders. patching: contexts exchanged between drawn images that differ"
                        + " in one factor. Each writes OUT/attribution/NAME.csv and its figures; heads are first ablated one at a time,"
                        + " into OUT/ablation. A command that was stopped goes on where it was when given again.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.repeatable(
                                "analysis",
                                "NAME",
                                "one of " + String.join(", ", Attribution.keys())
                                        + "; repeatable; default all, of models of other targets without patching"),
                        CommandSpec.value(
                                "protocol",
                                "NAME",
                                "what stands in a head's place, as for ablate, but not resample, zero_qkv_base, row_only or released;"
                                        + " default " + AttributeStage.PROTOCOL.key()),
                        SharedOptions.limit(),
                        SharedOptions.batch(),
                        CommandSpec.value(
                                "heads", "N", "pairs: of how many heads; default " + AttributeStage.PAIR_HEADS),
                        CommandSpec.value(
                                "factors",
                                "A,B,…",
                                "patching: what tells the images apart, as for generate --pairs; default "
                                        + String.join(
                                                ",",
                                                AttributeStage.FACTORS.stream()
                                                        .map(Factor::key)
                                                        .toList())
                                        + ", as far as the images' figures have it"),
                        CommandSpec.value(
                                "pairs",
                                "N",
                                "patching: pairs of images for each factor; default " + AttributeStage.PAIRS),
                        CommandSpec.value("seed", "S", "of all that is drawn; default " + SweepSettings.SEED)),
                List.of("./chirplens attribute --model savedmodels/chirp-vit --data data/chirps --limit 64 --out out"),
                AttributeCommand::run);
    }

    private static int run(Invocation invocation) {
        Protocol protocol = protocol(invocation);
        Set<Attribution> analyses = analyses(invocation);
        long seed = invocation.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, SweepSettings.SEED);
        List<Factor> factors = factors(invocation);
        int heads = invocation.integer("heads", 2, AttributeStage.PAIR_HEADS);
        int pairs = invocation.integer("pairs", 2, AttributeStage.PAIRS);
        RunFiles files = new RunFiles(invocation.requiredPath("out"));
        RunData.Source source = SharedOptions.images(invocation);
        SessionOptions session = invocation.session(0);
        try (OpenModel model =
                OpenModel.open(invocation.requiredPath("model"), session).requirePredictions()) {
            if (analyses.contains(Attribution.PATCHING)) {
                if (!invocation.texts("analysis").isEmpty()) {
                    AttributeStage.requirePatchable(model);
                } else if (!AttributeStage.isPatchable(model)) {
                    analyses.remove(Attribution.PATCHING);
                    invocation.console().info("patching is left out: it draws chirps");
                }
            }
            Selection images = model.select(
                    source,
                    SharedOptions.recipe(invocation, model),
                    SharedOptions.limit(invocation),
                    invocation.readers(0));
            SweepSettings settings =
                    AblateStage.settings(model, SharedOptions.batch(invocation), SweepSettings.RELEASED_BATCH, seed);
            AttributeStage stage = AttributeStage.begin(
                    model,
                    images,
                    source.identity(),
                    files,
                    files.ablation(),
                    new AttributeStage.Options(
                            protocol,
                            settings,
                            heads,
                            AttributeStage.RANDOM_ORDERS,
                            AttributeStage.factors(images, factors),
                            pairs),
                    invocation.console());
            analyses.forEach(stage::run);
            RunFigures.save(AttributionPictures.of(files, model.scaling().targets()), files.figures());
        }
        invocation.console().result(files.attribution());
        return ExitCode.DONE;
    }

    private static Protocol protocol(Invocation invocation) {
        Protocol protocol = invocation
                .text("protocol")
                .map(name -> SharedOptions.named(() -> Protocol.of(name)))
                .orElse(AttributeStage.PROTOCOL);
        if (!protocol.replacesContextsOfOneImage()) {
            throw new UsageException("--protocol must be one that needs no other image and zeroes no rows, found '"
                    + protocol.key() + "'");
        }
        return protocol;
    }

    private static Set<Attribution> analyses(Invocation invocation) {
        Set<Attribution> analyses = new LinkedHashSet<>();
        invocation.texts("analysis").forEach(name -> analyses.add(SharedOptions.named(() -> Attribution.of(name))));
        return analyses.isEmpty() ? new LinkedHashSet<>(List.of(Attribution.values())) : analyses;
    }

    private static List<Factor> factors(Invocation invocation) {
        List<Factor> factors = new ArrayList<>();
        invocation.text("factors").ifPresent(names -> {
            for (String name : names.split(",", -1)) {
                factors.add(SharedOptions.named(() -> Factor.of(name)));
            }
        });
        return factors;
    }
}
