package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.RunComparison;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.experiments.run.RunReport;
import org.chirplens.experiments.sweep.SweepFiles;
import org.chirplens.experiments.sweep.SweepReport;

/** Renders the figures and the report of a run or a sweep again, or two runs side by side. */
final class ReportCommand {
    private ReportCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "report",
                "Render the report of a run or a sweep again, or two runs side by side, from their files",
                "A sweep's tables are written again too. Of two runs, the page shows which settings differ, metrics side by"
                        + " side, and for every protocol that both have (or the two protocols of runs that have one each) maps"
                        + " of the heads of A, of B and of the difference, rank correlation, and the heads that the two judge"
                        + " or label differently, with tables of all heads.",
                "DIR [DIR]",
                1,
                2,
                List.of(CommandSpec.value("out", "DIR", "two runs: where to; default runs/A-vs-B, by their names")),
                List.of(
                        "./chirplens report runs/quick",
                        "./chirplens report runs/rank-sweep",
                        "./chirplens report runs/rank-4 runs/rank-16"),
                ReportCommand::run);
    }

    private static int run(Invocation invocation) {
        List<Path> directories = invocation.arguments().stream().map(Path::of).toList();
        Path written =
                directories.size() == 2 ? compare(invocation, directories) : again(invocation, directories.get(0));
        invocation.console().result(new RunFiles(written).report());
        return ExitCode.DONE;
    }

    private static Path again(Invocation invocation, Path directory) {
        if (invocation.has("out")) {
            throw new UsageException("report takes --out with two runs only; the report of one is in its directory");
        }
        if (SweepFiles.isSweep(directory)) {
            SweepReport.render(directory);
        } else {
            RunReport.render(directory);
        }
        return directory;
    }

    private static Path compare(Invocation invocation, List<Path> runs) {
        runs.stream().filter(SweepFiles::isSweep).findFirst().ifPresent(sweep -> {
            throw new IllegalArgumentException(
                    sweep + ": must be a run directory, found a sweep; each of its trials is one");
        });
        Path a = runs.get(0);
        Path b = runs.get(1);
        Path out = invocation
                .path("out")
                .orElseGet(() -> Path.of("runs", RunComparison.name(a) + "-vs-" + RunComparison.name(b)));
        RunComparison.render(a, b, out, invocation.command());
        return out;
    }
}
