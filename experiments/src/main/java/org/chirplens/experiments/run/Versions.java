package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.model.SessionOptions;
import org.chirplens.report.ReportData.Fact;
import org.tensorflow.TensorFlow;

/** What a result was made with: versions, device and threads. */
public final class Versions {
    private static final String DEVICE = "device";
    private static final String DEVICE_TAKEN = "device_taken";

    private static final String POM = "/META-INF/maven/org.chirplens/chirplens-experiments/pom.properties";

    private Versions() {}

    /** Versions of this project, of TensorFlow, Java and the system. */
    public static ObjectNode all() {
        ObjectNode versions = JsonNodeFactory.instance.objectNode();
        versions.put("chirplens", own());
        versions.put("tensorflow", TensorFlow.version());
        versions.put("onednn", "1".equals(System.getenv("TF_ENABLE_ONEDNN_OPTS")));
        versions.put("java", Runtime.version().toString());
        versions.put("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        return versions;
    }

    /** Notes in a manifest what its results are made with from now on. */
    public static void put(ObjectNode manifest, SessionOptions session) {
        manifest.set("versions", all());
        gitRevision().ifPresent(revision -> manifest.put("git_revision", revision));
        manifest.put(DEVICE, session.device());
        manifest.put(DEVICE_TAKEN, taken(session));
        manifest.put("threads", session.threads());
    }

    /** The build for processors finds no GPU, and is not asked: that would fix the number of TensorFlow's threads for all trials of a sweep. */
    private static String taken(SessionOptions session) {
        return session.device().equals("auto") && !Invocation.gpuBuild() ? "cpu" : session.deviceTaken();
    }

    /** What {@link #put} noted, in words. */
    public static List<Fact> facts(JsonNode manifest) {
        String device = manifest.path(DEVICE).asText();
        String taken = manifest.path(DEVICE_TAKEN).asText(device);
        JsonNode versions = manifest.path("versions");
        return List.of(
                new Fact("device", taken.equals(device) ? device : taken + " (" + device + ")"),
                new Fact(
                        "versions",
                        "ChirpLens " + versions.path("chirplens").asText() + " "
                                + manifest.path("git_revision").asText("") + ", TensorFlow "
                                + versions.path("tensorflow").asText() + ", Java "
                                + versions.path("java").asText()));
    }

    private static String own() {
        try (InputStream in = Versions.class.getResourceAsStream(POM)) {
            Properties properties = new Properties();
            if (in != null) {
                properties.load(in);
            }
            return properties.getProperty("version", "development");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /**
     * The git revision of the project's sources, with {@code +} when they are changed; in an offline bundle that of the
     * sources it was made from. Empty outside of both.
     */
    public static Optional<String> gitRevision() {
        String home = System.getProperty("chirplens.home", ".");
        // A bundle may have been unpacked inside another repository.
        return revisionOfBundle(Path.of(home, "REVISION")).or(() -> git(home, "rev-parse", "--short=12", "HEAD")
                .map(revision -> git(home, "status", "--porcelain", "--untracked-files=no")
                                .map(String::isEmpty)
                                .orElse(true)
                        ? revision
                        : revision + "+"));
    }

    private static Optional<String> revisionOfBundle(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(file + ": cannot be read", e);
        }
    }

    private static Optional<String> git(String home, String... words) {
        List<String> command = new java.util.ArrayList<>(List.of("git", "-C", home));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }
}
