package org.chirplens.experiments.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.KeptImages;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.Devices;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.training.PreparedStep;
import org.chirplens.training.TrainingConfig;
import org.chirplens.training.TrainingGraph;

/**
 * What a fine-tuning step costs on images that are drawn for it or kept from an earlier epoch, and what else costs how much on the
 * same images: the bare step on tensors that are made already, a forward pass, drawing and preparing the images. All are measured
 * in turns, many times, so that other work on the machine hits them alike; medians count.
 */
public final class TrainingBench {
    /** Turns of the measurements, at least. */
    public static final int LEAST_TURNS = 3;

    /** Processor time that all turns together take, at least: single turns differ by some percent. */
    public static final int SECONDS = 180;

    /** Processor time that the longest measurement of a turn takes at least, about: the clock ticks a hundred times a second. */
    private static final double LEAST_SECONDS = 2;

    private static final long SEED = 1;
    private static final int SCALING_IMAGES = 1000;

    /** Images that are drawn before the clock starts, so that the JIT compiler is done with the code that draws. */
    private static final int WARM_UP_IMAGES = 5000;

    private final ModelConfig model;
    private final Map<String, FloatArray> weights;
    private final TrainingConfig training;
    private final SessionOptions options;
    private final int readers;
    private final GeneratedChirps chirps = new GeneratedChirps(Population.released(), SEED, 0, Integer.MAX_VALUE);
    private final TargetScaling scaling =
            TargetScaling.over(chirps, IntStream.range(0, SCALING_IMAGES).toArray());
    private int imagesUsed;
    private long stepsDone;

    private TrainingBench(
            ModelConfig model,
            Map<String, FloatArray> weights,
            TrainingConfig training,
            SessionOptions options,
            int readers) {
        this.model = model;
        this.weights = weights;
        this.training = training;
        this.options = options;
        this.readers = readers;
    }

    /**
     * What was measured next to each other, each for the same number of images in batches of the same size.
     *
     * @param whole drawing, preparing, labels and the optimizer step: the first epoch, or the only one
     * @param later the same with images that are kept from an earlier epoch
     * @param step the step alone, on tensors that are made already
     * @param forward predictions for as many images, in an inference graph
     * @param data drawing and preparing the images
     */
    public record Turn(Cost whole, Cost later, Cost step, Cost forward, Cost data) {
        /** The share of the whole that is not the step's arithmetic. */
        double surroundings() {
            return 1 - step.cpuMillis() / whole.cpuMillis();
        }

        /** The share of a later epoch that is not the step's arithmetic. */
        double laterSurroundings() {
            return 1 - step.cpuMillis() / later.cpuMillis();
        }

        double cpuSeconds() {
            return Stream.of(whole, later, step, forward, data)
                    .mapToDouble(Cost::cpuSeconds)
                    .sum();
        }
    }

    /** The quartiles of a figure over the turns. */
    public record Quartiles(double lower, double median, double upper) {
        static Quartiles of(List<Turn> turns, ToDoubleFunction<Turn> figure) {
            double[] sorted = turns.stream().mapToDouble(figure).sorted().toArray();
            return new Quartiles(
                    Bootstrap.quantile(sorted, 0.25),
                    Bootstrap.quantile(sorted, 0.5),
                    Bootstrap.quantile(sorted, 0.75));
        }
    }

    /**
     * What was measured in all.
     *
     * @param turns at least one
     * @param peakMib the most resident memory of the process while it trained, where Linux tells
     * @param gigaFlop billions of operations of one image's share of a step
     * @param gpu whether a GPU computes, and rates are by the time that passes
     * @param profile of one more step, or of its first part
     */
    public record Costs(
            List<Turn> turns, OptionalDouble peakMib, double gigaFlop, boolean gpu, OperationProfile profile) {
        /** The median of the turns, see {@link Turn#whole}. */
        public Cost whole() {
            return median(Turn::whole);
        }

        /** The median of the turns, see {@link Turn#later}. */
        public Cost later() {
            return median(Turn::later);
        }

        /** The median of the turns, see {@link Turn#step}. */
        public Cost step() {
            return median(Turn::step);
        }

        /** The median of the turns, see {@link Turn#forward}. */
        public Cost forward() {
            return median(Turn::forward);
        }

        /** The median of the turns, see {@link Turn#data}. */
        public Cost data() {
            return median(Turn::data);
        }

        private Cost median(Function<Turn, Cost> part) {
            return Cost.median(turns.stream().map(part).toList(), gpu ? Cost::wallMillis : Cost::cpuMillis);
        }

        /** Billions of operations in a second of the step alone. */
        public double gigaFlops() {
            return gigaFlop * step().perSecond(gpu);
        }

        /** How many forward passes a step is. */
        public double forwards() {
            return forward().ratio(step());
        }

        /** The share of the whole that is not the step's arithmetic; each turn compares what was measured next to each other. */
        public Quartiles surroundings() {
            return Quartiles.of(turns, Turn::surroundings);
        }

        /** The share of a later epoch that is not the step's arithmetic. */
        public Quartiles laterSurroundings() {
            return Quartiles.of(turns, Turn::laterSurroundings);
        }

        /** The share of the whole that is drawing and preparing images; the rest of the surroundings is copies and calls. */
        public double dataShare() {
            return data().cpuMillis() / whole().cpuMillis();
        }
    }

    /**
     * Measures.
     *
     * @param weights every parameter of the model
     * @param training batch size, parts, precision and learning rate of the steps
     * @param readers threads that draw images
     * @param seconds processor time of all turns, at least
     */
    public static Costs run(
            ModelConfig model,
            Map<String, FloatArray> weights,
            TrainingConfig training,
            SessionOptions options,
            int readers,
            double seconds) {
        return new TrainingBench(model, weights, training, options, readers).run(seconds);
    }

    private Costs run(double seconds) {
        Meter.resetPeakMemory();
        try (TrainingGraph graph = new TrainingGraph(model, training, options)) {
            graph.start(weights);
            train(graph, chirps, next(2));
            OptionalDouble peak = Meter.peakMemoryMib();
            try (InferenceModel inference = new InferenceModel(model, weights, options)) {
                return measure(graph, inference, peak, seconds);
            }
        }
    }

    private Costs measure(TrainingGraph graph, InferenceModel inference, OptionalDouble peak, double seconds) {
        int batch = training.batchSize();
        Batch one = new Batch(new int[batch], new float[batch * Preprocessing.length(imageSize())]);
        read(chirps, next(1), last -> System.arraycopy(last.pixels(), 0, one.pixels(), 0, one.pixels().length));
        inference.predict(one.pixels(), batch);
        read(chirps, next(WARM_UP_IMAGES / batch + 1), prepared -> {});
        double ofOneStep = Meter.of(batch, () -> train(graph, chirps, next(1))).cpuSeconds();
        int steps = (int) Math.ceil(Math.min(seconds, LEAST_SECONDS) / ofOneStep);
        int[] again = IntStream.range(0, steps * batch).toArray();
        try (KeptImages kept = keep(again);
                PreparedStep step =
                        graph.prepare(one.pixels(), labels(one), null, training.learningRate(), stepsDone)) {
            read(kept, again, prepared -> {});
            List<Turn> turns = new ArrayList<>();
            double used = 0;
            while (turns.size() < LEAST_TURNS || used < seconds) {
                Turn turn = turn(graph, inference, kept, again, step, one, steps);
                turns.add(turn);
                used += turn.cpuSeconds();
            }
            return new Costs(
                    List.copyOf(turns),
                    peak,
                    new ModelWork(model).adapterStep(),
                    Devices.hasGpu(options),
                    OperationProfile.of(step.trace()));
        }
    }

    private Turn turn(
            TrainingGraph graph,
            InferenceModel inference,
            KeptImages kept,
            int[] again,
            PreparedStep step,
            Batch one,
            int steps) {
        int images = again.length;
        return new Turn(
                Meter.of(images, () -> train(graph, chirps, next(steps))),
                Meter.of(images, () -> train(graph, kept, again)),
                Meter.ofEach(steps, taken -> step.take()).of(images),
                Meter.ofEach(steps, pass -> inference.predict(one.pixels(), one.size()))
                        .of(images),
                Meter.of(images, () -> read(chirps, next(steps), prepared -> {})));
    }

    /** The first images, kept as a training keeps them. */
    private KeptImages keep(int[] again) {
        try {
            return new KeptImages(
                    new GeneratedChirps(Population.released(), SEED, 0, again.length),
                    Preprocessing.TRAINING,
                    imageSize(),
                    again,
                    Long.MAX_VALUE,
                    Files.createTempFile("chirplens-bench", ".tmp"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep images in a temporary file", e);
        }
    }

    private int imageSize() {
        return model.vit().imageSize();
    }

    /** As training does: reader threads draw the next images while a step is computed. */
    private void train(TrainingGraph graph, ImageSet images, int[] indices) {
        read(
                images,
                indices,
                batch -> graph.step(batch.pixels(), labels(batch), null, training.learningRate(), stepsDone++));
    }

    /** Images for some steps that were not drawn before. */
    private int[] next(int steps) {
        int first = imagesUsed;
        imagesUsed += steps * training.batchSize();
        return IntStream.range(first, imagesUsed).toArray();
    }

    private void read(ImageSet images, int[] indices, Consumer<Batch> use) {
        try (BatchReader reader =
                new BatchReader(images, indices, training.batchSize(), Preprocessing.TRAINING, imageSize(), readers)) {
            reader.forEachRemaining(use);
        }
    }

    private float[] labels(Batch batch) {
        int targets = scaling.targets().size();
        float[] labels = new float[batch.size() * targets];
        for (int i = 0; i < batch.size(); i++) {
            float[] one = scaling.standardise(chirps.label(batch.indices()[i]));
            System.arraycopy(one, 0, labels, i * targets, targets);
        }
        return labels;
    }
}
