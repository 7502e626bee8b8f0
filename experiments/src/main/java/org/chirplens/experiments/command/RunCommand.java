package org.chirplens.experiments.command;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.experiments.config.TrainingSettings.Trained;
import org.chirplens.experiments.run.JsonFiles;
import org.chirplens.experiments.run.Pipeline;
import org.chirplens.experiments.run.RunFiles;
import org.chirplens.experiments.run.Stage;
import org.chirplens.experiments.run.TargetsJson;

/** {@code run} does all that a config describes; {@code finetune} and {@code pretrain} only its first stages. */
final class RunCommand {
    private RunCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "run",
                "Do all that a config describes: data, fine-tuning, analysis, export, report",
                "The stages are data, fine-tuning, evaluation, attention maps, head atlas, head ablation, attribution,"
                        + " export and report. The"
                        + " results go to runs/NAME, the report to runs/NAME/report.html. A run that was stopped goes on with"
                        + " --resume and ends in the same results.",
                "CONFIG",
                1,
                1,
                SharedOptions.run(),
                List.of(
                        "./chirplens run configs/quick.yaml",
                        "./chirplens run configs/quick.yaml --set training.epochs=20 --out runs/longer",
                        "./chirplens run configs/paper.yaml --set model.backbone=vit-base --set data.directory=chirps"),
                invocation -> run(invocation, Pipeline.WHOLE));
    }

    static CommandSpec finetune() {
        return new CommandSpec(
                "finetune",
                "Fine-tune the model that a config file describes, and evaluate it",
                "The first stages of 'run', which can be given the same directory later with --resume.",
                "CONFIG",
                1,
                1,
                SharedOptions.run(),
                List.of("./chirplens finetune configs/quick.yaml", "./chirplens finetune configs/quick.yaml --resume"),
                invocation -> run(invocation, Pipeline.FINETUNE));
    }

    static CommandSpec pretrain() {
        return new CommandSpec(
                "pretrain",
                "Train a backbone from nothing, or one on, as a config file describes, and evaluate it",
                "Trains every parameter of a vision transformer of the config's size, or of the one that model.backbone names,"
                        + " with the pretext tasks that the config names. The model directory runs/NAME/model is then a backbone for model.backbone in other configs."
                        + " Training that was stopped goes on with --resume and ends in the same weights.",
                "CONFIG",
                1,
                1,
                SharedOptions.run(),
                List.of(
                        "./chirplens pretrain configs/pretrain-small.yaml",
                        "./chirplens pretrain configs/pretrain-small.yaml --resume"),
                RunCommand::pretrain);
    }

    private static int pretrain(Invocation invocation) {
        LoadedConfig config = SharedOptions.config(invocation);
        if (config.config().training().train() != Trained.BACKBONE) {
            throw config.problem("training.train", "must be backbone for the command pretrain");
        }
        return run(invocation, Pipeline.PRETRAIN);
    }

    private static int run(Invocation invocation, List<Stage> stages) {
        LoadedConfig config = SharedOptions.config(invocation);
        Path directory = SharedOptions.runDirectory(invocation, config);
        int code = Pipeline.run(config, directory, invocation.has("resume"), stages, invocation);
        RunFiles files = new RunFiles(directory);
        if (code == ExitCode.DONE) {
            if (invocation.console().json()) {
                invocation.console().result(JsonFiles.read(files.metrics()));
            } else {
                List<Target> targets = TargetsJson.ofRun(files);
                invocation.console().result(MetricsText.of(targets, JsonFiles.read(files.metrics())));
                if (Files.exists(files.report())) {
                    invocation.console().result("report: " + files.report());
                }
            }
        }
        return code;
    }
}
