package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.chirplens.experiments.config.ConfigTree;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.file.WholeFile;
import org.chirplens.model.SessionOptions;

/** A run directory that this process writes: its manifest, and the lock that keeps others out. */
public final class RunDirectory implements AutoCloseable {
    /** Key of the precision in the manifest. */
    static final String PRECISION = "precision";

    /** Key of the backbone's fingerprint among the manifest's hashes. */
    static final String BACKBONE = "backbone";

    private static final String DONE = "done";

    private final RunFiles files;
    private final RunLock lock;
    private final ObjectNode manifest;

    private RunDirectory(RunFiles files, RunLock lock, ObjectNode manifest) {
        this.files = files;
        this.lock = lock;
        this.manifest = manifest;
    }

    /**
     * Checks, before any long work and without writing anything, that a run may write a directory.
     *
     * @throws IllegalArgumentException when the directory holds something else, or another run, or this run and
     *     {@code resume} is not asked for
     */
    public static void check(Path directory, LoadedConfig config, boolean resume) {
        RunFiles files = new RunFiles(directory);
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + ": the run directory must be a directory, found a file");
        }
        if (!Files.exists(files.manifest())) {
            if (Files.isDirectory(directory) && !isEmpty(directory)) {
                throw new IllegalArgumentException(
                        directory
                                + ": the run directory must be new or hold a run, found other files; choose another with --out");
            }
            return;
        }
        if (!resume) {
            throw new IllegalArgumentException(
                    directory + ": holds another run; --resume goes on with it, --out DIR writes elsewhere");
        }
        ObjectNode before = JsonFiles.read(files.manifest());
        ObjectNode now = ConfigTree.of(config);
        if (!(before.get("config") instanceof ObjectNode earlier) || !ConfigTree.sameResults(earlier, now)) {
            throw new IllegalArgumentException(directory + ": holds a run of another config ("
                    + ConfigTree.firstDifference(before.path("config"), now)
                    + "); --resume needs the same one, --out DIR writes elsewhere");
        }
    }

    /**
     * Insists that a run that has begun goes on with the arithmetic that it began with.
     *
     * @throws IllegalArgumentException when it had another
     */
    public static void requireSamePrecision(RunFiles files, SessionOptions session) {
        requireSame(files, PRECISION, "/" + PRECISION, session.arithmetic());
    }

    /**
     * Insists that a run that has begun goes on with the images and the backbone or fine-tuned model that it began with. Manifests of
     * earlier versions do not tell the backbone, and are accepted.
     *
     * @throws IllegalArgumentException when it had others
     */
    public static void requireSameStart(RunFiles files, Pipeline.Start start) {
        requireSame(files, "data", "/hashes/data", start.data().identity());
        String backbone = start.backbone();
        if (backbone != null) {
            requireSame(files, "backbone", "/hashes/" + BACKBONE, backbone);
        }
        String finetuned = start.finetuned();
        if (finetuned != null) {
            requireSame(files, "fine-tuned model", "/hashes/model", finetuned);
        }
    }

    /** @param place of the value in the manifest, as a JSON pointer */
    private static void requireSame(RunFiles files, String what, String place, String now) {
        JsonNode before = Files.exists(files.manifest())
                ? JsonFiles.read(files.manifest()).at(place)
                : MissingNode.getInstance();
        if (!before.isMissingNode() && !before.asText().equals(now)) {
            throw new IllegalArgumentException(files.directory() + ": holds a run with " + what + " " + before.asText()
                    + ", found " + now + "; --out DIR writes elsewhere");
        }
    }

    /** Opens a directory that {@link #check} has accepted. */
    public static RunDirectory open(Path directory, LoadedConfig config) {
        RunFiles files = new RunFiles(directory);
        RunLock lock = RunLock.of(directory);
        boolean isNew = !Files.exists(files.manifest());
        RunDirectory run =
                new RunDirectory(files, lock, isNew ? newManifest(config) : JsonFiles.read(files.manifest()));
        if (isNew) {
            // First of all files: a directory with any other, but no manifest, is taken for somebody else's.
            run.save();
        }
        if (!Files.exists(files.config())) {
            String yaml = yaml(config);
            WholeFile.writeText(files.config(), out -> out.write(yaml));
        }
        return run;
    }

    private static ObjectNode newManifest(LoadedConfig config) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("format_version", 1);
        manifest.put("name", config.name());
        manifest.put("status", "running");
        manifest.put("started", now());
        manifest.set("config", ConfigTree.of(config));
        manifest.putObject("stages");
        return manifest;
    }

    private static String yaml(LoadedConfig config) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("name", config.name());
        tree.setAll(ConfigTree.file(config));
        try {
            return new YAMLMapper().writeValueAsString(tree);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write the config as YAML", e);
        }
    }

    public RunFiles files() {
        return files;
    }

    /** The manifest, which the caller may add facts to before it is saved. */
    public ObjectNode manifest() {
        return manifest;
    }

    /** Whether every one of these stages is done. */
    public boolean isDone(List<String> stages) {
        return isDone(manifest, stages);
    }

    /** Whether a manifest says that every one of these stages is done. */
    public static boolean isDone(ObjectNode manifest, List<String> stages) {
        return stages.stream()
                .allMatch(stage -> DONE.equals(
                        manifest.path("stages").path(stage).path("status").asText()));
    }

    /** Notes that a stage has yet to be done. */
    void forget(String stage) {
        ((ObjectNode) manifest.get("stages")).remove(stage);
        save();
    }

    /**
     * Notes that a stage begins, ends in part or is done. The wall times of its parts add up.
     *
     * @param seconds wall time since the stage was noted last
     */
    void note(String stage, boolean done, double seconds) {
        ObjectNode stages = (ObjectNode) manifest.get("stages");
        double all = stages.path(stage).path("seconds").asDouble() + seconds;
        if (stage.equals("finetune")) {
            // Nobody noted the time of a process that was killed, but its epochs are known.
            all = Math.max(all, manifest.at("/training/seconds").asDouble());
        }
        ObjectNode entry = stages.putObject(stage);
        entry.put("status", done ? DONE : "running");
        if (done || all > 0) {
            entry.put("seconds", Math.round(all * 100) / 100.0);
        }
        if (done) {
            entry.put("finished", now());
        }
        save();
    }

    /** Whether all is noted as done, which is the last thing that a run does. */
    boolean isDone() {
        return manifest.path("status").asText().equals(DONE);
    }

    /**
     * Notes that all stages are done.
     *
     * @param before gets the manifest as it will be, before it is saved: what fails or is stopped there is done again
     */
    void noteDone(Consumer<ObjectNode> before) {
        manifest.put("status", DONE);
        double seconds = 0;
        for (var stage : manifest.path("stages")) {
            seconds += stage.path("seconds").asDouble();
        }
        manifest.put("wall_seconds", Math.round(seconds * 100) / 100.0);
        before.accept(manifest);
        save();
    }

    void save() {
        JsonFiles.write(files.manifest(), manifest);
    }

    private static String now() {
        return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** Whether a directory holds nothing but hidden files: the lock, and what a killed process was writing. */
    public static boolean isEmpty(Path directory) {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.allMatch(entry -> String.valueOf(entry.getFileName()).startsWith("."));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    @Override
    public void close() {
        lock.close();
    }
}
