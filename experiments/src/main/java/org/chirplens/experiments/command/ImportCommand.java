package org.chirplens.experiments.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.ReleasedCheckpoint;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.UsageException;
import org.chirplens.experiments.run.ModelImport;
import org.chirplens.experiments.run.OutputCheck;
import org.jspecify.annotations.Nullable;

/** Makes a model directory of a model that was trained elsewhere. */
final class ImportCommand {
    private ImportCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "import",
                "Make a model directory of a model that was trained elsewhere",
                "SOURCE is the .pth file of the released training script, or the same tensors as safetensors; or a"
                        + " backbone in Hugging Face's or PyTorch's files, with --adapter and --head if there are any. A"
                        + " released file has the sizes of the config.json beside it, or else those of ViT-B/16, and"
                        + " the alpha of the adapter_config.json beside it, or else 16. Everything is checked before"
                        + " anything is written. docs/loading-models.md lists which files and names are understood.",
                "SOURCE",
                1,
                1,
                List.of(
                        CommandSpec.required("out", "DIR", "where to"),
                        CommandSpec.value("config", "FILE", "the backbone's config.json; default: beside SOURCE"),
                        CommandSpec.value("adapter", "DIR", "a PEFT adapter of the backbone"),
                        CommandSpec.value("head", "FILE", "a regression head on the backbone, safetensors"),
                        CommandSpec.value("alpha", "A", "alpha of a released file's adapters"),
                        CommandSpec.value(
                                "labels",
                                "CSV",
                                "the labels.csv that the model was trained with, all of it, for mean and deviation"),
                        CommandSpec.value("preprocessing", "NAME", "training, imagenet or attention; default training"),
                        CommandSpec.value(
                                "image-size", "N", "side of the input image; position embeddings are interpolated")),
                List.of(
                        "./chirplens import best_vit_regression.pth --labels labels.csv --out models/published",
                        "./chirplens import vit-base --adapter adapter --head regression_head.safetensors --out"
                                + " models/mine"),
                ImportCommand::run);
    }

    private static int run(Invocation invocation) {
        Path out = invocation.requiredPath("out");
        OutputCheck.isFree(out);
        Path source = Path.of(invocation.arguments().get(0));
        if (!Files.exists(source)) {
            throw new UsageException(source + ": the model to import must exist, found no such file or directory");
        }
        if (Files.exists(source.resolve("chirplens.json"))) {
            throw new UsageException(source + ": the model to import must come from elsewhere, found a model directory"
                    + " that needs no import");
        }
        ModelImport what = new ModelImport(
                source,
                existing(invocation, "config"),
                existing(invocation, "adapter"),
                existing(invocation, "head"),
                alpha(invocation),
                existing(invocation, "labels"),
                recipe(invocation),
                invocation.integer("image-size", 1, 0));
        boolean released = ReleasedCheckpoint.isOne(source);
        refuse(invocation, released ? List.of("adapter", "head") : List.of("alpha"), kind(released));
        if (!released && what.head() == null) {
            refuse(invocation, List.of("labels"), "a backbone without --head");
        }
        TrainedModel model = what.read(released);
        ModelDirectory.write(out, model);
        if (model.config().regressionHead() && what.labels() == null) {
            invocation
                    .console()
                    .warn("without --labels the model does not know the scale of its labels; commands that need"
                            + " predictions refuse it");
        }
        invocation.console().result(out);
        return ExitCode.DONE;
    }

    private static String kind(boolean released) {
        return released ? "a released file, which holds the whole model" : "a backbone; its adapter says its own";
    }

    private static void refuse(Invocation invocation, List<String> options, String kind) {
        for (String option : options) {
            if (invocation.has(option)) {
                throw new UsageException("--" + option + " does not apply: "
                        + invocation.arguments().get(0) + " is " + kind);
            }
        }
    }

    private static @Nullable Path existing(Invocation invocation, String option) {
        Path path = invocation.path(option).orElse(null);
        if (path != null && !Files.exists(path)) {
            throw new UsageException("--" + option + " must exist, found no '" + path + "'");
        }
        return path;
    }

    private static OptionalDouble alpha(Invocation invocation) {
        String text = invocation.text("alpha").orElse(null);
        if (text == null) {
            return OptionalDouble.empty();
        }
        double alpha = text.matches("[0-9]+(\\.[0-9]+)?") ? Double.parseDouble(text) : 0;
        if (!(alpha > 0)) {
            throw new UsageException("--alpha must be a number above 0, found '" + text + "'");
        }
        return OptionalDouble.of(alpha);
    }

    private static Preprocessing recipe(Invocation invocation) {
        try {
            return Preprocessing.of(invocation.text("preprocessing").orElse(Preprocessing.TRAINING.key()));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--" + e.getMessage());
        }
    }
}
