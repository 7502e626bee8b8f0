package org.chirplens.experiments.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.config.SweepSettings;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.Stage;

/**
 * Where everything is in a sweep's directory.
 *
 * @param directory the sweep's directory
 */
public record SweepFiles(Path directory) {
    static final String KIND = "sweep";
    static final String PENDING = "pending";
    static final String RUNNING = "running";

    /** Whether a directory holds a sweep rather than a run. */
    public static boolean isSweep(Path directory) {
        Path manifest = new SweepFiles(directory).manifest();
        return Files.exists(manifest)
                && KIND.equals(JsonFiles.read(manifest).path("kind").asText());
    }

    /** The stages of every trial; a trial's own report shows sample images, which the stage of the data keeps. */
    static List<Stage> stages(LoadedSweep sweep) {
        List<String> keys = sweep.settings().stages().stream()
                .map(stage -> stage.name().toLowerCase(Locale.ROOT))
                .toList();
        boolean report = sweep.settings().stages().contains(SweepSettings.Stage.REPORT);
        return Pipeline.stages(report ? concat("data", keys) : keys);
    }

    private static List<String> concat(String first, List<String> rest) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), rest.stream())
                .toList();
    }

    Path manifest() {
        return directory.resolve("manifest.json");
    }

    /** The run directory of a trial. */
    Path trial(String name) {
        return directory.resolve("trials").resolve(name);
    }

    /** A row for each trial. */
    public Path table() {
        return directory.resolve("sweep.csv");
    }

    /** A row for each trial, protocol and head. */
    Path headImportance() {
        return directory.resolve("head_importance.csv");
    }

    /** A row for each protocol and every two trials. */
    Path headAgreement() {
        return directory.resolve("head_agreement.csv");
    }

    Path figures() {
        return directory.resolve("figures");
    }

    public Path report() {
        return directory.resolve("report.html");
    }
}
