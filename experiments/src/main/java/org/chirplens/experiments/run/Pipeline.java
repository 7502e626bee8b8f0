package org.chirplens.experiments.run;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.chirplens.analysis.Protocol;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.file.Sha256;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.SessionOptions;
import org.jspecify.annotations.Nullable;

/** Runs stages one after the other into a run directory, leaving out those that are done. */
public final class Pipeline {
    private static final String REPORT = "report";

    private static final Stage DATA = new Stage("data", "data", DataStage::run);
    private static final Stage EVALUATE = new Stage("evaluate", "evaluate", EvaluateStage::run);
    private static final Stage WRITE_REPORT = new Stage(
            REPORT, "report", context -> RunReport.render(context.files().directory()));

    /** Everything, from data to report. */
    public static final List<Stage> WHOLE = List.of(
            DATA,
            new Stage("finetune", "fine-tune", FinetuneStage::run),
            EVALUATE,
            new Stage("attention", "attention maps", AttentionStage::run),
            new Stage("atlas", "head atlas", AtlasStage::run),
            new Stage("ablate", "ablate every head", AblateStage::run),
            new Stage("attribute", "attribute beyond single heads", AttributeStage::run),
            new Stage("export", "export", ExportStage::run),
            WRITE_REPORT);

    /** Data, fine-tuning and evaluation. */
    public static final List<Stage> FINETUNE = WHOLE.subList(0, 3);

    /** A backbone from nothing: data, training, evaluation and report. */
    public static final List<Stage> PRETRAIN =
            List.of(DATA, new Stage("finetune", "pretrain", FinetuneStage::run), EVALUATE, WRITE_REPORT);

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
        // A backbone that does not fit is found before anything is written.
        Start start = check(config, RunData.open(config));
        Thread farewell = new Thread(() -> sayGoodbye(invocation, directory));
        Runtime.getRuntime().addShutdownHook(farewell);
        try {
            run(config, directory, stages, start, Means.of(invocation, session, threads));
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
        }
        return ExitCode.DONE;
    }

    /**
     * What a run works with besides config and data.
     *
     * @param session device and threads
     * @param readers threads that read or draw images
     * @param console for progress
     * @param command the command line that asked for it, for the manifest
     */
    public record Means(SessionOptions session, int readers, Console console, String command) {
        static Means of(Invocation invocation, SessionOptions session, int threads) {
            return new Means(session, invocation.readers(threads), invocation.console(), invocation.command());
        }
    }

    /**
     * What a run starts from.
     *
     * @param data its images
     * @param model the size of its model
     * @param backbone SHA-256 over the backbone's parameters; null where none is read
     * @param finetuned SHA-256 over the fine-tuned model that is analysed; null where one is trained
     */
    public record Start(
            RunData data,
            ModelConfig model,
            @Nullable String backbone,
            @Nullable String finetuned) {}

    /**
     * Insists, without writing anything, that model, training and analysis fit each other and the data.
     *
     * @return what the run starts from
     * @throws IllegalArgumentException when they do not
     */
    public static Start check(LoadedConfig config, RunData data) {
        FinetuneStage.training(config.config());
        int choosing = config.config().analysis().selectionImages();
        Selection ablated = data.test(config.config().analysis().ablationImages(), 1);
        int images = ablated.size();
        if (choosing > 0 && choosing > images - 2) {
            throw config.problem(
                    "analysis.selectionImages",
                    "must leave at least 2 of the " + images + " ablation images, found " + choosing);
        }
        if (choosing > 0 && AblateStage.choosing(ablated, choosing) == 0) {
            throw config.problem(
                    "analysis.selectionImages",
                    "must hold an image and all its counterfactuals, "
                            + data.images().groupSize() + " images, found " + choosing);
        }
        List<Protocol> protocols = config.config().analysis().protocols();
        if (images < 2 && protocols.contains(Protocol.RESAMPLE)) {
            throw config.problem(
                    "analysis.protocols",
                    "must leave out resample, which takes contexts from another image, with fewer than 2 ablation"
                            + " images, found " + images);
        }
        StartingModel model = StartingModel.of(config, data.scaling());
        if (model.config().vit().numHeads() < 2 && protocols.contains(Protocol.OTHER_HEAD)) {
            throw config.problem(
                    "analysis.protocols",
                    "must leave out other_head, which takes contexts from another head of the layer, with a model of"
                            + " 1 head a layer");
        }
        Path finetuned = config.config().model().finetuned();
        return new Start(
                data,
                model.config(),
                fingerprint(config, model),
                finetuned == null ? null : ModelDirectory.fingerprint(OpenModel.locate(finetuned)));
    }

    /** SHA-256 over the backbone's parameters, as they were read; null where the run reads no backbone. */
    private static @Nullable String fingerprint(LoadedConfig config, StartingModel model) {
        if (config.config().model().backbone() == null) {
            return null;
        }
        Sha256 sha = new Sha256();
        new TreeMap<>(model.weights()).forEach((name, weights) -> {
            if (!Parameters.isLora(name) && !Parameters.isRegressionHead(name)) {
                sha.add(name).add(weights.data());
            }
        });
        return sha.hex();
    }

    /** Runs stages into a directory that {@link RunDirectory#check} has accepted, leaving out those that are done. */
    public static void run(LoadedConfig config, Path directory, List<Stage> stages, Start start, Means means) {
        try (RunDirectory run = RunDirectory.open(directory, config)) {
            RunDirectory.requireSameStart(run.files(), start);
            RunDirectory.requireSamePrecision(run.files(), means.session());
            describe(run, start, means);
            run(new RunContext(config, run, start.data(), means.session(), means.readers(), means.console()), stages);
        }
    }

    /** The stages of these keys, in the order of {@link #WHOLE}. */
    public static List<Stage> stages(Collection<String> keys) {
        return WHOLE.stream().filter(stage -> keys.contains(stage.key())).toList();
    }

    private static boolean isComplete(Path directory, LoadedConfig config, List<Stage> stages) {
        if (!Files.exists(new RunFiles(directory).manifest())) {
            return false;
        }
        List<String> keys = stages.stream().map(Stage::key).toList();
        try (RunDirectory run = RunDirectory.open(directory, config)) {
            return run.isDone(keys) && (!keys.contains(REPORT) || run.isDone());
        }
    }

    private static void run(RunContext context, List<Stage> stages) {
        long start = System.nanoTime();
        for (int i = 0; i < stages.size(); i++) {
            Stage stage = stages.get(i);
            String position = "[" + (i + 1) + "/" + stages.size() + "] " + stage.title();
            if (context.directory().isDone(List.of(stage.key()))) {
                context.console().info(position + ": done before");
                continue;
            }
            context.console().info(position);
            long begin = System.nanoTime();
            // A report of earlier stages alone is no report of all.
            context.directory().forget(REPORT);
            context.directory().note(stage.key(), false, 0);
            try {
                stage.work().run(context);
            } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
                notePart(context.directory(), stage, secondsSince(begin), e);
                throw e;
            }
            context.directory().note(stage.key(), true, secondsSince(begin));
        }
        context.directory().noteDone(manifest -> {
            if (stages.get(stages.size() - 1).key().equals(REPORT)) {
                // The report shows the manifest, which is only now complete.
                RunReport.renderPage(context.files().directory(), manifest);
            }
        });
        String took = ProgressLine.duration(secondsSince(start));
        context.console().info("done in " + took + ": " + context.files().directory());
    }

    private static double secondsSince(long begin) {
        return (System.nanoTime() - begin) / 1e9;
    }

    /** Notes how long a stage took until it failed. */
    private static void notePart(RunDirectory directory, Stage stage, double seconds, Throwable failure) {
        try {
            directory.note(stage.key(), false, seconds);
        } catch (UncheckedIOException e) {
            failure.addSuppressed(e);
        }
    }

    private static void describe(RunDirectory run, Start start, Means means) {
        RunData data = start.data();
        var manifest = run.manifest();
        manifest.put("status", "running");
        manifest.put("command", means.command());
        Versions.put(manifest, means.session());
        manifest.put(RunDirectory.PRECISION, means.session().arithmetic());
        var hashes =
                manifest.withObjectProperty("hashes"); // That of the model is there when fine-tuning was done before.
        hashes.put("data", data.identity());
        if (start.backbone() != null && !run.isDone(List.of(FINETUNE.get(1).key()))) {
            hashes.put(RunDirectory.BACKBONE, start.backbone());
        }
        var labels = manifest.putObject("labels");
        var mean = labels.putArray("mean");
        var std = labels.putArray("std");
        for (int t = 0; t < data.scaling().mean().length; t++) {
            mean.add(data.scaling().mean()[t]);
            std.add(data.scaling().std()[t]);
        }
        TargetsJson.put(labels, data.scaling().targets());
        var images = manifest.putObject("images");
        images.put("training", data.split().train().length);
        images.put("validation", data.split().validation().length);
        images.put("test", data.split().test().length);
        run.save();
    }

    private static void sayGoodbye(Invocation invocation, Path directory) {
        invocation.console().warn("\nstopped; " + directory + " goes on with: " + invocation.resumeCommand());
    }
}
