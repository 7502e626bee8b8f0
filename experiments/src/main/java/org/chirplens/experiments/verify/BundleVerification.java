package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chirplens.model.SessionOptions;

/**
 * Walks a bundle of recorded tensors and compares what it finds. A bundle is a folder with {@code model/},
 * {@code forward/}, {@code ablation/} …, or a folder of such folders.
 */
public final class BundleVerification {
    private static final String MODEL = "model";
    private static final String FORWARD = "forward";
    private static final String ABLATION = "ablation";
    private static final Set<String> KNOWN =
            Set.of(MODEL, FORWARD, ABLATION, "training", "chirp_clean", "chirp_genuine", "resize", "split");

    private final SessionOptions options;

    public BundleVerification(SessionOptions options) {
        this.options = options;
    }

    /**
     * Compares everything in a bundle.
     *
     * @throws IllegalArgumentException when the folder is not a bundle, or a part of it cannot be read
     */
    public List<Check> run(Path bundle) {
        if (!Files.isDirectory(bundle)) {
            throw new IllegalArgumentException(bundle + ": a bundle must be a directory");
        }
        List<Check> checks = new ArrayList<>();
        walk(bundle, "", checks);
        if (checks.isEmpty()) {
            throw new IllegalArgumentException(bundle + ": a bundle must hold at least one of "
                    + String.join(", ", KNOWN.stream().sorted().toList()) + ", found none with arrays");
        }
        return checks;
    }

    private void walk(Path folder, String prefix, List<Check> checks) {
        for (Path child : folders(folder)) {
            String name = child.getFileName().toString();
            String full = prefix + name;
            if (!KNOWN.contains(name)) {
                walk(child, full + "/", checks);
            } else if (!name.equals(MODEL)) {
                checks.addAll(check(name, Section.read(full, child), folder.resolve(MODEL)));
            }
        }
    }

    private List<Check> check(String name, Section section, Path model) {
        return switch (name) {
            case FORWARD -> new ForwardChecks(new RecordedModel(model), section, options).run();
            case ABLATION -> new AblationChecks(new RecordedModel(model), section, options, 16).run();
            default -> section.checks();
        };
    }

    private static List<Path> folders(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }
}
