package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.experiments.run.RunReport;
import org.chirplens.experiments.sweep.SweepFiles;
import org.chirplens.experiments.sweep.SweepReport;

/** Renders the figures and the report of a run or a sweep again. */
final class ReportCommand {
    private ReportCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "report",
                "Render the figures and the report of a run or a sweep again, from its files",
                "A sweep's tables are written again too.",
                "DIR",
                1,
                1,
                List.of(),
                List.of("./chirplens report runs/quick", "./chirplens report runs/rank-sweep"),
                ReportCommand::run);
    }

    private static int run(Invocation invocation) {
        Path directory = Path.of(invocation.arguments().get(0));
        if (SweepFiles.isSweep(directory)) {
            SweepReport.render(directory);
        } else {
            RunReport.render(directory);
        }
        invocation.console().result(new RunFiles(directory).report().toString());
        return ExitCode.DONE;
    }
}
