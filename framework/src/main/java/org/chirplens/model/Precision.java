package org.chirplens.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * The numbers that a graph multiplies matrices with: the patch embedding, the encoder's linear layers with their
 * adapters, and the two products of attention, but for those of the CLS token alone in the last layer of inference. Weights, softmax, LayerNorm, GELU, regression head, loss and optimizer
 * are float32 in every precision: the head costs next to nothing, and its last layer's rounding would be the prediction's.
 */
public enum Precision {
    /** 24 bits of significand: no rounding beside that of the parameters. */
    FLOAT32(TFloat32.class),
    /** 8 bits of significand, the range of float32. */
    BFLOAT16(TBfloat16.class),
    /** 11 bits of significand, nothing above 65504 or below 6e-8: gradients need a loss scale. */
    FLOAT16(TFloat16.class);

    /** The precision of a name as it is written in configs and options, such as {@code bfloat16}; empty for another text. */
    public static Optional<Precision> of(String key) {
        return Arrays.stream(values())
                .filter(precision -> precision.key().equals(key))
                .findFirst();
    }

    /** The name as it is written in configs and options. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    private final Class<? extends TNumber> type;

    Precision(Class<? extends TNumber> type) {
        this.type = type;
    }

    /** TensorFlow's type of these numbers. */
    Class<? extends TNumber> type() {
        return type;
    }
}
