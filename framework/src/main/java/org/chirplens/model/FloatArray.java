package org.chirplens.model;

import java.util.Arrays;

/**
 * A dense float32 array outside TensorFlow: a weight, or a result copied out of a session.
 *
 * @param shape its dimensions; empty for a scalar
 * @param data its values in C order (the last index moves fastest)
 */
public record FloatArray(int[] shape, float[] data) {
    public FloatArray {
        if (size(shape) != data.length) {
            throw new IllegalArgumentException("an array of shape " + Arrays.toString(shape) + " has " + size(shape)
                    + " values, found " + data.length);
        }
    }

    /** The number of values of a shape. */
    public static long size(int... shape) {
        long size = 1;
        for (int dimension : shape) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }

    /** An array of zeros. */
    public static FloatArray zeros(int... shape) {
        return new FloatArray(shape, new float[Math.toIntExact(size(shape))]);
    }

    /** An array of ones, such as a mask that keeps all. */
    public static FloatArray ones(int... shape) {
        FloatArray ones = zeros(shape);
        Arrays.fill(ones.data, 1);
        return ones;
    }

    @Override
    public String toString() {
        return "FloatArray" + Arrays.toString(shape);
    }
}
