package org.chirplens.experiments.sweep;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.experiments.config.ConfigException;
import org.chirplens.experiments.config.LoadedSweep;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.RunDirectory;
import org.chirplens.experiments.run.RunLock;
import org.chirplens.experiments.run.Versions;
import org.chirplens.report.SweepTrial;

/** A sweep's directory that this process writes: its manifest, and the lock that keeps others out. Safe for threads. */
final class SweepDirectory implements AutoCloseable {
    private final SweepFiles files;
    private final RunLock lock;
    private final ObjectNode manifest;
    private final Map<String, ObjectNode> trials = new HashMap<>();

    private SweepDirectory(SweepFiles files, RunLock lock, ObjectNode manifest) {
        this.files = files;
        this.lock = lock;
        this.manifest = manifest;
    }

    /**
     * Checks, without writing anything, that a sweep may write a directory.
     *
     * @throws IllegalArgumentException when it holds something else, or this sweep and {@code resume} is not asked for, or one
     *     of other axes, or a trial of the same name but of another config
     */
    static void check(Path directory, LoadedSweep sweep, boolean resume) {
        SweepFiles files = new SweepFiles(directory);
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + ": the sweep's directory must be a directory, found a file");
        }
        if (!Files.exists(files.manifest())) {
            if (Files.isDirectory(directory) && !RunDirectory.isEmpty(directory)) {
                throw new IllegalArgumentException(
                        directory
                                + ": the sweep's directory must be new or hold a sweep, found other files; choose another with --out");
            }
            return;
        }
        if (!SweepFiles.isSweep(directory)) {
            throw new IllegalArgumentException(
                    directory + ": holds a run, no sweep; choose another directory with --out");
        }
        if (!resume) {
            throw new IllegalArgumentException(
                    directory + ": holds a sweep; --resume goes on with it, --out DIR writes elsewhere");
        }
        requireSameAxes(files, sweep);
        List<String> problems = new ArrayList<>();
        for (LoadedSweep.Trial trial : sweep.trials()) {
            try {
                RunDirectory.check(files.trial(trial.name()), trial.config(), true);
            } catch (IllegalArgumentException e) {
                problems.add(String.valueOf(e.getMessage()));
            }
        }
        if (!problems.isEmpty()) {
            throw new ConfigException(problems);
        }
    }

    /** Other axes, or another order of them, would name every trial anew, and so run each again. */
    private static void requireSameAxes(SweepFiles files, LoadedSweep sweep) {
        List<String> before = new ArrayList<>();
        JsonFiles.read(files.manifest()).path("axes").forEach(axis -> before.add(axis.asText()));
        if (!before.equals(sweep.axes())) {
            throw new IllegalArgumentException(files.directory() + ": holds a sweep with the axes "
                    + String.join(", ", before) + ", found " + String.join(", ", sweep.axes())
                    + "; --resume needs the same ones in the same order, --out DIR writes elsewhere");
        }
    }

    /** Opens a directory that {@link #check} has accepted, and writes its manifest. */
    static SweepDirectory open(Path directory, LoadedSweep sweep, Pipeline.Means means, int parallel) {
        SweepFiles files = new SweepFiles(directory);
        RunLock lock = RunLock.of(directory);
        boolean isNew = !Files.exists(files.manifest());
        ObjectNode manifest = isNew ? JsonNodeFactory.instance.objectNode() : JsonFiles.read(files.manifest());
        SweepDirectory open = new SweepDirectory(files, lock, manifest);
        open.describe(sweep, means, parallel);
        return open;
    }

    private synchronized void describe(LoadedSweep sweep, Pipeline.Means means, int parallel) {
        manifest.put("format_version", 1);
        manifest.put("kind", SweepFiles.KIND);
        manifest.put("name", sweep.name());
        manifest.put("status", "running");
        if (!manifest.has("started")) {
            manifest.put(
                    "started", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }
        manifest.put("command", means.command());
        Versions.put(manifest, means.session());
        manifest.put("parallel", parallel);
        ArrayNode stages = manifest.putArray("stages");
        SweepFiles.stages(sweep).forEach(stage -> stages.add(stage.key()));
        ArrayNode axes = manifest.putArray("axes");
        sweep.axes().forEach(axes::add);
        ArrayNode list = manifest.putArray("trials");
        for (LoadedSweep.Trial trial : sweep.trials()) {
            ObjectNode entry = list.addObject();
            entry.put("name", trial.name());
            ArrayNode values = entry.putArray("values");
            trial.values().forEach(values::add);
            entry.put("status", isDone(trial, sweep) ? SweepTrial.DONE : SweepFiles.PENDING);
            trials.put(trial.name(), entry);
        }
        save();
    }

    /** Whether a trial has all stages of the sweep done. */
    boolean isDone(LoadedSweep.Trial trial, LoadedSweep sweep) {
        Path run = files.trial(trial.name()).resolve("manifest.json");
        return Files.exists(run)
                && RunDirectory.isDone(
                        JsonFiles.read(run),
                        SweepFiles.stages(sweep).stream()
                                .map(stage -> stage.key())
                                .toList());
    }

    SweepFiles files() {
        return files;
    }

    /** Notes how a trial is or ended. */
    synchronized void note(LoadedSweep.Trial trial, String status, String error) {
        ObjectNode entry = trials.get(trial.name());
        if (entry == null) {
            throw new IllegalStateException(trial.name() + " is no trial of this sweep");
        }
        entry.put("status", status);
        if (!error.isEmpty()) {
            entry.put("error", error);
        }
        save();
    }

    /** Notes that every trial has had its turn. */
    synchronized void noteEnd(int failed) {
        manifest.put("status", failed == 0 ? SweepTrial.DONE : SweepTrial.FAILED);
        save();
    }

    private void save() {
        JsonFiles.write(files.manifest(), manifest);
    }

    @Override
    public void close() {
        lock.close();
    }
}
