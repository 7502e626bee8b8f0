package org.chirplens.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.SessionRun;
import org.chirplens.model.VitConfig;
import org.tensorflow.Graph;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.SelfAdjointEig;
import org.tensorflow.types.TFloat64;

/**
 * A patch embedding that makes the D principal components of patches equally strong. With the mean m of a patch's V values and
 * their covariance {@code U diag(v) U'}, v descending, it is
 *
 * <pre>
 *   W = 0.7 diag(v + e)^(-1/2) U' [D, V],   b = -W m [D],   e = mean(v) / 1000
 * </pre>
 *
 * of the first D components; the factor makes patches as strong as positions, whose mean square is 1/2. A spectrogram is smooth: a patch's
 * noise is strong in its coarse components and weak in the fine ones, which is where a chirp of few columns stands out, and
 * which gradients find last. Convolutional networks begin with such a layer to learn from fewer images (Jordan 2024, "94 % on
 * CIFAR-10 in 3.29 seconds on a single GPU", arXiv 2404.00498).
 */
public final class PatchWhitening implements AutoCloseable {
    /** Images that are looked at, at most. */
    private static final int IMAGES = 512;

    private static final double RIDGE = 1e-3;
    private static final double SCALE = 0.7;
    private static final int BATCH = 32;

    /** Rows of the covariance that a thread adds to at once, so that they stay in its cache. */
    private static final int BLOCK = 48;

    private final VitConfig vit;
    private final Graph graph = new Graph();
    private final Placeholder<TFloat64> matrix;
    private final SelfAdjointEig<TFloat64> eigen;
    private final Session session;

    private PatchWhitening(VitConfig vit, int threads) {
        this.vit = vit;
        Ops tf = Ops.create(graph);
        matrix = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(vit.patchValues(), vit.patchValues())));
        eigen = tf.linalg.selfAdjointEig(matrix);
        // On a GPU eigenvectors would take cuSOLVER, which an offline bundle leaves out.
        session = new SessionOptions("cpu", threads).open(graph);
    }

    /**
     * Weights whose patch embedding whitens the patches of the first training images.
     *
     * @param weights every parameter of the model; the others are kept
     * @param threads of TensorFlow, as in {@link SessionOptions}
     * @throws IllegalArgumentException when the hidden size D exceeds V
     */
    public static Map<String, FloatArray> of(
            VitConfig vit, TrainingData data, Map<String, FloatArray> weights, int threads) {
        Check.that(
                vit.hiddenSize() <= vit.patchValues(),
                "to whiten patches the hidden size must be at most their " + vit.patchValues() + " values",
                vit.hiddenSize());
        int[] some = Arrays.copyOf(data.train(), Math.min(IMAGES, data.train().length));
        Map<String, FloatArray> whitened = new LinkedHashMap<>(weights);
        try (PatchWhitening whitening = new PatchWhitening(vit, threads);
                BatchReader images = new BatchReader(
                        data.images(), some, BATCH, data.preprocessing(), vit.imageSize(), data.readerThreads())) {
            whitened.putAll(whitening.embedding(images));
        }
        return whitened;
    }

    private Map<String, FloatArray> embedding(BatchReader images) {
        int v = vit.patchValues();
        double[] mean = new double[v];
        double[] covariance = new double[v * v];
        long patches = 0;
        while (images.hasNext()) {
            double[] rows = patches(images.next());
            patches += rows.length / v;
            addProducts(rows, mean, covariance);
        }
        double count = patches;
        Arrays.setAll(mean, i -> mean[i] / count);
        Arrays.setAll(covariance, i -> covariance[i] / count - mean[i / v] * mean[i % v]);
        return embedding(mean, covariance);
    }

    /**
     * Adds rows [N, V], and their products up to the diagonal [V, V], which is all that the solver reads. The order of the additions is
     * the same whatever the number of threads: a resumed run must begin with the same weights.
     */
    private static void addProducts(double[] rows, double[] sums, double[] products) {
        int v = sums.length;
        int blocks = (v + BLOCK - 1) / BLOCK;
        IntStream.range(0, blocks).parallel().forEach(block -> {
            int end = Math.min(v, (block + 1) * BLOCK);
            for (int row = 0; row < rows.length; row += v) {
                for (int a = block * BLOCK; a < end; a++) {
                    double value = rows[row + a];
                    sums[a] += value;
                    for (int b = 0; b <= a; b++) {
                        products[a * v + b] += value * rows[row + b];
                    }
                }
            }
        });
    }

    private Map<String, FloatArray> embedding(double[] mean, double[] covariance) {
        int v = vit.patchValues();
        try (TFloat64 fed = TFloat64.tensorOf(Shape.of(v, v), DataBuffers.of(covariance, true, false));
                Result result = SessionRun.of(
                        session.runner().feed(matrix, fed).fetch(eigen.e()).fetch(eigen.v()))) {
            return embedding(mean, values(result.get(0)), values(result.get(1)));
        }
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[(int) tensor.size()];
        tensor.asRawTensor().data().asDoubles().read(values);
        return values;
    }

    /**
     * The layer from mean and eigenvectors.
     *
     * @param values ascending [V]
     * @param vectors in columns [V, V]
     */
    private Map<String, FloatArray> embedding(double[] mean, double[] values, double[] vectors) {
        int v = vit.patchValues();
        FloatArray weight = FloatArray.zeros(vit.hiddenSize(), VitConfig.CHANNELS, vit.patchSize(), vit.patchSize());
        FloatArray bias = FloatArray.zeros(vit.hiddenSize());
        double ridge = RIDGE * Arrays.stream(values).average().orElse(0);
        for (int component = 0; component < vit.hiddenSize(); component++) {
            int column = v - 1 - component;
            double factor = sign(vectors, column) * SCALE / Math.sqrt(Math.max(0, values[column]) + ridge);
            double atMean = 0;
            for (int i = 0; i < v; i++) {
                double w = factor * vectors[i * v + column];
                weight.data()[component * v + i] = (float) w;
                atMean += w * mean[i];
            }
            bias.data()[component] = (float) -atMean;
        }
        return Map.of(Parameters.PATCH_WEIGHT, weight, Parameters.PATCH_BIAS, bias);
    }

    /** Makes the largest entry of a column positive, as a solver may return a vector or its opposite. */
    private double sign(double[] vectors, int column) {
        int v = vit.patchValues();
        double largest = 0;
        for (int i = 0; i < v; i++) {
            double entry = vectors[i * v + column];
            largest = Math.abs(entry) > Math.abs(largest) ? entry : largest;
        }
        return Math.signum(largest);
    }

    /** Pixels [n, channels, size, size] as rows of patches [n P P, V], values by channel, row and column. */
    private double[] patches(Batch batch) {
        int size = vit.imageSize();
        int side = vit.patchSize();
        double[] rows = new double[batch.pixels().length];
        int at = 0;
        for (int image = 0; image < batch.size(); image++) {
            for (int patch = 0; patch < vit.numPatches(); patch++) {
                int top = patch / vit.patchGrid() * side;
                int left = patch % vit.patchGrid() * side;
                for (int channel = 0; channel < VitConfig.CHANNELS; channel++) {
                    int plane = (image * VitConfig.CHANNELS + channel) * size;
                    for (int y = top; y < top + side; y++) {
                        for (int x = left; x < left + side; x++) {
                            rows[at++] = batch.pixels()[(plane + y) * size + x];
                        }
                    }
                }
            }
        }
        return rows;
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
