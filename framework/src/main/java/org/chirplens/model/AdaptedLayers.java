package org.chirplens.model;

import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * The encoder's linear layers with their adapters: {@code W z + b + scaling B A z} (LoRA, Hu et al. 2021, arXiv
 * 2106.09685, equation 3). A layer without an adapter is {@code W z + b}.
 */
final class AdaptedLayers {
    private final Ops tf;
    private final ModelConfig config;
    private final Layers layers;
    private final boolean training;
    private final @Nullable LoraDropout dropout;

    /** What a layer computes with in place of one of its parameters W, B or b. */
    interface Parameter {
        Operand<TFloat32> of(QkvRowMask.Rows rows, Operand<TFloat32> stored);
    }

    /** @param dropout of the adapters' inputs, in a graph for training; null for none */
    AdaptedLayers(Ops tf, ModelConfig config, Layers layers, boolean training, @Nullable LoraDropout dropout) {
        this.tf = tf;
        this.config = config;
        this.layers = layers;
        this.training = training;
        this.dropout = dropout;
    }

    /** A layer of z [B R, width] to [B R, out]. */
    Operand<TFloat32> linear(String module, Operand<TFloat32> z, int rowsPerImage, int width) {
        return linear(module, z, rowsPerImage, width, (rows, stored) -> stored);
    }

    /**
     * A layer of z [B R, width] to [B R, out], with other values of its parameters. A graph for training computes what the adapter
     * adds on its own; one for inference adds B A to the weights first, which for a batch of images is less work.
     */
    Operand<TFloat32> linear(String module, Operand<TFloat32> z, int rowsPerImage, int width, Parameter parameter) {
        Operand<TFloat32> bias = bias(module, parameter);
        LoraConfig.Adapter adapter = config.adapter(module);
        if (adapter == null || !training) {
            return layers.linear(z, merged(module, parameter), bias);
        }
        Operand<TFloat32> low = low(module, adapter, z, rowsPerImage, width); // [B R, rank]
        Operand<TFloat32> weight = parameter.of(QkvRowMask.Rows.BASE, layers.parameter(module + ".weight"));
        Operand<TFloat32> b = parameter.of(QkvRowMask.Rows.LORA_B, layers.parameter(Parameters.loraB(module)));
        return tf.math.add(layers.linear(z, weight, bias), layers.product(low, b));
    }

    /** A layer of z [B R, width], added to y [B R, out]. */
    Operand<TFloat32> linearPlus(String module, Operand<TFloat32> z, int rowsPerImage, int width, Operand<TFloat32> y) {
        return config.adapter(module) == null || !training
                ? layers.linearPlus(z, merged(module), bias(module), y)
                : tf.math.add(y, linear(module, z, rowsPerImage, width));
    }

    /** The GELU of a layer of z [B R, width] to [B R, out]. */
    Operand<TFloat32> geluOfLinear(String module, Operand<TFloat32> z, int rowsPerImage, int width) {
        return config.adapter(module) == null || !training
                ? layers.geluOfLinear(z, merged(module), bias(module))
                : layers.gelu(linear(module, z, rowsPerImage, width));
    }

    /** {@code b} [out]. */
    Operand<TFloat32> bias(String module) {
        return bias(module, (rows, stored) -> stored);
    }

    /** {@code b} [out], with another value. */
    Operand<TFloat32> bias(String module, Parameter parameter) {
        return parameter.of(QkvRowMask.Rows.BIAS, layers.parameter(module + ".bias"));
    }

    /** {@code scaling A z} [B R, rank]: z [B R, width]. */
    private Operand<TFloat32> low(
            String module, LoraConfig.Adapter adapter, Operand<TFloat32> z, int rowsPerImage, int width) {
        Operand<TFloat32> input = dropout == null ? z : dropout.apply(z, rowsPerImage, width);
        Operand<TFloat32> low = layers.product(input, layers.parameter(Parameters.loraA(module)));
        return tf.math.mul(low, tf.constant((float) adapter.scaling()));
    }

    /** The mean over an image's rows of {@code scaling B A z} [B, out], or null without an adapter: z [B R, width]. */
    @Nullable
    Operand<TFloat32> meanOfAdapter(String module, Operand<TFloat32> z, int rowsPerImage, int width) {
        LoraConfig.Adapter adapter = config.adapter(module);
        if (adapter == null) {
            return null;
        }
        Operand<TFloat32> low = low(module, adapter, z, rowsPerImage, width); // [B R, rank]
        low = tf.math.mean(layers.reshape(low, -1, rowsPerImage, adapter.rank()), tf.constant(1)); // [B, rank]
        return layers.product(low, layers.parameter(Parameters.loraB(module)));
    }

    /** {@code W + scaling B A} [out, in]. */
    Operand<TFloat32> merged(String module) {
        return merged(module, (rows, stored) -> stored);
    }

    /** {@code W + scaling B A} [out, in], with other values of its parameters. */
    Operand<TFloat32> merged(String module, Parameter parameter) {
        Operand<TFloat32> weight = parameter.of(QkvRowMask.Rows.BASE, layers.parameter(module + ".weight"));
        LoraConfig.Adapter adapter = config.adapter(module);
        if (adapter == null) {
            return weight;
        }
        Operand<TFloat32> b = parameter.of(QkvRowMask.Rows.LORA_B, layers.parameter(Parameters.loraB(module)));
        Operand<TFloat32> delta = tf.linalg.matMul(b, layers.parameter(Parameters.loraA(module)));
        return tf.math.add(weight, tf.math.mul(delta, tf.constant((float) adapter.scaling())));
    }
}
