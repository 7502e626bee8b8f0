package org.chirplens.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;

/**
 * The graph of a vision transformer with LoRA adapters and a regression head, interventions included.
 *
 * <p>The semantics are those of Hugging Face's {@code ViTModel} (Dosovitskiy et al. 2020, arXiv 2010.11929): embeddings
 * = [cls; patches W' + b] + positions; in each block {@code x += O(context)} with q, k, v taken from LayerNorm(x), then
 * {@code x += W2 gelu(W1 LayerNorm(x))}; a final LayerNorm. {@link Fetches} names what can be fed and fetched.
 *
 * <p>Shapes in comments: B images, T tokens, R query rows (T, or 1 for the CLS row alone), D hidden size, H heads, d
 * head size, P patch grid. A graph that sees a {@link PatchWindow} has no other patches: there P P are the window's.
 */
public final class VisionTransformer {
    private final Ops tf;
    private final VitConfig vit;
    private final boolean training;
    private final PatchWindow window;
    private final GraphParameters parameters;
    private final Layers layers;
    private final Placeholder<TFloat32> pixels;
    private final AdaptedLayers adapted;
    private final HeadInterventions interventions;
    private final SelfAttention attention;
    private final Operand<TFloat32> lastHiddenState;
    private final @Nullable Operand<TFloat32> predictions;

    /**
     * Adds a model to a graph, with all interventions.
     *
     * @param tf where its operations go
     * @param config what to build
     * @param precision of the matrix products
     */
    public static VisionTransformer build(Ops tf, ModelConfig config, Precision precision) {
        return new VisionTransformer(tf, config, precision, false, Kernels.COMMON);
    }

    /**
     * Adds a model to a graph, with all interventions, for sessions of some options.
     *
     * @param tf where its operations go
     * @param config what to build
     * @param precision of the matrix products
     * @param kernels that the sessions can run
     */
    static VisionTransformer forInference(Ops tf, ModelConfig config, Precision precision, Kernels kernels) {
        return new VisionTransformer(tf, config, precision, false, kernels);
    }

    /**
     * Adds a model to a graph, with all interventions, and with gradients of our own, so that the graph can be differentiated by
     * them.
     *
     * @param tf where its operations go
     * @param config what to build
     */
    static VisionTransformer forGradients(Ops tf, ModelConfig config) {
        return new VisionTransformer(tf, config, Precision.FLOAT32, false, Kernels.DIFFERENTIATED);
    }

    /**
     * Adds a model to a graph that is differentiated: with LoRA's dropout and with gradients of our own, without
     * interventions on single heads.
     *
     * @param tf where its operations go
     * @param config what to build
     * @param precision of the matrix products
     * @param window the patches that the encoder sees, each at its own position; it has no tokens of others
     * @throws IllegalArgumentException when the window is not in the patch grid
     */
    public static VisionTransformer forTraining(Ops tf, ModelConfig config, Precision precision, PatchWindow window) {
        return new VisionTransformer(tf, config, precision, true, Kernels.DIFFERENTIATED, window);
    }

    private VisionTransformer(Ops tf, ModelConfig config, Precision precision, boolean training, Kernels kernels) {
        this(tf, config, precision, training, kernels, PatchWindow.whole(config.vit()));
    }

    /**
     * @param training with dropout and without interventions
     * @param kernels that the layers are made of
     * @param window the patches that tokens are made of
     */
    private VisionTransformer(
            Ops tf, ModelConfig config, Precision precision, boolean training, Kernels kernels, PatchWindow window) {
        window.requireIn(config.vit());
        this.tf = tf;
        this.vit = config.vit();
        this.training = training;
        this.window = window;
        parameters = new GraphParameters(tf, Parameters.shapes(config));
        layers = new Layers(tf, parameters.variables(), vit.layerNormEps(), precision, kernels);
        Shape input = Shape.of(-1, VitConfig.CHANNELS, vit.imageSize(), vit.imageSize());
        pixels = tf.withName(Fetches.PIXELS).placeholder(TFloat32.class, Placeholder.shape(input));
        boolean drops = training && config.lora() != null && config.lora().dropout() > 0;
        adapted = new AdaptedLayers(tf, config, layers, training, drops ? new LoraDropout(tf, pixels) : null);
        interventions = new HeadInterventions(tf, vit, layers, adapted, training, kernels);
        attention =
                new SelfAttention(tf, vit, layers, adapted, interventions, training, kernels == Kernels.DIFFERENTIATED);

        Operand<TFloat32> residual = embeddings(); // [B, T, D]
        int last = vit.numLayers() - 1;
        for (int l = 0; l < last; l++) {
            residual = enter(l, residual);
            Operand<TFloat32> context =
                    attention.contexts(l, attention.project(l, attention.normalised(l, residual))); // [B, H, T, d]
            Operand<TFloat32> r = interventions.nameReplacement(l); // [1 or B, H, 1 or T, d]
            residual = output(l, interventions.masked(l, context, r), residual); // [B, T, D]
            residual = named(Fetches.attentionResidual(l), residual);
            int layer = l;
            interventions.addHeadVariants(l, context, r, residual, variants -> mlp(layer, variants));
            residual = mlp(l, residual); // [B, T, D]
        }

        residual = enter(last, residual);
        Operand<TFloat32> z = attention.normalised(last, residual); // [B, T, D]
        SelfAttention.Projections projected = attention.project(last, z);
        Operand<TFloat32> r = interventions.nameReplacement(last);
        lastHiddenState = lastHiddenState(residual, attention.contexts(last, projected), r); // [B, T, D]
        if (config.regressionHead()) {
            Operand<TFloat32> context = attention.clsContext(last, z, projected); // [B, H, 1, d]
            predictions = predictions(residual, context, r); // [B, outputs]
        } else {
            predictions = null;
        }
        if (config.regressionHead() && !training) {
            named(
                    Fetches.WHOLE_PREDICTIONS,
                    regress(layers.reshape(layers.cls(lastHiddenState), -1, vit.hiddenSize())));
        }
        if (!training) {
            attention.nameReductions();
        }
    }

    /** The input, float [B, 3, imageSize, imageSize]. */
    public Placeholder<TFloat32> pixels() {
        return pixels;
    }

    /** Every token after the final LayerNorm, float [B, T, D]. */
    public Operand<TFloat32> lastHiddenState() {
        return lastHiddenState;
    }

    /**
     * The regression head's output, float [B, outputs], standardised.
     *
     * @throws IllegalStateException when the model has no regression head
     */
    public Operand<TFloat32> predictions() {
        if (predictions == null) {
            throw new IllegalStateException("the model has no regression head");
        }
        return predictions;
    }

    /** The head mask, float [1 or B, L, H]. */
    Operand<TFloat32> headMask() {
        return interventions.headMask();
    }

    /** The model's variables and how to set and read them. */
    public GraphParameters parameters() {
        return parameters;
    }

    private Operand<TFloat32> embeddings() {
        int rows = window.rows();
        int columns = window.columns();
        int patch = vit.patchSize();
        int d = vit.hiddenSize();
        Operand<TFloat32> x = layers.reshape(seen(), -1, VitConfig.CHANNELS, rows, patch, columns, patch);
        x = layers.transpose(x, 0, 2, 4, 1, 3, 5); // [B, P, P, 3, patch, patch]
        x = layers.reshape(x, -1, vit.patchValues()); // [B P P, 3 patch patch]
        Operand<TFloat32> weight = layers.reshape(layers.parameter(Parameters.PATCH_WEIGHT), d, vit.patchValues());
        x = tf.nn.biasAdd(layers.product(x, weight), layers.parameter(Parameters.PATCH_BIAS)); // [B P P, D]
        x = layers.reshape(x, -1, window.patches(), d); // [B, P P, D]
        Operand<TFloat32> cls = layers.parameter(Parameters.CLS_TOKEN); // [1, 1, D]
        Operand<TInt32> images = tf.shape.size(x, tf.constant(0)); // [1]
        Operand<TInt32> shape = tf.concat(List.of(images, tf.constant(new int[] {1, d})), tf.constant(0));
        cls = tf.broadcastTo(cls, shape); // [B, 1, D]
        x = tf.concat(List.of(cls, x), tf.constant(1)); // [B, T, D]
        return tf.math.add(x, positions());
    }

    /** The window's part of the images. */
    private Operand<TFloat32> seen() {
        if (window.equals(PatchWindow.whole(vit))) {
            return pixels;
        }
        int patch = vit.patchSize();
        return part(
                pixels,
                new int[] {0, 0, window.top() * patch, window.left() * patch},
                -1,
                -1,
                window.rows() * patch,
                window.columns() * patch);
    }

    /** The position embeddings of the CLS token and of the window's patches, [1, T, D]. */
    private Operand<TFloat32> positions() {
        Operand<TFloat32> all = layers.parameter(Parameters.POSITION_EMBEDDINGS);
        if (window.equals(PatchWindow.whole(vit))) {
            return all;
        }
        Operand<TFloat32> grid = layers.reshape(
                part(all, new int[] {0, 1, 0}, -1, -1, -1), vit.patchGrid(), vit.patchGrid(), vit.hiddenSize());
        Operand<TFloat32> own =
                part(grid, new int[] {window.top(), window.left(), 0}, window.rows(), window.columns(), -1);
        own = layers.reshape(own, 1, window.patches(), vit.hiddenSize());
        return tf.concat(List.of(part(all, new int[] {0, 0, 0}, 1, 1, -1), own), tf.constant(1));
    }

    private Operand<TFloat32> part(Operand<TFloat32> x, int[] begin, int... size) {
        return tf.slice(x, tf.constant(begin), tf.constant(size));
    }

    /** Names the residual stream entering a layer [B, T, D]. */
    private Operand<TFloat32> enter(int l, Operand<TFloat32> residual) {
        Operand<TFloat32> entering = named(Fetches.residual(l), residual);
        if (!training) {
            interventions.enter(layers.cls(entering));
        }
        return entering;
    }

    /** The attention's output projection of [B, H, R, d], added to the residual stream [B, R, D]. */
    private Operand<TFloat32> output(int l, Operand<TFloat32> context, Operand<TFloat32> residual) {
        int rows = (int) context.shape().get(2);
        Operand<TFloat32> merged = layers.reshape(layers.transpose(context, 0, 2, 1, 3), -1, vit.hiddenSize());
        Operand<TFloat32> stream = layers.reshape(residual, -1, vit.hiddenSize()); // [B R, D]
        Operand<TFloat32> out =
                adapted.linearPlus(Parameters.attentionOutput(l), merged, rows, vit.hiddenSize(), stream);
        return layers.reshape(out, -1, rows, vit.hiddenSize());
    }

    /** {@code x + W2 gelu(W1 LayerNorm(x))} [B, R, D]. */
    private Operand<TFloat32> mlp(int l, Operand<TFloat32> residual) {
        int rows = (int) residual.shape().get(1);
        Operand<TFloat32> z = layers.layerNorm(residual, Parameters.layer(l) + ".layernorm_after");
        z = layers.reshape(z, -1, vit.hiddenSize()); // [B R, D]
        z = adapted.geluOfLinear(Parameters.intermediate(l), z, rows, vit.hiddenSize()); // [B R, mlpSize]
        Operand<TFloat32> stream = layers.reshape(residual, -1, vit.hiddenSize()); // [B R, D]
        z = adapted.linearPlus(Parameters.mlpOutput(l), z, rows, vit.mlpSize(), stream);
        return layers.reshape(z, -1, rows, vit.hiddenSize());
    }

    private Operand<TFloat32> lastHiddenState(
            Operand<TFloat32> residual, Operand<TFloat32> context, Operand<TFloat32> r) {
        int last = vit.numLayers() - 1;
        residual = mlp(last, output(last, interventions.masked(last, context, r), residual)); // [B, T, D]
        residual = named(Fetches.residual(last + 1), residual);
        return named(Fetches.LAST_HIDDEN_STATE, layers.layerNorm(residual, Parameters.FINAL_LAYER_NORM));
    }

    /**
     * The regression head on the CLS token [B, outputs]. Only that token's row of the last block is computed for it.
     *
     * @param clsContext of the last block [B, H, 1, d]
     */
    private Operand<TFloat32> predictions(
            Operand<TFloat32> residual, Operand<TFloat32> clsContext, Operand<TFloat32> replacement) {
        int last = vit.numLayers() - 1;
        Operand<TFloat32> context = named(Fetches.CLS_CONTEXT, clsContext);
        Operand<TFloat32> r = layers.clsOfHeads(replacement); // [1 or B, H, 1, d]
        Operand<TFloat32> cls = named(
                Fetches.attentionResidual(last),
                output(last, interventions.masked(last, context, r), layers.cls(residual))); // [B, 1, D]
        interventions.addHeadVariants(last, context, r, cls, variants -> variants);
        cls = named(Fetches.FINAL_CLS, mlp(last, cls)); // [B, 1, D]
        interventions.nameClsStream(cls);
        cls = layers.layerNorm(cls, Parameters.FINAL_LAYER_NORM, scale -> named(Fetches.FINAL_SCALE, scale));
        Operand<TFloat32> x = layers.reshape(cls, -1, vit.hiddenSize()); // [B, D]
        return named(Fetches.PREDICTIONS, regress(x));
    }

    /** The regression head: the CLS token [B, D] to [B, outputs]. */
    private Operand<TFloat32> regress(Operand<TFloat32> x) {
        x = tf.nn.relu(layers.float32Linear(x, Parameters.REGRESSION_HEAD + ".0"));
        x = tf.nn.relu(layers.float32Linear(x, Parameters.REGRESSION_HEAD + ".2"));
        return layers.float32Linear(x, Parameters.REGRESSION_HEAD + ".4");
    }

    private Operand<TFloat32> named(String name, Operand<TFloat32> x) {
        return tf.withName(name).identity(x);
    }
}
