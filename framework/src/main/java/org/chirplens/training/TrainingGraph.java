package org.chirplens.training;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.SessionRun;
import org.chirplens.model.VisionTransformer;
import org.chirplens.training.StepFeeds.Part;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.framework.optimizers.Optimizer;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * A model in a session with its loss, gradients and optimizer: what {@link Trainer} runs, and what a single step can be
 * looked at with. {@link #start} comes first. Training runs it in few ways only, a step (or its parts), a prediction and a copy
 * of the trained state: TensorFlow prepares the graph anew for every distinct set of feeds and fetches.
 */
public final class TrainingGraph implements AutoCloseable {
    private final Graph graph = new Graph();
    private final Session session;
    private final VisionTransformer model;
    private final Placeholder<TFloat32> learningRate;
    private final StepFeeds feeds;
    private final Operand<TFloat32> regressionLoss;
    private final Operand<TFloat32> totalLoss;
    private final @Nullable PretextTask pretext;
    private final AdamW optimizer;
    private final @Nullable LossScale lossScale;
    private final @Nullable GradientSum sum;
    private final @Nullable StepInParts inParts;
    private final Op update;
    private final Map<String, Operand<TFloat32>> gradients = new LinkedHashMap<>();
    private final Map<String, Operand<TFloat32>> state = new LinkedHashMap<>();
    private final TrainingConfig training;

    /**
     * The loss of a batch.
     *
     * @param regression mean squared error over all standardised labels
     * @param total the regression's loss, squared or smooth L1, with the pretext tasks' share; this is what is differentiated
     */
    public record Loss(double regression, double total) {}

    /**
     * Builds the graph; no parameter has a value yet.
     *
     * @param config a model with a regression head; its adapters' dropout is that of {@link #step}
     * @param training which parameters move, weight decay, clipping, the pretext tasks, and the seed
     */
    public TrainingGraph(ModelConfig config, TrainingConfig training, SessionOptions options) {
        this(config, training, PatchWindow.whole(config.vit()), options);
    }

    /**
     * Builds a graph that sees a window of every image's patches. {@link #state} has the same names and shapes for every window, so that
     * another graph can go on from it.
     */
    TrainingGraph(ModelConfig config, TrainingConfig training, PatchWindow window, SessionOptions options) {
        this.training = training;
        Ops tf = Ops.create(graph);
        model = VisionTransformer.forTraining(tf, config, training.precision(), window);
        Placeholder<TFloat32> labels =
                tf.withName("labels").placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, config.outputs())));
        learningRate = tf.withName("learning_rate").placeholder(TFloat32.class, Placeholder.shape(Shape.scalar()));
        regressionLoss =
                tf.math.mean(tf.math.squaredDifference(model.predictions(), labels), tf.constant(new int[] {0, 1}));
        pretext = training.pretext().isOn()
                ? new PretextTask(tf, config.vit(), window, training.pretext(), model.lastHiddenState(), labels)
                : null;
        Operand<TFloat32> objective = training.smoothL1() > 0
                ? smoothL1(tf, tf.math.sub(model.predictions(), labels), (float) training.smoothL1())
                : tf.identity(regressionLoss); // one tensor cannot be fetched twice
        totalLoss = pretext == null ? objective : tf.math.add(objective, pretext.loss());
        feeds = new StepFeeds(config, training.seed(), model.pixels(), labels, pretext);
        Map<String, Variable<TFloat32>> trained = trained();
        optimizer = new AdamW(
                graph,
                List.copyOf(trained.values()),
                learningRate,
                training.weightDecay(),
                training.secondBeta(),
                training.clipNorm(),
                training.matrixLearningRate() > 0 ? muon(tf) : null);
        lossScale = training.precision() == Precision.FLOAT16 ? new LossScale(tf) : null;
        List<Operand<TFloat32>> own =
                optimizer.gradients(lossScale == null ? totalLoss : tf.math.mul(totalLoss, lossScale.value()));
        sum = training.accumulate() > 1 || lossScale != null ? new GradientSum(tf, trained, own, lossScale) : null;
        List<Operand<TFloat32>> whole = sum == null ? own : sum.gradients();
        List<Optimizer.GradAndVar<?>> pairs = optimizer.pairs(whole);
        pairs.forEach(pair -> gradients.put(
                pair.getVariable().op().name(), pair.getGradient().asOutput().expect(TFloat32.class)));
        update = optimizer.applyGradients(pairs, "train_step");
        inParts = sum == null ? null : new StepInParts(tf, sum, lossScale, whole, update);
        trained.forEach((name, variable) -> state.put(name, tf.identity(variable)));
        optimizer.state().variables().forEach((name, variable) -> state.put(name, tf.identity(variable)));
        if (lossScale != null) {
            lossScale.parameters().variables().forEach((name, variable) -> state.put(name, tf.identity(variable)));
        }
        session = options.open(graph);
    }

    /** Its rate keeps its ratio to AdamW's through the schedule. */
    private Muon muon(Ops tf) {
        double ratio = training.matrixLearningRate() / training.learningRate();
        return new Muon(tf.math.mul(learningRate, tf.constant((float) ratio)));
    }

    /** Mean of {@code e^2 / (2 beta)} for errors |e| below beta, and of {@code |e| - beta / 2} for others. */
    private static Operand<TFloat32> smoothL1(Ops tf, Operand<TFloat32> errors, float beta) {
        Operand<TFloat32> size = tf.math.abs(errors);
        Operand<TFloat32> capped = tf.math.minimum(size, tf.constant(beta));
        Operand<TFloat32> twice = tf.math.mul(capped, tf.math.sub(tf.math.add(size, size), capped));
        return tf.math.mul(tf.math.mean(twice, tf.constant(new int[] {0, 1})), tf.constant(0.5f / beta));
    }

    private Map<String, Variable<TFloat32>> trained() {
        Map<String, Variable<TFloat32>> trained = new LinkedHashMap<>();
        model.parameters().variables().forEach((name, variable) -> {
            if (training.trains(name)) {
                trained.put(name, variable);
            }
        });
        if (pretext != null) {
            trained.putAll(pretext.parameters().variables());
        }
        return trained;
    }

    /**
     * Sets every parameter of the model and the optimizer's state before the first step.
     *
     * @param weights every parameter of {@link org.chirplens.model.Parameters#shapes}
     * @throws IllegalArgumentException when one is missing or has another shape
     */
    public void start(Map<String, FloatArray> weights) {
        model.parameters().assign(session, weights);
        optimizer.state().assign(session, optimizer.initialState());
        if (pretext != null) {
            pretext.parameters().assign(session, pretext.initialState(training.seed()));
        }
        if (lossScale != null) {
            lossScale.parameters().assign(session, LossScale.initialState());
        }
        forgetParts();
    }

    private void forgetParts() {
        if (sum != null) {
            sum.parameters().assign(session, sum.zeros());
        }
    }

    /**
     * Goes on from {@link #state()}.
     *
     * @param weights what the run started from: the values of the parameters that are not trained
     */
    void restore(Map<String, FloatArray> weights, Map<String, FloatArray> saved) {
        Map<String, FloatArray> all = new LinkedHashMap<>(weights);
        all.replaceAll(saved::getOrDefault);
        model.parameters().assign(session, all);
        optimizer.state().assign(session, saved);
        if (pretext != null) {
            pretext.parameters().assign(session, saved);
        }
        if (lossScale != null) {
            lossScale.parameters().assign(session, saved);
        }
        forgetParts();
    }

    /**
     * A copy of all that training changes: the trained parameters, the pretext layer, the optimizer's variables, and in
     * float16 the loss scale.
     */
    public Map<String, FloatArray> state() {
        return copies(session.runner(), state);
    }

    /** A copy of every parameter of the model, trained or not. */
    public Map<String, FloatArray> parameters() {
        return model.parameters().read(session);
    }

    private static Map<String, FloatArray> copies(Session.Runner runner, Map<String, Operand<TFloat32>> values) {
        values.values().forEach(runner::fetch);
        Map<String, FloatArray> copies = new LinkedHashMap<>();
        try (Result result = SessionRun.of(runner)) {
            int i = 0;
            for (String name : values.keySet()) {
                copies.put(name, InferenceModel.copy((TFloat32) result.get(i++)));
            }
        }
        return copies;
    }

    /**
     * One optimizer step, in parts when training accumulates. In float16 a step is skipped, and the loss scale halved,
     * when a gradient is not finite.
     *
     * @param pixels [images, 3, S, S]
     * @param standardised labels [images, targets]
     * @param cells where the chirp of each image is; null without pretext tasks
     * @param rate the learning rate of this step
     * @param step number of the step in the run, which dropout's masks are drawn for
     * @return the loss before the update
     * @throws IllegalStateException when float16 gradients are not finite at the smallest loss scale either
     */
    public Loss step(float[] pixels, float[] standardised, ChirpCells @Nullable [] cells, double rate, long step) {
        List<Part> parts = parts(pixels, standardised, cells);
        if (inParts == null) {
            try (TFloat32 value = TFloat32.scalarOf((float) rate)) {
                return run(parts.get(0), step, runner -> runner.feed(learningRate, value)
                        .addTarget(update));
            }
        }
        Loss loss = add(parts, step);
        inParts.finish(session, learningRate, rate);
        return loss;
    }

    /**
     * Makes the tensors of a step, so that it can be taken again and again.
     *
     * @param pixels [images, 3, S, S]
     * @param standardised labels [images, targets]
     * @param cells where the chirp of each image is; null without pretext tasks
     * @param rate the learning rate
     * @param step number of the step in the run, which dropout's masks are drawn for
     */
    public PreparedStep prepare(
            float[] pixels, float[] standardised, ChirpCells @Nullable [] cells, double rate, long step) {
        List<Tensor> tensors = new ArrayList<>();
        List<Session.Runner> runners = new ArrayList<>();
        try {
            for (Part part : parts(pixels, standardised, cells)) {
                runners.add(ready(tensors, part, rate, step));
            }
        } catch (RuntimeException e) {
            tensors.forEach(Tensor::close);
            throw e;
        }
        StepInParts parts = inParts;
        return new PreparedStep(
                runners,
                tensors,
                parts == null ? () -> {} : () -> parts.finish(session, learningRate, rate),
                this::forgetParts);
    }

    /** A runner of a step, or of a part of one that adds to the sum; the caller closes the tensors after running it. */
    private Session.Runner ready(List<Tensor> tensors, Part part, double rate, long step) {
        Session.Runner runner = fed(tensors, part, step).fetch(regressionLoss).fetch(totalLoss);
        if (sum == null) {
            Tensor value = StepFeeds.keep(tensors, TFloat32.scalarOf((float) rate));
            return runner.feed(learningRate, value).addTarget(update);
        }
        Tensor share = StepFeeds.keep(tensors, TFloat32.scalarOf((float) part.share()));
        return runner.feed(sum.weight(), share).addTarget(sum.add());
    }

    /** Adds the gradients of all parts to the sum; returns the mean loss of their images. */
    private Loss add(List<Part> parts, long step) {
        GradientSum gradientSum = Objects.requireNonNull(sum, "there is a sum of gradients where steps have parts");
        double regression = 0;
        double total = 0;
        for (Part part : parts) {
            try (TFloat32 share = TFloat32.scalarOf((float) part.share())) {
                Loss loss = run(part, step, runner -> runner.feed(gradientSum.weight(), share)
                        .addTarget(gradientSum.add()));
                regression += part.share() * loss.regression();
                total += part.share() * loss.total();
            }
        }
        return new Loss(regression, total);
    }

    /** Runs the graph on some images, to the given targets. */
    private Loss run(Part part, long step, UnaryOperator<Session.Runner> targets) {
        List<Tensor> tensors = new ArrayList<>();
        try (Result result = SessionRun.of(
                targets.apply(fed(tensors, part, step)).fetch(regressionLoss).fetch(totalLoss))) {
            return new Loss(((TFloat32) result.get(0)).getFloat(), ((TFloat32) result.get(1)).getFloat());
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    private List<Part> parts(float[] pixels, float[] labels, ChirpCells @Nullable [] cells) {
        return feeds.parts(pixels, labels, cells, inParts == null ? Integer.MAX_VALUE : training.partSize());
    }

    /**
     * The gradients that {@link #step} would follow with the same arguments, clipped when training clips; nothing is
     * changed.
     *
     * @return the gradient of the total loss for each trained parameter, by its name
     */
    public Map<String, FloatArray> gradients(
            float[] pixels, float[] standardised, ChirpCells @Nullable [] cells, long step) {
        List<Part> parts = parts(pixels, standardised, cells);
        if (inParts != null) {
            add(parts, step);
            Map<String, FloatArray> summed = copies(session.runner(), gradients);
            forgetParts();
            return summed;
        }
        List<Tensor> tensors = new ArrayList<>();
        try {
            return copies(fed(tensors, parts.get(0), step), gradients);
        } finally {
            tensors.forEach(Tensor::close);
        }
    }

    /** A runner with the images of a part; the caller closes the tensors after running it. */
    private Session.Runner fed(List<Tensor> tensors, Part part, long step) {
        return feeds.feed(session.runner(), part, step, tensors);
    }

    /** Standardised predictions [images][targets], without dropout. */
    public float[][] predict(float[] pixels, int images) {
        try (TFloat32 input = feeds.pixels(pixels, images);
                Result result = SessionRun.of(
                        session.runner().feed(model.pixels(), input).fetch(model.predictions()))) {
            return InferenceModel.rows((TFloat32) result.get(0));
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
