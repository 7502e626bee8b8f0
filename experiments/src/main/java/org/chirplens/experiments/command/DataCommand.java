package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.DatasetCheck;
import org.chirplens.dataset.DatasetReport;
import org.chirplens.dataset.PngFile;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.chirplens.experiments.run.RunFigures;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.experiments.run.WholeFile;
import org.chirplens.report.DatasetSummary;
import org.chirplens.report.SampleGrid;

/** Checks a data set before anything is trained on it. */
final class DataCommand {
    private static final String CHECK = "check";

    /** As many as Figure 2 of the paper shows. */
    private static final int SAMPLES = 15;

    private static final int REDRAWN = 16;

    private DataCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "data",
                "Check a data set: files, pixels, labels, equal images, leakage between its parts",
                "check: every image is decoded. Reported are missing, extra and unreadable images, rows that break the"
                        + " format, labels outside the population (that of dataset.json, or the released one), equal"
                        + " images and rows, and those that are in both parts of the split: the one of CONFIG, or of the"
                        + " defaults, with --set data.test=… and data.splitSeed=… laid over it. For a set that ChirpLens"
                        + " generated, all labels and some images are compared with what the seed gives."
                        + " OUT/data_check.json has every finding, OUT/figures/data_summary the label distributions and "
                        + SAMPLES + " samples. The exit code is 3 when there is a finding, and 2 when DIR is no data"
                        + " set. docs/data-check.md explains each kind of finding and the JSON.",
                "check DIR [CONFIG]",
                2,
                3,
                List.of(
                        CommandSpec.value(
                                "against", "DIR2", "another data set, which must share no image and no label row"),
                        CommandSpec.value("redraw", "N", "images of a generated set to draw again; default " + REDRAWN),
                        CommandSpec.value("set", "KEY=VALUE", "override a value of the config; repeatable"),
                        CommandSpec.value("out", "DIR", "where to; default runs/data-check-NAME, NAME that of DIR")),
                List.of(
                        "./chirplens data check data/chirps",
                        "./chirplens data check data/train configs/quick.yaml --against data/test --json"),
                DataCommand::run);
    }

    private static int run(Invocation invocation) {
        if (!invocation.arguments().get(0).equals(CHECK)) {
            throw new UsageException(
                    "data knows " + CHECK + ", found '" + invocation.arguments().get(0) + "'");
        }
        Path directory = Path.of(invocation.arguments().get(1));
        RunFiles out =
                new RunFiles(invocation.path("out").orElseGet(() -> Path.of("runs", "data-check-" + name(directory))));
        DatasetReport report;
        try (ProgressLine line = invocation.console().progress("checking", "images")) {
            report = DatasetCheck.run(directory, settings(invocation), line::update);
        }
        ObjectNode json = DatasetText.json(report);
        WholeFile.writeJson(out.directory().resolve("data_check.json"), json);
        draw(report, out);
        if (invocation.console().json()) {
            invocation.console().result(json);
        } else {
            invocation.console().result(DatasetText.of(report) + "\n" + out.directory());
        }
        return report.findings().isEmpty() ? ExitCode.DONE : ExitCode.CHECK;
    }

    private static DatasetCheck.Settings settings(Invocation invocation) {
        List<String> overrides = invocation.texts("set");
        DataSettings data = invocation.arguments().size() > 2
                ? ConfigReader.read(Path.of(invocation.arguments().get(2)), overrides)
                        .config()
                        .data()
                : ConfigReader.dataDefaults(overrides);
        return new DatasetCheck.Settings(
                data.test(),
                data.splitSeed(),
                invocation.integer("redraw", 0, REDRAWN),
                SAMPLES,
                invocation.readers(0),
                invocation.path("against").orElse(null));
    }

    private static String name(Path directory) {
        Path last = directory.toAbsolutePath().normalize().getFileName();
        return last == null ? "root" : last.toString();
    }

    private static void draw(DatasetReport report, RunFiles out) {
        if (!report.chirps().isEmpty()) {
            List<SampleGrid.Sample> samples =
                    report.samples().stream().map(DataCommand::sample).toList();
            RunFigures.save(
                    Map.of("data_summary", DatasetSummary.draw(name(report.directory()), report.chirps(), samples)),
                    out.figures());
        }
    }

    private static SampleGrid.Sample sample(DatasetReport.Sample sample) {
        Chirp chirp = sample.chirp();
        return new SampleGrid.Sample(
                PngFile.read(sample.file()),
                String.valueOf(sample.file().getFileName()),
                List.of(String.format(
                        Locale.ROOT,
                        "%.1f s, %.1f → %.1f Hz",
                        chirp.startTimeSeconds(),
                        chirp.startFrequencyHz(),
                        chirp.endFrequencyHz())));
    }
}
