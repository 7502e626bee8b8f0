package org.chirplens.experiments.command;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.apache.commons.cli.Option;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.experiments.run.OpenModel;
import org.chirplens.experiments.run.RunData;

/** Options that several commands have. */
final class SharedOptions {
    /** Images of a forward pass when neither option nor config says. */
    static final int BATCH = 32;

    private SharedOptions() {}

    static List<Option> run() {
        return List.of(
                CommandSpec.repeatable(
                        "set", "KEY=VALUE", "override a value of the config, such as training.epochs=3; repeatable"),
                CommandSpec.value("out", "DIR", "the run directory; default runs/NAME"),
                CommandSpec.flag("resume", "go on with a run that was stopped"));
    }

    static Option model() {
        return CommandSpec.required("model", "DIR", "a model directory, or a run directory with a model");
    }

    static Option data() {
        return CommandSpec.value(
                "data",
                "DATA",
                "a data set: a directory with labels.csv beside spectrogram_1.png, … or TFRecord files, or a .yaml config"
                        + " file whose data section describes images, all of which are taken; default: the test images"
                        + " of the run directory that --model names");
    }

    /** The images that the options name. */
    static RunData.Source images(Invocation invocation) {
        return invocation
                .path("data")
                .map(RunData.Source::ofData)
                .orElseGet(() -> RunData.Source.ofRun(invocation.requiredPath("model")));
    }

    static Option preprocessing() {
        return CommandSpec.value(
                "preprocessing",
                "NAME",
                "training, imagenet or attention; default: as the model was trained. The published ablation used"
                        + " imagenet, the published attention maps attention");
    }

    /** The recipe that the option names, or else the model's own. */
    static Preprocessing recipe(Invocation invocation, OpenModel model) {
        return named(
                () -> invocation.text("preprocessing").map(Preprocessing::of).orElse(model.recipe()));
    }

    /**
     * What an option's value names.
     *
     * @throws UsageException when it is no name: what is looked up says so by an IllegalArgumentException that begins with the
     *     option's name
     */
    static <T> T named(Supplier<T> lookUp) {
        try {
            return lookUp.get();
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }

    static Option limit() {
        return CommandSpec.value("limit", "N", "use only the first N images");
    }

    static Option batch() {
        return CommandSpec.value(
                "batch", "N", "images of a forward pass; default " + BATCH + ", fewer for large models");
    }

    static int limit(Invocation invocation) {
        return invocation.integer("limit", 1, 0);
    }

    static int batch(Invocation invocation) {
        return invocation.integer("batch", 1, BATCH);
    }

    /** The config that the first argument names, with its overrides. */
    static LoadedConfig config(Invocation invocation) {
        return ConfigReader.read(Path.of(invocation.arguments().get(0)), invocation.texts("set"));
    }

    /** The run directory: as given, or by the config's name. */
    static Path runDirectory(Invocation invocation, LoadedConfig config) {
        return invocation.path("out").orElse(Path.of("runs", config.name()));
    }
}
