package org.chirplens.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.RunOptions;
import org.tensorflow.types.TFloat32;

/**
 * A model in a session of its own, ready to be run: an inference graph without gradients, its weights assigned. Whoever
 * opens it closes it. Runs may come from several threads.
 */
public final class InferenceModel implements AutoCloseable {
    private final ModelConfig config;
    private final SessionOptions options;
    private final Graph graph = new Graph();
    private final Session session;

    /**
     * Builds the graph and assigns the weights.
     *
     * @param weights every parameter of {@link Parameters#shapes}
     * @throws IllegalArgumentException when the weights do not fit the model
     */
    public InferenceModel(ModelConfig config, Map<String, FloatArray> weights, SessionOptions options) {
        this.config = config;
        this.options = options;
        VisionTransformer model = VisionTransformer.build(Ops.create(graph), config, options.precision());
        session = options.open(graph);
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
        Session.Runner runner = session.runner();
        feeds.forEach(runner::feed);
        fetches.forEach(runner::fetch);
        return SessionRun.of(runner);
    }

    /** Predicts as {@link #predict} does, and traces when which operation ran on which device. */
    public RunMetadata trace(float[] pixels, int images) {
        try (TFloat32 input = pixels(pixels, images);
                Result result = SessionRun.traced(session.runner()
                        .feed(Fetches.PIXELS, input)
                        .fetch(Fetches.PREDICTIONS)
                        .setOptions(RunOptions.newBuilder()
                                .setTraceLevel(RunOptions.TraceLevel.FULL_TRACE)
                                .build()))) {
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
        session.close();
        graph.close();
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
