package org.chirplens.experiments.run;

import java.nio.file.Path;

/**
 * Where everything is in a run directory, or in the output directory of a command that makes a part of it.
 *
 * @param directory the run directory
 */
public record RunFiles(Path directory) {
    public Path manifest() {
        return directory.resolve("manifest.json");
    }

    /** The resolved config, defaults included; a config file in its own right. */
    public Path config() {
        return directory.resolve("config.yaml");
    }

    public Path training() {
        return directory.resolve("training.csv");
    }

    public Path metrics() {
        return directory.resolve("metrics.json");
    }

    /** Predictions for the test images, in physical units. */
    public Path predictions() {
        return directory.resolve("predictions.csv");
    }

    /** The best model, a model directory. */
    public Path model() {
        return directory.resolve("model");
    }

    public Path savedModel() {
        return directory.resolve("savedmodel");
    }

    /** Example images for the report. */
    public Path samples() {
        return directory.resolve("samples");
    }

    /** Attention maps: {@code NAME.npy} and the image {@code NAME.png} that they are of. */
    public Path attention() {
        return directory.resolve("attention");
    }

    public Path ablation() {
        return directory.resolve("ablation");
    }

    /** Tables of what the ablation of single heads hides. */
    public Path attribution() {
        return directory.resolve("attribution");
    }

    /** Tables of what each head looks at. */
    public Path atlas() {
        return directory.resolve("atlas");
    }

    public Path figures() {
        return directory.resolve("figures");
    }

    public Path report() {
        return directory.resolve("report.html");
    }
}
