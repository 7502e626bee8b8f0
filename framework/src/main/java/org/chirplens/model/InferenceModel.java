package org.chirplens.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.tensorflow.DeviceSpec;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.types.TFloat32;

/**
 * A model that is ready to be run: an inference graph without gradients, its weights assigned, in a session of its own on each of the
 * devices that share the work. Whoever opens it closes it. Runs may come from several threads; which of the devices takes one changes
 * no result.
 */
public final class InferenceModel implements AutoCloseable {
    /** Runs that a GPU takes at once: while one is computed, the next one's tensors travel. */
    private static final int AT_ONCE_ON_GPU = 2;

    private final ModelConfig config;
    private final SessionOptions options;
    private final List<Graph> graphs = new ArrayList<>();
    private final List<Session> sessions = new ArrayList<>();

    /** Sessions that can take a run, each as often as it takes runs at once. */
    private final BlockingQueue<Session> free = new LinkedBlockingQueue<>();

    private final int atOnce;

    /**
     * Builds the graphs and assigns the weights.
     *
     * @param weights every parameter of {@link Parameters#shapes}
     * @throws IllegalArgumentException when the weights do not fit the model
     */
    public InferenceModel(ModelConfig config, Map<String, FloatArray> weights, SessionOptions options) {
        this.config = config;
        this.options = options;
        boolean haveGpu = Devices.hasGpu(options);
        Kernels kernels = Kernels.forInference(options, haveGpu);
        try {
            for (Optional<DeviceSpec> place : options.places()) {
                add(place, weights, kernels);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
        int each = haveGpu ? AT_ONCE_ON_GPU : 1;
        for (int turn = 0; turn < each; turn++) {
            free.addAll(sessions);
        }
        atOnce = free.size();
    }

    private void add(Optional<DeviceSpec> place, Map<String, FloatArray> weights, Kernels kernels) {
        Graph graph = new Graph();
        graphs.add(graph);
        Ops tf = place.map(device -> Ops.create(graph).withDevice(device)).orElse(Ops.create(graph));
        VisionTransformer model = VisionTransformer.forInference(tf, config, options.precision(), kernels);
        Session session = options.open(graph, kernels);
        sessions.add(session);
        model.parameters().assign(session, weights);
    }

    public ModelConfig config() {
        return config;
    }

    /** Where it runs. */
    public SessionOptions options() {
        return options;
    }

    /**
     * Predicts without any intervention.
     *
     * @param pixels preprocessed images, float [images, 3, imageSize, imageSize]
     * @return standardised predictions [images][outputs]
     */
    public float[][] predict(float[] pixels, int images) {
        try (TFloat32 input = pixels(pixels, images);
                Result result = run(Map.of(Fetches.PIXELS, input), List.of(Fetches.PREDICTIONS))) {
            return rows((TFloat32) result.get(0));
        }
    }

    /**
     * Runs the graph.
     *
     * @param feeds tensors by name, see {@link Fetches}; any tensor of the graph can be fed
     * @param fetches names of what to compute
     * @return the fetched tensors in order; the caller closes them together, after copying what it keeps
     */
    public Result run(Map<String, ? extends Tensor> feeds, List<String> fetches) {
        Session session = take();
        try {
            Session.Runner runner = session.runner();
            feeds.forEach(runner::feed);
            fetches.forEach(runner::fetch);
            return SessionRun.of(runner);
        } finally {
            free.add(session);
        }
    }

    private Session take() {
        try {
            return free.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a device", e);
        }
    }

    /** How many runs are computed at once; more wait for their turn. */
    public int atOnce() {
        return atOnce;
    }

    /**
     * Works on items, as many {@link #atOnce} as keep the devices busy, and hands the results on in the order of the items. Items are
     * taken and results handed on by the calling thread. The first failure ends the work.
     *
     * @param work runs this model
     * @throws IllegalStateException when the calling thread is interrupted
     */
    public <I, R> void inOrder(Iterator<I> items, Function<I, R> work, BiConsumer<I, R> results) {
        InOrder.run(atOnce, items, work, results);
    }

    /**
     * Computes predictions, and traces when which operation ran on which device.
     *
     * @param feeds tensors by name, such as {@link Fetches#PIXELS}; the caller closes them
     */
    public RunMetadata trace(Map<String, ? extends Tensor> feeds) {
        Session.Runner runner = sessions.get(0).runner().fetch(Fetches.PREDICTIONS);
        feeds.forEach(runner::feed);
        try (Result result = SessionRun.traced(runner)) {
            return result.getMetadata().orElseThrow();
        }
    }

    /** A batch of images as a tensor [images, 3, imageSize, imageSize]; the caller closes it. */
    public TFloat32 pixels(float[] pixels, int images) {
        int size = config.vit().imageSize();
        return tensor(new FloatArray(new int[] {images, VitConfig.CHANNELS, size, size}, pixels));
    }

    @Override
    public void close() {
        sessions.forEach(Session::close);
        graphs.forEach(Graph::close);
    }

    /** An array as a tensor; the caller closes it. */
    public static TFloat32 tensor(FloatArray array) {
        long[] shape = new long[array.shape().length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = array.shape()[i];
        }
        return TFloat32.tensorOf(Shape.of(shape), DataBuffers.of(array.data(), true, false));
    }

    /** A tensor as an array, copied. */
    public static FloatArray copy(TFloat32 tensor) {
        int[] shape = new int[tensor.shape().numDimensions()];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = Math.toIntExact(tensor.shape().get(i));
        }
        float[] data = new float[Math.toIntExact(tensor.size())];
        tensor.asRawTensor().data().asFloats().read(data);
        return new FloatArray(shape, data);
    }

    /** The rows of a matrix, copied. */
    public static float[][] rows(TFloat32 matrix) {
        FloatArray array = copy(matrix);
        int width = array.shape()[1];
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < array.data().length; from += width) {
            rows.add(Arrays.copyOfRange(array.data(), from, from + width));
        }
        return rows.toArray(float[][]::new);
    }
}
