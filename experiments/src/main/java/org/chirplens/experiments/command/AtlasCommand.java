package org.chirplens.experiments.command;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.analysis.AtlasEntry;
import org.chirplens.analysis.AtlasLabel;
import org.chirplens.analysis.AtlasPass;
import org.chirplens.analysis.AtlasSettings;
import org.chirplens.analysis.AttentionReading;
import org.chirplens.analysis.HeadAtlas;
import org.chirplens.analysis.Specialisation;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.AtlasFiles;
import org.chirplens.experiments.run.AtlasStage;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.OutputCheck;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.model.SessionOptions;

/** Says what each head looks at. */
final class AtlasCommand {
    private AtlasCommand() {}

    static CommandSpec spec() {
        return CommandSpec.withoutArguments(
                "atlas",
                "Say which part of the figure each head looks at, with what certainty",
                "A head is named after a region (chirp, title, axis labels, tick labels, frame, colour bar, background,"
                        + " margin), the CLS token or itself, when the interval of its share of attention is clear of shuffled"
                        + " positions, of other images' chirps, and of an untrained model's heads. Each label is"
                        + " then put to the test: the region is taken away from drawn images. OUT/atlas has the tables, OUT/figures maps of the heads.",
                List.of(
                        SharedOptions.model(),
                        SharedOptions.data(),
                        SharedOptions.preprocessing(),
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.value(
                                "reading",
                                "NAME",
                                "whose attention: one of " + String.join(", ", AttentionReading.keys()) + "; default "
                                        + AttentionReading.PATCH_QUERIES.key()),
                        SharedOptions.limit(),
                        SharedOptions.batch(),
                        CommandSpec.value("seed", "S", "of all that is drawn; default " + SweepSettings.SEED)),
                List.of("./chirplens atlas --model savedmodels/chirp-vit --data data/chirps --limit 160 --out out"),
                AtlasCommand::run);
    }

    private static int run(Invocation invocation) {
        AttentionReading reading = invocation
                .text("reading")
                .map(name -> SharedOptions.named(() -> AttentionReading.of(name)))
                .orElse(AttentionReading.PATCH_QUERIES);
        long seed = invocation.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, SweepSettings.SEED);
        RunFiles files = new RunFiles(invocation.requiredPath("out"));
        OutputCheck.isFree(files.atlas());
        OutputCheck.isWritable(files.directory());
        RunData.Source source = SharedOptions.images(invocation);
        SessionOptions session = invocation.session(0);
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), session)) {
            AtlasPass.Outcome outcome = new AtlasStage(
                            model,
                            model.select(
                                    source,
                                    SharedOptions.recipe(invocation, model),
                                    SharedOptions.limit(invocation),
                                    invocation.readers(0)),
                            AtlasSettings.standard(reading, seed),
                            SharedOptions.batch(invocation),
                            session,
                            invocation.console())
                    .write(files);
            RunFigures.save(RunFigures.atlas(files), files.figures());
            print(invocation.console(), outcome, files);
        }
        return ExitCode.DONE;
    }

    private static void print(Console console, AtlasPass.Outcome outcome, RunFiles files) {
        HeadAtlas atlas = outcome.atlas();
        if (console.json()) {
            console.result(AtlasFiles.readSummary(files.atlas()));
            return;
        }
        TextTable labels = new TextTable("label", "heads", "among them");
        for (AtlasLabel label : AtlasLabel.values()) {
            List<AtlasEntry> of = atlas.with(label);
            labels.row(label.title(), String.valueOf(of.size()), names(of));
        }
        console.result(labels.toString());
        List<String> counts = Arrays.stream(Specialisation.values())
                .map(one -> atlas.count(one) + " " + one.key())
                .toList();
        console.result("of " + atlas.heads().size() + " heads " + String.join(", ", counts));
        HeadAtlas.Agreement halves =
                outcome.halves().get(0).agreement(outcome.halves().get(1));
        console.result(String.format(
                Locale.ROOT,
                "two halves of the images give %.0f %% of the heads the same labels, and %d of the %d that have any",
                100 * halves.share(),
                halves.sameLabels(),
                halves.labelled()));
        console.result(files.atlas().toString());
    }

    /** The first few, as layer.head from 1. */
    private static String names(List<AtlasEntry> profiles) {
        int most = 8;
        List<String> names = new ArrayList<>();
        profiles.stream()
                .limit(most)
                .forEach(profile -> names.add(
                        (profile.head().layer() + 1) + "." + (profile.head().head() + 1)));
        return String.join(", ", names) + (profiles.size() > most ? ", …" : "");
    }
}
