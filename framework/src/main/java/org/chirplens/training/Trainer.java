package org.chirplens.training;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.KeptImages;
import org.chirplens.dataset.Target;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.SessionOptions;
import org.jspecify.annotations.Nullable;

/**
 * Trains a model: epochs of shuffled batches, each followed by validation, the learning-rate schedule, early stopping
 * and a checkpoint. It writes {@code training.csv}, {@code tensorboard/} and {@code checkpoints/} into the run's
 * directory. A run that was stopped at any moment and is resumed with the same arguments ends in the same weights as
 * one that was not, on the same machine with the same session options.
 */
public final class Trainer {
    private final ModelConfig model;
    private final TrainingConfig config;
    private final SessionOptions options;

    /**
     * @throws IllegalArgumentException when the model has no regression head, or no adapters although only adapters
     *     and head are to be trained
     */
    public Trainer(ModelConfig model, TrainingConfig config, SessionOptions options) {
        Check.that(model.regressionHead(), "a model to be trained must have a regression head", model);
        Check.that(
                config.train() != Trainable.LORA || model.lora() != null,
                "a model whose adapters are to be trained must have adapters",
                model);
        Check.that(
                config.train() != Trainable.BACKBONE || model.lora() == null,
                "a backbone to be trained must have no adapters",
                model);
        this.model = model;
        this.config = config;
        this.options = options;
    }

    /**
     * Trains until the last epoch or until early stopping.
     *
     * @param data what to learn from
     * @param initial every parameter of the model, see {@link InitialWeights}
     * @param directory the run's directory, made when missing
     * @param resume whether to go on from the last checkpoint in the directory, if there is one; otherwise training
     *     starts anew and replaces what is there
     * @param listener hears of progress
     * @throws IllegalArgumentException when weights or data do not fit the configuration
     * @throws IllegalStateException when the loss is not finite, or the checkpoint is of another run
     */
    public TrainingResult run(
            TrainingData data,
            Map<String, FloatArray> initial,
            Path directory,
            boolean resume,
            TrainingListener listener) {
        Check.that(
                !config.pretext().isOn() || data.chirps() != null,
                "pretext tasks need to know where the chirps are; without that all must be 0",
                config.pretext());
        Check.that(
                !config.pretext().isOn()
                        || model.vit().patchSize() % config.pretext().cellSize() == 0,
                "the patch size " + model.vit().patchSize() + " must be a multiple of cellSize",
                config.pretext().cellSize());
        PatchWindow axes = data.axes();
        Check.that(
                config.axesEpochs() == 0 || axes != null,
                "epochs that see the axes alone need to know where these are; without that axesEpochs must be 0",
                config.axesEpochs());
        if (axes != null) {
            axes.requireIn(model.vit());
        }
        List<Target> targets = data.scaling().targets();
        Check.that(
                targets.size() == model.outputs(),
                "the model must have an output for each target of the data, " + Target.list(targets),
                model.outputs() + " outputs");
        CheckpointDirectory checkpoints = new CheckpointDirectory(directory.resolve("checkpoints"));
        if (!resume) {
            checkpoints.clear();
        }
        try (KeptImages images = images(data, directory);
                Run run = open(data, images, initial, checkpoints, listener)) {
            return run.toTheEnd(directory);
        }
    }

    /** A run at its start or at its last checkpoint, which is several times as large as the model and is let go here. */
    private Run open(
            TrainingData data,
            ImageSet images,
            Map<String, FloatArray> initial,
            CheckpointDirectory checkpoints,
            TrainingListener listener) {
        Map<String, String> identity = RunIdentity.of(model, config, data, initial);
        Optional<Checkpoint> saved = checkpoints.latest().map(path -> {
            Checkpoint checkpoint = CheckpointDirectory.read(path);
            RunIdentity.require(identity, checkpoint.progress().identity(), path);
            return checkpoint;
        });
        Run run = new Run(data, images, initial, identity, checkpoints, saved, listener);
        try {
            saved.ifPresentOrElse(run::restore, run::start);
        } catch (RuntimeException e) {
            run.close();
            throw e;
        }
        return run;
    }

    /** Validation images are needed in every epoch, training images perhaps only once. */
    private KeptImages images(TrainingData data, Path directory) {
        int[] again = data.validation();
        if ((long) config.epochs() * config.imagesPerEpoch(data.train().length) > data.train().length) {
            again = Arrays.copyOf(again, again.length + data.train().length);
            System.arraycopy(data.train(), 0, again, data.validation().length, data.train().length);
        }
        return new KeptImages(
                data.images(),
                data.preprocessing(),
                model.vit().imageSize(),
                again,
                data.keptBytes(),
                directory.resolve("prepared-images.tmp"));
    }

    /** One run under way. */
    private final class Run implements AutoCloseable {
        private final TrainingData data;
        private final ImageSet images;
        private final Map<String, FloatArray> initial;
        private final Map<String, String> identity;
        private final CheckpointDirectory checkpoints;
        private final TrainingListener listener;
        private final ProgressMeter meter;
        private final LearningRate learningRate;
        private final int epochImages;

        private PatchWindow window;
        private TrainingGraph graph;
        private EarlyStopping earlyStopping = EarlyStopping.start();
        private Map<String, FloatArray> best = Map.of();
        private List<EpochRecord> epochs = new ArrayList<>();
        private long step;

        Run(
                TrainingData data,
                ImageSet images,
                Map<String, FloatArray> initial,
                Map<String, String> identity,
                CheckpointDirectory checkpoints,
                Optional<Checkpoint> saved,
                TrainingListener listener) {
            this.data = data;
            this.images = images;
            this.initial = initial;
            this.identity = identity;
            this.checkpoints = checkpoints;
            this.listener = listener;
            this.epochImages = config.imagesPerEpoch(data.train().length);
            this.meter = new ProgressMeter(
                    listener,
                    config.epochs(),
                    epochImages,
                    data.validation().length,
                    epoch -> window(epoch).patches(),
                    System::nanoTime);
            this.learningRate =
                    new LearningRate(config, (long) config.epochs() * config.stepsPerEpoch(data.train().length));
            int done = saved.map(checkpoint -> checkpoint.progress().epochs().size())
                    .orElse(0);
            this.window = window(Math.min(done + 1, config.epochs()));
            this.graph = new TrainingGraph(model, config, window, options);
        }

        void start() {
            graph.start(initial);
        }

        void restore(Checkpoint saved) {
            graph.restore(initial, saved.state());
            best = saved.best();
            step = saved.progress().step();
            earlyStopping = saved.progress().earlyStopping();
            learningRate.restore(saved.progress().learningRate());
            epochs = new ArrayList<>(saved.progress().epochs());
        }

        /** What the model sees of images in an epoch. */
        private PatchWindow window(int epoch) {
            PatchWindow axes = data.axes();
            return epoch <= config.axesEpochs() && axes != null ? axes : PatchWindow.whole(model.vit());
        }

        /** Goes on in a graph that sees other patches. */
        private void see(PatchWindow patches) {
            if (!patches.equals(window)) {
                Map<String, FloatArray> state = graph.state();
                graph.close();
                window = patches;
                graph = new TrainingGraph(model, config, patches, options);
                graph.restore(initial, state);
            }
        }

        TrainingResult toTheEnd(Path directory) {
            List<Target> targets = data.scaling().targets();
            epochs.forEach(listener::epoch);
            if (!epochs.isEmpty()) {
                // The process may have ended between the checkpoint of an epoch and its row.
                TrainingLog.write(directory.resolve("training.csv"), targets, epochs);
            }
            try (TensorBoardEvents events = TensorBoardEvents.open(directory.resolve("tensorboard"), targets, epochs)) {
                while (epochs.size() < config.epochs() && !shouldStop()) {
                    EpochRecord epoch = epoch(epochs.size() + 1);
                    TrainingLog.write(directory.resolve("training.csv"), targets, epochs);
                    events.append(epoch);
                    listener.epoch(epoch);
                }
            }
            Map<String, FloatArray> weights = new LinkedHashMap<>(initial);
            weights.replaceAll(best::getOrDefault);
            return new TrainingResult(weights, epochs, earlyStopping.bestEpoch(), shouldStop());
        }

        private boolean shouldStop() {
            return earlyStopping.shouldStop(config.earlyStoppingPatience());
        }

        private EpochRecord epoch(int number) {
            see(window(number));
            meter.startEpoch(number);
            train(number);
            RegressionMetrics metrics = validate().metrics(data.scaling());
            if (!Double.isFinite(metrics.mse())) {
                throw new IllegalStateException("the validation loss became " + metrics.mse() + " in epoch " + number
                        + "; a lower learning rate or clipNorm may help");
            }
            double lastRate = learningRate.at(step - 1);
            if (number > config.axesEpochs()) { // a loss of whole images is another thing than one of axes
                learningRate.epochEnded(metrics.mse());
                earlyStopping = earlyStopping.after(number, metrics.mse());
            }
            long images = (long) number * epochImages;
            EpochRecord epoch =
                    new EpochRecord(number, images, meter.trainLoss(), metrics, lastRate, meter.epochSeconds());
            epochs.add(epoch);
            save(number);
            return epoch;
        }

        private void train(int number) {
            int[] indices = RandomStreams.epoch(data.train(), config.seed(), number - 1, epochImages);
            try (BatchReader batches = batches(indices);
                    ChirpCellsReader chirps = chirps(indices)) {
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    float[] labels = data.labels(batch.indices());
                    double rate = learningRate.at(step);
                    TrainingGraph.Loss loss =
                            graph.step(batch.pixels(), labels, chirps == null ? null : chirps.next(), rate, step);
                    requireFinite(loss, rate, number);
                    step++;
                    meter.trained(batch.indices().length, loss.regression());
                }
            }
        }

        private Predictions validate() {
            int[] indices = data.validation();
            Evaluation.Collected collected =
                    new Evaluation.Collected(images, indices, data.scaling(), meter::validated);
            try (BatchReader batches = batches(indices)) {
                batches.forEachRemaining(batch -> collected.add(batch, graph.predict(batch.pixels(), batch.size())));
            }
            return collected.predictions();
        }

        private BatchReader batches(int[] indices) {
            return new BatchReader(
                    images,
                    indices,
                    config.batchSize(),
                    data.preprocessing(),
                    model.vit().imageSize(),
                    data.readerThreads());
        }

        private @Nullable ChirpCellsReader chirps(int[] indices) {
            ChirpFinder finder = data.chirps();
            return config.pretext().isOn() && finder != null
                    ? new ChirpCellsReader(finder, indices, config.batchSize())
                    : null;
        }

        private void requireFinite(TrainingGraph.Loss loss, double rate, int epoch) {
            if (!Double.isFinite(loss.total())) {
                throw new IllegalStateException("the loss became " + loss.total() + " in step " + (step + 1)
                        + " (epoch " + epoch + ") at learning rate " + rate
                        + "; lower learningRate, or set clipNorm or warmupSteps");
            }
        }

        @Override
        public void close() {
            graph.close();
        }

        private void save(int number) {
            Map<String, FloatArray> state = graph.state();
            if (earlyStopping.isBest(number)) {
                Map<String, FloatArray> parameters = new LinkedHashMap<>(state);
                parameters.keySet().retainAll(initial.keySet());
                best = parameters;
            }
            checkpoints.write(new Checkpoint(
                    new Checkpoint.Progress(identity, step, learningRate.state(), earlyStopping, List.copyOf(epochs)),
                    state,
                    best));
        }
    }
}
