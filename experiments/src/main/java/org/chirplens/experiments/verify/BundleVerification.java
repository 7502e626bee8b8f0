package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;

/**
 * Walks a bundle of recorded tensors and compares what it finds. A bundle is a folder with some of {@code model/},
 * {@code forward/}, {@code ablation/}, {@code training/}, {@code chirp_clean/}, {@code chirp_genuine/}, {@code resize/},
 * {@code split/}, or a folder of such folders.
 */
public final class BundleVerification {
    private static final String MODEL = "model";
    private static final String FORWARD = "forward";
    private static final String ABLATION = "ablation";
    private static final String TRAINING = "training";
    private static final String CHIRP_CLEAN = "chirp_clean";
    private static final String CHIRP_GENUINE = "chirp_genuine";
    private static final String RESIZE = "resize";
    private static final String SPLIT = "split";

    private static final Set<String> KNOWN =
            Set.of(MODEL, FORWARD, ABLATION, TRAINING, CHIRP_CLEAN, CHIRP_GENUINE, RESIZE, SPLIT);

    /** What graphs compute; the others are arrays and images of our own drawing. */
    private static final Set<String> OF_MODELS = Set.of(FORWARD, ABLATION, TRAINING);

    private final SessionOptions options;

    public BundleVerification(SessionOptions options) {
        this.options = options;
    }

    /**
     * Compares everything in a bundle. A part that cannot be read is a failed check, not an exception.
     *
     * @throws IllegalArgumentException when the folder is not a bundle
     */
    public List<Check> run(Path bundle) {
        if (!Files.isDirectory(bundle)) {
            throw new IllegalArgumentException(bundle + ": a bundle must be a directory, found "
                    + (Files.exists(bundle) ? "a file" : "no such directory"));
        }
        List<Check> checks = new ArrayList<>();
        walk(bundle, "", checks);
        if (checks.isEmpty()) {
            throw new IllegalArgumentException(bundle + ": a bundle must hold at least one of the folders "
                    + String.join(", ", KNOWN.stream().sorted().toList()) + ", found none");
        }
        // Notes name files from the bundle on, as the checks do.
        return checks.stream().map(check -> check.withoutInNote(bundle + "/")).toList();
    }

    private void walk(Path folder, String prefix, List<Check> checks) {
        List<Path> children = folders(folder);
        for (Path child : children) {
            String name = child.getFileName().toString();
            String full = prefix + name;
            if (!KNOWN.contains(name)) {
                walkOn(child, full, checks);
            } else if (!name.equals(MODEL)) {
                checks.addAll(check(name, full, child));
            } else if (children.size() == 1) {
                checks.add(Check.notChecked(full, "no recorded results beside it"));
            }
        }
    }

    private void walkOn(Path folder, String name, List<Check> checks) {
        try {
            walk(folder, name + "/", checks);
        } catch (UncheckedIOException e) {
            checks.add(Check.failed(name, String.valueOf(e.getMessage())));
        }
    }

    private List<Check> check(String name, String full, Path folder) {
        // Training has a precision of its own, which is float32 here.
        SessionOptions own = name.equals(TRAINING)
                ? new SessionOptions(options.device(), options.threads(), Precision.FLOAT32, options.gpuMemoryMib())
                : options;
        double looser = OF_MODELS.contains(name) ? Tolerance.looserThanFloat32(own) : 1;
        Section section = Section.read(full, folder, looser);
        section.guard(() -> compare(name, section));
        List<Check> checks = new ArrayList<>(section.checks());
        Path model = folder.resolveSibling(MODEL);
        if (name.equals(FORWARD) && Files.isDirectory(model)) {
            String prefix = full.substring(0, full.length() - FORWARD.length());
            checks.addAll(ModelChecks.run(prefix + MODEL, model, section, options));
        }
        return checks;
    }

    private void compare(String name, Section section) {
        switch (name) {
            case FORWARD -> new ForwardChecks(model(section), section, options).run();
            case ABLATION -> new AblationChecks(model(section), section, options).run();
            case TRAINING -> new TrainingChecks(model(section), section, section.sibling(ABLATION), options).run();
            case CHIRP_CLEAN -> new ChirpChecks(section).run();
            case CHIRP_GENUINE -> new GenuineChirpChecks(section).run();
            case RESIZE -> new ResizeChecks(section).run();
            default -> new SplitChecks(section).run();
        }
    }

    private static RecordedModel model(Section section) {
        return new RecordedModel(section.siblingFolder(MODEL));
    }

    private static List<Path> folders(Path folder) {
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(Files::isDirectory).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": cannot be listed", e);
        }
    }
}
