package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.DatasetCheck;
import org.chirplens.dataset.DatasetReport;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.OutputCheck;
import org.chirplens.experiments.run.RunData;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.report.DatasetSummary;
import org.chirplens.report.SampleGrid;

/** {@code data check}: looks at everything in a data set before anything is trained on it. */
final class DataCheck {
    /** As many as Figure 2 of the paper shows. */
    static final int SAMPLES = 15;

    static final int REDRAWN = 16;

    private DataCheck() {}

    static int run(Invocation invocation) {
        Path directory = directory(Path.of(invocation.arguments().get(1)));
        RunFiles out = new RunFiles(invocation.path("out").orElseGet(() -> DataCommand.output("check", directory)));
        DatasetCheck.Settings settings = settings(invocation);
        OutputCheck.isWritable(out.directory());
        DatasetReport report;
        try (ProgressLine line = invocation.console().progress("checking", "images")) {
            report = DatasetCheck.run(directory, settings, line::update);
        }
        ObjectNode json = DatasetText.json(report);
        JsonFiles.write(out.directory().resolve("data_check.json"), json);
        draw(report, out);
        if (invocation.console().json()) {
            invocation.console().result(json);
        } else {
            invocation.console().result(DatasetText.of(report) + "\n" + out.directory());
        }
        return report.findings().isEmpty() ? ExitCode.DONE : ExitCode.CHECK;
    }

    /** The directory itself, or the one that a config's section {@code data} names. */
    private static Path directory(Path data) {
        if (!RunData.Source.isConfig(data)) {
            return data;
        }
        if (ConfigReader.readData(data, List.of()).config().data() instanceof DataSettings.Directory named) {
            return named.directory();
        }
        throw new UsageException("data check needs the directory of a data set of the released format or one that"
                + " ChirpLens generated, found " + data
                + ", whose data.source is another. Commands that take --data check"
                + " names, numbers and heads of such images before they begin");
    }

    private static DatasetCheck.Settings settings(Invocation invocation) {
        List<String> overrides = invocation.texts("set");
        List<String> arguments = invocation.arguments();
        Path last = Path.of(arguments.get(arguments.size() - 1));
        DataSettings data = arguments.size() > 2 || RunData.Source.isConfig(last)
                ? ConfigReader.readData(last, overrides).config().data()
                : ConfigReader.dataDefaults(overrides);
        return new DatasetCheck.Settings(
                data.test(),
                data.validation(),
                data.splitSeed(),
                invocation.integer("redraw", 0, REDRAWN),
                SAMPLES,
                invocation.readers(0),
                invocation.path("against").orElse(null));
    }

    private static void draw(DatasetReport report, RunFiles out) {
        if (!report.chirps().isEmpty()) {
            List<SampleGrid.Sample> samples =
                    report.samples().stream().map(DataCheck::sample).toList();
            RunFigures.save(
                    Map.of(
                            "data_summary",
                            DatasetSummary.draw(DataCommand.name(report.directory()), report.chirps(), samples)),
                    out.figures());
        }
    }

    private static SampleGrid.Sample sample(DatasetReport.Sample sample) {
        Chirp chirp = sample.chirp();
        return new SampleGrid.Sample(
                sample.image(),
                sample.name(),
                List.of(String.format(
                        Locale.ROOT,
                        "%.1f s, %.1f → %.1f Hz",
                        chirp.startTimeSeconds(),
                        chirp.startFrequencyHz(),
                        chirp.endFrequencyHz())));
    }
}
