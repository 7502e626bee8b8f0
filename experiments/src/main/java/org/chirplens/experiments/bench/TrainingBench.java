package org.chirplens.experiments.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
import org.chirplens.training.TrainingConfig;
import org.chirplens.training.TrainingGraph;

/**
 * What a fine-tuning step costs on images that are drawn for it or kept from an earlier epoch, and what else costs how much on the
 * same images: the bare step on tensors that are made already, a forward pass, drawing and preparing the images. All are measured
 * in turns, several times, so that other work on the machine hits them alike; medians count.
 */
public final class TrainingBench {
    /** Turns of the measurements. */
    public static final int TURNS = 3;

    /** Processor time that a measurement takes at least, about: the clock ticks a hundred times a second. */
    public static final double LEAST_SECONDS = 2;

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
     * What was measured, each for the same number of images in batches of the same size.
     *
     * @param whole drawing, preparing, labels and the optimizer step: the first epoch, or the only one
     * @param later the same with images that are kept from an earlier epoch
     * @param step the step alone, on tensors that are made already
     * @param forward predictions for as many images, in an inference graph
     * @param data drawing and preparing the images
     * @param peakMib the most resident memory of the process while it trained, where Linux tells
     * @param gigaFlop billions of operations of one image's share of a step
     * @param gpu whether a GPU computes, and rates are by the time that passes
     * @param profile of one more step, or of its first part
     */
    public record Costs(
            Cost whole,
            Cost later,
            Cost step,
            Cost forward,
            Cost data,
            OptionalDouble peakMib,
            double gigaFlop,
            boolean gpu,
            OperationProfile profile) {
        /** Billions of operations in a second of the step alone. */
        public double gigaFlops() {
            return gigaFlop * step.perSecond(gpu);
        }

        /** How many forward passes a step is. */
        public double forwards() {
            return forward.ratio(step);
        }

        /** The share of the whole that is not the step's arithmetic. */
        public double surroundings() {
            return 1 - step.cpuMillis() / whole.cpuMillis();
        }

        /** The share of a later epoch that is not the step's arithmetic. */
        public double laterSurroundings() {
            return 1 - step.cpuMillis() / later.cpuMillis();
        }

        /** The share of the whole that is drawing and preparing images; the rest of the surroundings is copies and calls. */
        public double dataShare() {
            return data.cpuMillis() / whole.cpuMillis();
        }
    }

    /**
     * Measures.
     *
     * @param weights every parameter of the model
     * @param training batch size, parts, precision and learning rate of the steps
     * @param readers threads that draw images
     * @param leastSeconds processor time of a measurement, at least
     */
    public static Costs run(
            ModelConfig model,
            Map<String, FloatArray> weights,
            TrainingConfig training,
            SessionOptions options,
            int readers,
            double leastSeconds) {
        return new TrainingBench(model, weights, training, options, readers).run(leastSeconds);
    }

    private Costs run(double leastSeconds) {
        Meter.resetPeakMemory();
        try (TrainingGraph graph = new TrainingGraph(model, training, options)) {
            graph.start(weights);
            train(graph, chirps, next(2));
            OptionalDouble peak = Meter.peakMemoryMib();
            try (InferenceModel inference = new InferenceModel(model, weights, options)) {
                return measure(graph, inference, peak, leastSeconds);
            }
        }
    }

    private Costs measure(TrainingGraph graph, InferenceModel inference, OptionalDouble peak, double leastSeconds) {
        int batch = training.batchSize();
        Batch one = new Batch(new int[batch], new float[batch * Preprocessing.length(imageSize())]);
        read(chirps, next(1), last -> System.arraycopy(last.pixels(), 0, one.pixels(), 0, one.pixels().length));
        inference.predict(one.pixels(), batch);
        read(chirps, next(WARM_UP_IMAGES / batch + 1), prepared -> {});
        double seconds = Meter.of(batch, () -> train(graph, chirps, next(1))).cpuSeconds();
        int steps = (int) Math.ceil(leastSeconds / seconds);
        int images = steps * batch;
        List<Cost> whole = new ArrayList<>();
        List<Cost> later = new ArrayList<>();
        List<Cost> step = new ArrayList<>();
        List<Cost> forward = new ArrayList<>();
        List<Cost> data = new ArrayList<>();
        int[] again = IntStream.range(0, images).toArray();
        try (KeptImages kept = keep(again)) {
            read(kept, again, prepared -> {});
            for (int turn = 0; turn < TURNS; turn++) {
                whole.add(Meter.of(images, () -> train(graph, chirps, next(steps))));
                later.add(Meter.of(images, () -> train(graph, kept, again)));
                step.add(Meter.of(
                        images,
                        () -> graph.repeat(
                                one.pixels(), labels(one), null, training.learningRate(), stepsDone, steps)));
                forward.add(Meter.ofEach(steps, pass -> inference.predict(one.pixels(), batch))
                        .of(images));
                data.add(Meter.of(images, () -> read(chirps, next(steps), prepared -> {})));
            }
        }
        return new Costs(
                Cost.median(whole),
                Cost.median(later),
                Cost.median(step),
                Cost.median(forward),
                Cost.median(data),
                peak,
                new ModelWork(model).adapterStep(),
                Devices.hasGpu(options),
                OperationProfile.of(graph.trace(one.pixels(), labels(one), null, training.learningRate(), stepsDone)));
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
