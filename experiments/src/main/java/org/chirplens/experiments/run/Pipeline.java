package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.training.ParameterCount;

/** Runs stages one after the other into a run directory, leaving out those that are done. */
public final class Pipeline {
    /** Everything, from data to report. */
    public static final List<Stage> WHOLE = List.of(
            new Stage("data", "data", DataStage::run),
            new Stage("finetune", "fine-tune", FinetuneStage::run),
            new Stage("evaluate", "evaluate", EvaluateStage::run),
            new Stage("attention", "attention maps", AttentionStage::run),
            new Stage("ablate", "ablate every head", AblateStage::run),
            new Stage("export", "export", ExportStage::run),
            new Stage(
                    "report",
                    "report",
                    context -> RunReport.render(context.files().directory())));

    /** Data, fine-tuning and evaluation. */
    public static final List<Stage> FINETUNE = WHOLE.subList(0, 3);

    /** The same for a backbone from nothing. */
    public static final List<Stage> PRETRAIN = List.of(
            new Stage("data", "data", DataStage::run),
            new Stage("finetune", "pretrain", FinetuneStage::run),
            new Stage("evaluate", "evaluate", EvaluateStage::run));

    private Pipeline() {}

    /**
     * Runs stages.
     *
     * @param config what to do
     * @param directory where to
     * @param resume whether the directory may hold a part of this run
     * @return an {@link ExitCode}
     */
    public static int run(
            LoadedConfig config, Path directory, boolean resume, List<Stage> stages, Invocation invocation) {
        RunDirectory.check(directory, config, resume);
        int threads = config.config().runtime().threads();
        SessionOptions session = invocation.session(threads);
        if (isComplete(directory, config, stages)) {
            invocation.console().info(directory + ": is complete; nothing to do");
            return ExitCode.DONE;
        }
        RunData data = RunData.open(config);
        // A backbone that does not fit is found before anything is written.
        ParameterCount parameters = StartingModel.of(
                        config, data.scaling().targets().size())
                .count(config.config().training());
        try (RunDirectory run = RunDirectory.open(directory, config)) {
            describe(run, data, parameters, session, invocation);
            RunContext context =
                    new RunContext(config, run, data, session, invocation.readers(threads), invocation.console());
            Thread farewell = new Thread(() -> sayGoodbye(invocation, directory));
            Runtime.getRuntime().addShutdownHook(farewell);
            try {
                run(context, stages);
            } finally {
                Runtime.getRuntime().removeShutdownHook(farewell);
            }
        }
        return ExitCode.DONE;
    }

    private static boolean isComplete(Path directory, LoadedConfig config, List<Stage> stages) {
        if (!java.nio.file.Files.exists(new RunFiles(directory).manifest())) {
            return false;
        }
        try (RunDirectory run = RunDirectory.open(directory, config)) {
            return run.isDone(stages.stream().map(Stage::key).toList());
        }
    }

    private static void run(RunContext context, List<Stage> stages) {
        long start = System.nanoTime();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            String position = "[" + (i + 1) + "/" + stages.size() + "] " + stage.title();
            if (context.directory().isDone(stage.key())) {
                context.console().info(position + ": done before");
                continue;
            }
            context.console().info(position);
            long begin = System.nanoTime();
            context.directory().note(stage.key(), false, 0);
            stage.work().run(context);
            context.directory().note(stage.key(), true, (System.nanoTime() - begin) / 1e9);
        }
        context.directory().noteDone();
        if (stages.equals(WHOLE)) {
            // The report shows the manifest, which is only now complete.
            RunReport.renderPage(context.files().directory());
        }
        String took = ProgressLine.duration((System.nanoTime() - start) / 1e9);
        context.console().info("done in " + took + ": " + context.files().directory());
    }

    private static void describe(
            RunDirectory run, RunData data, ParameterCount parameters, SessionOptions session, Invocation invocation) {
        var manifest = run.manifest();
        manifest.put("status", "running");
        manifest.put("command", "./chirplens " + String.join(" ", invocation.words()));
        manifest.set("versions", Versions.all());
        Versions.gitRevision().ifPresent(revision -> manifest.put("git_revision", revision));
        manifest.put("device", session.device());
        manifest.put("threads", session.threads());
        var hashes = manifest.putObject("hashes");
        hashes.put("data", data.identity());
        var labels = manifest.putObject("labels");
        var mean = labels.putArray("mean");
        var std = labels.putArray("std");
        for (int t = 0; t < data.scaling().mean().length; t++) {
            mean.add(data.scaling().mean()[t]);
            std.add(data.scaling().std()[t]);
        }
        TargetsJson.put(labels, data.scaling().targets());
        manifest.putObject("parameters")
                .put("trainable", parameters.trainable())
                .put("total", parameters.total());
        var images = manifest.putObject("images");
        images.put("training", data.split().train().length);
        images.put("validation", data.split().validation().length);
        images.put("test", data.split().test().length);
        run.save();
    }

    private static void sayGoodbye(Invocation invocation, Path directory) {
        String command = "./chirplens " + String.join(" ", invocation.words());
        String resume = invocation.has("resume") ? command : command + " --resume";
        invocation.console().warn("\nstopped; " + directory + " goes on with: " + resume);
    }
}
