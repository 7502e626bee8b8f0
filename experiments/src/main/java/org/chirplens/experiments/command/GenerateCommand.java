package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.DatasetDescription;
import org.chirplens.dataset.DatasetWriter;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.config.DataSettings;

/** Writes generated images as a data set in the released format. */
final class GenerateCommand {
    private GenerateCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "generate",
                "Draw chirps as a data set on disk: labels.csv, spectrogram_1.png, … and dataset.json",
                "Image i depends on the seed and i alone, so any shard, order or restart gives the same images. Count and"
                        + " seed may come from a config file with generated data. A command that was stopped goes on when"
                        + " given again; a larger count extends a data set.",
                "[CONFIG]",
                0,
                1,
                List.of(
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.value("count", "N", "how many images"),
                        CommandSpec.value("seed", "S", "seed of the images"),
                        CommandSpec.value("from", "I", "number of the first image; default 1"),
                        CommandSpec.value("set", "KEY=VALUE", "override a value of the config; repeatable")),
                List.of(
                        "./chirplens generate --count 1000 --seed 7 --out data/chirps",
                        "./chirplens generate configs/quick.yaml --out data/quick"),
                GenerateCommand::run);
    }

    private static int run(Invocation invocation) {
        Path directory = invocation.requiredPath("out");
        int count = invocation.integer("count", 1, 0);
        long seed = invocation.number("seed", Long.MIN_VALUE, Long.MAX_VALUE, 0);
        boolean seeded = invocation.has("seed");
        if (!invocation.arguments().isEmpty()) {
            if (!(SharedOptions.config(invocation).config().data() instanceof DataSettings.Generated generated)) {
                throw new UsageException(invocation.arguments().get(0) + ": data.source must be generated");
            }
            count = count == 0 ? generated.count() : count;
            seed = seeded ? seed : generated.seed();
        } else if (count == 0 || !seeded) {
            throw new UsageException("--count and --seed must be given, or a CONFIG that has them");
        }
        int first = invocation.integer("from", 1, 1);
        DatasetDescription wanted = DatasetDescription.of(Population.released(), seed, first, count);
        DatasetWriter.check(directory, wanted);
        try (ProgressLine line = invocation.console().progress("generating", "images")) {
            DatasetWriter.write(directory, wanted, invocation.readers(0), line::update);
        }
        invocation.console().result(directory.toString());
        return ExitCode.DONE;
    }
}
