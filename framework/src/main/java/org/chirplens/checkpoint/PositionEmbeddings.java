package org.chirplens.checkpoint;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * Position embeddings for another image size: the patches' embeddings, a picture of P x P with D channels, are resized
 * as Hugging Face does, by PyTorch's {@code interpolate(mode="bicubic", align_corners=False)}; the CLS token's stays as
 * it is. That is Keys' cubic convolution (1981, IEEE TASSP 29, 1153) with a = -0.75, pixel centres at 0.5, border values
 * repeated, and no smoothing when the picture shrinks.
 */
final class PositionEmbeddings {
    private static final double A = -0.75;
    private static final int TAPS = 4;

    private PositionEmbeddings() {}

    /** The same model for images of another size. */
    static VitConfig withImageSize(VitConfig vit, int imageSize) {
        return new VitConfig(
                imageSize,
                vit.patchSize(),
                vit.hiddenSize(),
                vit.numLayers(),
                vit.numHeads(),
                vit.mlpSize(),
                vit.layerNormEps());
    }

    /** The parameters of a model with its position embeddings resized; the same ones where the size is the same. */
    static Map<String, FloatArray> resized(Map<String, FloatArray> weights, VitConfig from, VitConfig to) {
        FloatArray embeddings = weights.get(Parameters.POSITION_EMBEDDINGS);
        if (embeddings == null) {
            throw new IllegalStateException("a backbone has all its weights, but not its position embeddings");
        }
        if (from.patchGrid() == to.patchGrid()) {
            return weights;
        }
        Map<String, FloatArray> resized = new LinkedHashMap<>(weights);
        resized.put(Parameters.POSITION_EMBEDDINGS, resize(embeddings, from.patchGrid(), to.patchGrid()));
        return resized;
    }

    /** [1, 1 + from x from, D] to [1, 1 + to x to, D], rows first and in double. */
    static FloatArray resize(FloatArray embeddings, int from, int to) {
        int width = embeddings.shape()[2];
        float[] source = embeddings.data();
        FloatArray resized = FloatArray.zeros(1, 1 + to * to, width);
        System.arraycopy(source, 0, resized.data(), 0, width);
        double[][] weights = new double[to][];
        for (int i = 0; i < to; i++) {
            weights[i] = weights(position(i, from, to));
        }
        for (int y = 0; y < to; y++) {
            for (int x = 0; x < to; x++) {
                int at = width * (1 + y * to + x);
                for (int d = 0; d < width; d++) {
                    double sum = 0;
                    for (int j = 0; j < TAPS; j++) {
                        double row = 0;
                        for (int i = 0; i < TAPS; i++) {
                            int patch = tap(y, j, from, to) * from + tap(x, i, from, to);
                            row += weights[x][i] * source[width * (1 + patch) + d];
                        }
                        sum += weights[y][j] * row;
                    }
                    resized.data()[at + d] = (float) sum;
                }
            }
        }
        return resized;
    }

    /** Where a pixel of the result lies in the source, in the source's pixels. */
    private static double position(int pixel, int from, int to) {
        return (pixel + 0.5) * from / to - 0.5;
    }

    /** The source pixel of a tap, from one left of the position to two right of it; the border beyond it. */
    private static int tap(int pixel, int tap, int from, int to) {
        int first = (int) Math.floor(position(pixel, from, to)) - 1;
        return Math.max(0, Math.min(from - 1, first + tap));
    }

    private static double[] weights(double position) {
        double t = position - Math.floor(position);
        return new double[] {outer(t + 1), inner(t), inner(1 - t), outer(2 - t)};
    }

    private static double inner(double x) {
        return ((A + 2) * x - (A + 3)) * x * x + 1;
    }

    private static double outer(double x) {
        return ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;
    }
}
