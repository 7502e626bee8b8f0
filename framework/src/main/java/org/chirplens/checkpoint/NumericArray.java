package org.chirplens.checkpoint;

import java.util.Arrays;
import org.chirplens.model.FloatArray;

/**
 * A dense array of any stored number format, widened to doubles without loss: recorded reference arrays, labels,
 * images. Weights are {@link FloatArray}s instead, at half the memory.
 *
 * @param dtype the format in the file
 * @param shape its dimensions; empty for a scalar
 * @param data its values in C order (the last index moves fastest); 0 and 1 for {@link DType#BOOL}
 */
public record NumericArray(DType dtype, int[] shape, double[] data) {
    public NumericArray {
        if (FloatArray.size(shape) != data.length) {
            throw new IllegalArgumentException("an array of shape " + Arrays.toString(shape) + " has "
                    + FloatArray.size(shape) + " values, found " + data.length);
        }
    }

    /** A float32 array, widened. */
    public static NumericArray of(FloatArray array) {
        double[] data = new double[array.data().length];
        for (int i = 0; i < data.length; i++) {
            data[i] = array.data()[i];
        }
        return new NumericArray(DType.F32, array.shape(), data);
    }

    /** The values as float32, each rounded to the nearest. */
    public float[] floats() {
        float[] floats = new float[data.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) data[i];
        }
        return floats;
    }

    /** This array as float32, each value rounded to the nearest. */
    public FloatArray toFloatArray() {
        return new FloatArray(shape, floats());
    }

    @Override
    public String toString() {
        return dtype + Arrays.toString(shape);
    }
}
