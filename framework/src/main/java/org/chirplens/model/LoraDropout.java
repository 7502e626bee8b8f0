package org.chirplens.model;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.PlaceholderWithDefault;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;

/**
 * Dropout on the input of each adapter, as PEFT does it. The masks are a function of the fed seed alone, so that a
 * resumed run draws the masks that an uninterrupted one would.
 */
final class LoraDropout {
    private final Ops tf;
    private final PlaceholderWithDefault<TFloat32> rate;
    private final PlaceholderWithDefault<TInt64> seed;
    private final Operand<TInt32> batch;
    private long uses;

    /**
     * @param images the graph's input; the number of rows is taken from it and not from what is dropped, so that no
     *     gradient is sought through the random numbers
     */
    LoraDropout(Ops tf, Operand<TFloat32> images) {
        this.tf = tf;
        rate = tf.withName(Fetches.DROPOUT_RATE).placeholderWithDefault(tf.constant(0f), Shape.scalar());
        seed = tf.withName(Fetches.DROPOUT_SEED).placeholderWithDefault(tf.constant(new long[] {0, 0}), Shape.of(2));
        batch = tf.shape.size(images, tf.constant(0));
    }

    /** Drops elements of x [B R, width] and scales the kept ones by 1 / (1 - rate). Each use has masks of its own. */
    Operand<TFloat32> apply(Operand<TFloat32> x, int rowsPerImage, int width) {
        Operand<TInt32> rows = tf.math.mul(batch, tf.constant(rowsPerImage));
        Operand<TInt64> own = tf.math.add(seed, tf.constant(new long[] {0, uses++ << 32}));
        Operand<TFloat32> uniform = tf.random.statelessRandomUniform(
                tf.concat(List.of(rows, tf.constant(new int[] {width})), tf.constant(0)), own, TFloat32.class);
        Operand<TFloat32> keep = tf.math.sub(tf.constant(1f), rate);
        Operand<TFloat32> mask = tf.math.div(tf.math.floor(tf.math.add(uniform, keep)), keep); // 0 or 1 / keep
        return tf.math.mul(x, mask);
    }
}
