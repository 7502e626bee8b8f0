package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.sweep.Sweep;
import org.chirplens.experiments.sweep.SweepFiles;
import org.chirplens.experiments.sweep.SweepTable;

/** Makes a run of every combination of a grid's values, and compares them. */
final class SweepCommand {
    private SweepCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "sweep",
                "Run every combination of a grid's values, such as LoRA ranks, and compare",
                "The config is a run's with a section 'sweep' (docs/sweeps.md). Each trial is an ordinary run directory under"
                        + " DIR/trials; DIR/sweep.csv has a row for each, DIR/report.html the comparison. All trials are checked"
                        + " before the first is run. A trial that fails does not stop the others; the exit code is then 1. A"
                        + " sweep that was stopped, failed in part, or got more values in its grid goes on with --resume.",
                "CONFIG",
                1,
                1,
                List.of(
                        CommandSpec.repeatable(
                                "set",
                                "KEY=VALUE",
                                "override a value of the config, such as training.epochs=3 or sweep.grid.seed=[1,2];"
                                        + " repeatable"),
                        CommandSpec.value("out", "DIR", "the sweep's directory; default runs/NAME"),
                        CommandSpec.flag("resume", "go on with a sweep: run what is missing or failed")),
                List.of(
                        "./chirplens sweep configs/rank-sweep.yaml",
                        "./chirplens sweep configs/rank-sweep.yaml --set sweep.parallel=0 --resume",
                        "./chirplens report runs/rank-sweep"),
                SweepCommand::run);
    }

    private static int run(Invocation invocation) {
        LoadedSweep sweep =
                ConfigReader.readSweep(Path.of(invocation.arguments().get(0)), invocation.texts("set"));
        Path directory = invocation.path("out").orElse(Path.of("runs", sweep.name()));
        int code = Sweep.run(sweep, directory, invocation.has("resume"), invocation);
        ArrayNode rows = SweepTable.of(directory);
        if (invocation.console().json()) {
            invocation.console().result(rows);
        } else {
            invocation.console().result(text(rows));
            SweepFiles files = new SweepFiles(directory);
            invocation.console().result("table: " + files.table());
            invocation.console().result("report: " + files.report());
        }
        return code;
    }

    /** What a glance needs: the loss and each target's correlation; the file has the rest. */
    private static String text(ArrayNode rows) {
        List<String> correlations = new ArrayList<>();
        rows.path(0).fieldNames().forEachRemaining(name -> {
            if (name.startsWith("pearson_r_")) {
                correlations.add(name);
            }
        });
        List<String> titles = new ArrayList<>(List.of("trial", "status", "parameters", "best epoch", "MSE"));
        correlations.forEach(
                name -> titles.add("r " + name.substring("pearson_r_".length()).replace('_', ' ')));
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (JsonNode row : rows) {
            List<String> cells = new ArrayList<>(List.of(
                    row.path("trial").asText(),
                    row.path("status").asText(),
                    whole(row.path("trainable_parameters")),
                    whole(row.path("best_epoch")),
                    number(row.path("mse"))));
            correlations.forEach(name -> cells.add(number(row.path(name))));
            table.row(cells.toArray(String[]::new));
        }
        return table.toString();
    }

    private static String whole(JsonNode value) {
        return value.isNumber() ? value.asText() : "–";
    }

    private static String number(JsonNode value) {
        return value.isNumber() ? String.format(Locale.ROOT, "%.4f", value.asDouble()) : "–";
    }
}
