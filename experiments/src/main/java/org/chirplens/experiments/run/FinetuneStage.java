package org.chirplens.experiments.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.chirplens.checkpoint.DType;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Split;
import org.chirplens.experiments.cli.ProgressLine;
import org.chirplens.experiments.config.ConfigTree;
import org.chirplens.experiments.config.ExperimentConfig;
import org.chirplens.experiments.config.ModelSettings.PatchEmbedding;
import org.chirplens.experiments.config.ModelSettings.Storage;
import org.chirplens.experiments.config.TrainingSettings;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.model.FloatArray;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.Precision;
import org.chirplens.model.VitConfig;
import org.chirplens.training.ChirpCells;
import org.chirplens.training.ChirpFinder;
import org.chirplens.training.EpochRecord;
import org.chirplens.training.ParameterCount;
import org.chirplens.training.PatchWhitening;
import org.chirplens.training.Pretext;
import org.chirplens.training.Schedule;
import org.chirplens.training.Trainable;
import org.chirplens.training.Trainer;
import org.chirplens.training.TrainingConfig;
import org.chirplens.training.TrainingData;
import org.chirplens.training.TrainingListener;
import org.chirplens.training.TrainingResult;
import org.jspecify.annotations.Nullable;

/** Fine-tunes, from the last whole epoch on, and writes the best model; or takes a fine-tuned one. */
final class FinetuneStage {
    private FinetuneStage() {}

    static void run(RunContext context) {
        Path finetuned = context.config().model().finetuned();
        if (finetuned == null) {
            train(context);
        } else {
            context.console().info("nothing to train: " + finetuned + " is analysed as it is");
            ModelDirectory.copy(OpenModel.locate(finetuned), context.files().model());
        }
        ((ObjectNode) context.directory().manifest().get("hashes"))
                .put("model", ModelDirectory.fingerprint(context.files().model()));
    }

    private static void train(RunContext context) {
        StartingModel start = StartingModel.of(context.loaded(), context.data().scaling());
        TrainingConfig training = training(context.config());
        ParameterCount parameters = ParameterCount.of(start.config(), training::trains);
        context.console().info("trainable parameters: " + parameters);
        if (training.train() == Trainable.BACKBONE && context.config().model().backbone() != null) {
            context.console().info("regression head: " + (start.keepsHead() ? "the backbone's" : "a new one"));
        }
        context.directory()
                .manifest()
                .putObject("parameters")
                .put("trainable", parameters.trainable())
                .put("total", parameters.total());
        TrainingData data = data(context, start.config().vit());
        TrainingResult result;
        try (ProgressLine line = context.console().progress("training", "images")) {
            result = new Trainer(start.config(), training, context.session())
                    .run(
                            data,
                            initial(context, start, data),
                            context.files().directory(),
                            true,
                            listener(line, context.data().split(), training.axesEpochs()));
        }
        ModelCard card = new ModelCard(
                TargetsJson.names(context.data().scaling().targets()),
                Arrays.stream(context.data().scaling().mean()).boxed().toList(),
                Arrays.stream(context.data().scaling().std()).boxed().toList(),
                context.data().recipe().key(),
                provenance(context, result));
        ModelDirectory.write(
                context.files().model(),
                new TrainedModel(start.config(), result.weights(), card),
                context.config().model().storage() == Storage.FLOAT16 ? DType.F16 : DType.F32);
        describe(context.directory().manifest().putObject("training"), result);
    }

    private static Map<String, FloatArray> initial(RunContext context, StartingModel start, TrainingData data) {
        return whitened(context.config())
                ? PatchWhitening.of(
                        start.config().vit(),
                        data,
                        start.weights(),
                        context.session().threads())
                : start.weights();
    }

    private static boolean whitened(ExperimentConfig config) {
        return config.model().patchEmbedding() == PatchEmbedding.WHITENED;
    }

    private static void describe(ObjectNode tree, TrainingResult result) {
        tree.put("epochs", result.epochs().size());
        tree.put("best_epoch", result.bestEpoch());
        tree.put(
                "seconds",
                result.epochs().stream().mapToDouble(EpochRecord::seconds).sum());
    }

    /**
     * How a config trains.
     *
     * @throws IllegalArgumentException when its settings do not go together
     */
    static TrainingConfig training(ExperimentConfig config) {
        TrainingSettings settings = config.training();
        return TrainingConfig.released()
                .with()
                .train(Trainable.valueOf(settings.train().name()))
                .fixedPatches(whitened(config))
                .epochs(settings.epochs())
                .axesEpochs(settings.axesEpochs())
                .batchSize(settings.batchSize())
                .epochImages(settings.epochImages())
                .learningRate(settings.learningRate())
                .weightDecay(settings.weightDecay())
                .schedule(schedule(settings))
                .warmupSteps(settings.warmupSteps())
                .earlyStoppingPatience(settings.earlyStoppingPatience())
                .clipNorm(settings.clipNorm())
                .secondBeta(settings.secondBeta())
                .matrixLearningRate(settings.matrixLearningRate())
                .smoothL1(settings.smoothL1())
                .pretext(pretext(settings.pretext()))
                .precision(Precision.valueOf(settings.precision().name()))
                .accumulate(settings.accumulate())
                .seed(config.seed())
                .build();
    }

    private static Schedule schedule(TrainingSettings settings) {
        return switch (settings.schedule()) {
            case COSINE -> Schedule.cosine();
            case PLATEAU ->
                new Schedule.Plateau(
                        settings.plateauFactor(),
                        settings.plateauPatience(),
                        ((Schedule.Plateau) Schedule.plateau()).threshold());
        };
    }

    private static TrainingData data(RunContext context, VitConfig vit) {
        RunData data = context.data();
        return new TrainingData(
                data.images(),
                data.split().train(),
                data.split().choosing(),
                data.recipe(),
                data.scaling(),
                finder(context, vit),
                axes(context, vit),
                context.readers(),
                (long) (context.config().runtime().keptImagesGb() * 1e9));
    }

    private static Pretext pretext(TrainingSettings.Pretext settings) {
        return new Pretext(settings.ridge(), settings.ends(), settings.labels(), settings.cellSize());
    }

    /** Where in each image the chirp is; null when the run has no task that asks for it. */
    private static @Nullable ChirpFinder finder(RunContext context, VitConfig vit) {
        Pretext pretext = pretext(context.config().training().pretext());
        if (!pretext.isOn()) {
            return null;
        }
        ImageSet images = context.data().images();
        return image -> {
            Chirp chirp = images.chirp(image);
            ChirpFigure figure = images.figure();
            if (chirp == null || figure == null) {
                throw new IllegalStateException(
                        "the config's rules let only chirps have a ridge, found " + images.name(image));
            }
            float[] ridge = figure.ridgeOnPatches(chirp, vit.imageSize(), pretext.cellSize());
            int[] ends = figure.endsOnPatches(chirp, vit.imageSize(), pretext.cellSize());
            return new ChirpCells(ridge, ends[0], ends[1]);
        };
    }

    /** The patches that the axes are in; null when no epoch asks for them. */
    private static @Nullable PatchWindow axes(RunContext context, VitConfig vit) {
        if (context.config().training().axesEpochs() == 0) {
            return null;
        }
        ChirpFigure figure = context.data().images().figure();
        if (figure == null) {
            throw new IllegalStateException("the config's rules let only figures have axes");
        }
        int[] corners = figure.axesOnPatches(vit.imageSize(), vit.patchSize());
        return PatchWindow.between(corners[0], corners[1], vit.patchGrid());
    }

    private static TrainingListener listener(ProgressLine line, Split split, int axesEpochs) {
        String choosing = split.validation().length > 0 ? "validation" : "test";
        return new TrainingListener() {
            @Override
            public void progress(Progress p) {
                String phase = p.phase() == Phase.TRAINING
                        ? String.format(Locale.ROOT, "epoch %d/%d  loss %.3f", p.epoch(), p.epochs(), p.loss())
                        : "epoch " + p.epoch() + "/" + p.epochs() + "  validating";
                line.update(p.imagesDone(), p.imagesTotal(), p.imagesPerSecond(), p.etaSeconds(), phase);
            }

            @Override
            public void epoch(EpochRecord epoch) {
                line.message(describe(epoch, choosing) + (epoch.epoch() <= axesEpochs ? "  axes alone" : ""));
            }
        };
    }

    private static String describe(EpochRecord epoch, String choosing) {
        StringBuilder r = new StringBuilder();
        epoch.validation().targets().forEach(t -> r.append(String.format(Locale.ROOT, " %.3f", t.pearsonR())));
        return String.format(
                Locale.ROOT,
                "epoch %d  %,d images  training loss %.4f  %s loss %.4f  r%s  %s",
                epoch.epoch(),
                epoch.images(),
                epoch.trainLoss(),
                choosing,
                epoch.validation().mse(),
                r,
                ProgressLine.duration(epoch.seconds()));
    }

    private static ObjectNode provenance(RunContext context, TrainingResult result) {
        ObjectNode provenance = JsonNodeFactory.instance.objectNode();
        ObjectNode manifest = context.directory().manifest();
        provenance.put("name", context.loaded().name());
        provenance.set("config", ConfigTree.of(context.loaded()));
        provenance.set("versions", manifest.get("versions").deepCopy());
        if (manifest.has("git_revision")) {
            provenance.set("git_revision", manifest.get("git_revision"));
        }
        provenance.put("data", context.data().identity());
        provenance.put("epochs", result.epochs().size());
        provenance.put("best_epoch", result.bestEpoch());
        return provenance;
    }
}
