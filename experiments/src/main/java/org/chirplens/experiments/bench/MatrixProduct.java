package org.chirplens.experiments.bench;

import java.util.Arrays;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** One product of two large square matrices, the fastest thing that a processor does with a network. */
final class MatrixProduct implements AutoCloseable {
    private static final int SIZE = 3072;

    private final Graph graph = new Graph();
    private final Placeholder<TFloat32> factor;
    private final Operand<TFloat32> corner;
    private final Session session;
    private final TFloat32 matrix;

    MatrixProduct(SessionOptions options) {
        Ops tf = Ops.create(graph);
        factor = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(SIZE, SIZE)));
        Operand<TFloat32> product = tf.linalg.matMul(factor, factor);
        corner = tf.slice(product, tf.constant(new int[2]), tf.constant(new int[] {1, 1}));
        session = options.open(graph);
        FloatArray values = FloatArray.zeros(SIZE, SIZE);
        Arrays.fill(values.data(), 0.5f);
        matrix = InferenceModel.tensor(values);
    }

    /** Billions of operations of one product. */
    static double gigaFlop() {
        return 2e-9 * SIZE * SIZE * SIZE;
    }

    void run() {
        session.runner().feed(factor, matrix).fetch(corner).run().close();
    }

    @Override
    public void close() {
        matrix.close();
        session.close();
        graph.close();
    }
}
