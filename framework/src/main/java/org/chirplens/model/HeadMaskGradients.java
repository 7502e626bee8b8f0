package org.chirplens.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/**
 * How the loss of each image changes with each head's mask: d loss / d m at m = 1, all heads from one forward and one
 * backward pass. A graph and a session of its own, so that the graph for inference stays free of gradients.
 */
public final class HeadMaskGradients implements AutoCloseable {
    private final VitConfig vit;
    private final int outputs;
    private final Graph graph = new Graph();
    private final Session session;
    private final Placeholder<TFloat32> labels;
    private final Operand<TFloat32> losses;
    private final Output<?> gradient;

    /**
     * Builds the graph and assigns the weights.
     *
     * @param config a model with a regression head
     * @param weights every parameter of {@link Parameters#shapes}
     */
    public HeadMaskGradients(ModelConfig config, Map<String, FloatArray> weights, SessionOptions options) {
        vit = config.vit();
        outputs = config.outputs();
        Ops tf = Ops.create(graph);
        VisionTransformer model = VisionTransformer.forGradients(tf, config);
        labels = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(-1, outputs)));
        losses = tf.math.mean(tf.math.squaredDifference(model.predictions(), labels), tf.constant(1)); // [B]
        Operand<TFloat32> sum = tf.sum(losses, tf.constant(0));
        gradient = graph.addGradients(
                        sum.asOutput(), new Output<?>[] {model.headMask().asOutput()})[0];
        session = options.open(graph);
        try {
            model.parameters().assign(session, weights);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Losses and gradients of a batch.
     *
     * @param losses mean squared error over the standardised targets, of each image
     * @param gradients [images][layers * heads], heads of layer 0 first
     */
    public record Gradients(float[] losses, float[][] gradients) {}

    /**
     * Computes them.
     *
     * @param pixels [images, 3, imageSize, imageSize]
     * @param standardised labels [images][outputs]
     * @param replacements by name, {@link Fetches#contextReplacement}: what a head at m = 0 would have instead of its context;
     *     zero for layers that have none
     */
    public Gradients of(TFloat32 pixels, float[][] standardised, Map<String, ? extends Tensor> replacements) {
        int images = standardised.length;
        float[] flat = new float[images * outputs];
        for (int i = 0; i < images; i++) {
            System.arraycopy(standardised[i], 0, flat, i * outputs, outputs);
        }
        int heads = vit.numLayers() * vit.numHeads();
        FloatArray ones = FloatArray.ones(images, vit.numLayers(), vit.numHeads());
        try (TFloat32 mask = InferenceModel.tensor(ones);
                TFloat32 wanted = InferenceModel.tensor(new FloatArray(new int[] {images, outputs}, flat))) {
            Session.Runner runner = session.runner()
                    .feed(Fetches.PIXELS, pixels)
                    .feed(Fetches.HEAD_MASK, mask)
                    .feed(labels, wanted);
            replacements.forEach(runner::feed);
            try (Result result = SessionRun.of(runner.fetch(losses).fetch(gradient))) {
                float[] all = InferenceModel.copy((TFloat32) result.get(1)).data();
                List<float[]> rows = new ArrayList<>();
                for (int from = 0; from < all.length; from += heads) {
                    rows.add(Arrays.copyOfRange(all, from, from + heads));
                }
                return new Gradients(
                        InferenceModel.copy((TFloat32) result.get(0)).data(), rows.toArray(float[][]::new));
            }
        }
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
