package org.chirplens.experiments.bench;

import java.util.Map;
import java.util.SplittableRandom;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.SessionRun;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;

/**
 * Products of large square matrices, the fastest thing that a device does with a network: random values, which stay on the device,
 * and each product is a factor of the next.
 */
final class MatrixProduct implements AutoCloseable {
    private static final int PROCESSOR_SIZE = 3072;
    private static final int GPU_SIZE = 8192;
    private static final int GPU_PRODUCTS = 8;
    private static final String MATRIX = "matrix";

    private final int size;
    private final int products;
    private final Graph graph = new Graph();
    private final Session session;
    private final Operand<TFloat32> corner;

    /** @param gpu whether the products are so large, and so many in a run, that a GPU is filled and its calls do not count */
    MatrixProduct(SessionOptions options, Precision precision, boolean gpu) {
        size = gpu ? GPU_SIZE : PROCESSOR_SIZE;
        products = gpu ? GPU_PRODUCTS : 1;
        Ops tf = Ops.create(graph);
        GraphParameters parameters = new GraphParameters(tf, Map.of(MATRIX, new int[] {size, size}));
        Operand<TFloat32> matrix = tf.identity(parameters.variables().get(MATRIX));
        Operand<?> product =
                switch (precision) {
                    case FLOAT32 -> product(tf, matrix);
                    case BFLOAT16 -> product(tf, tf.dtypes.cast(matrix, TBfloat16.class));
                    case FLOAT16 -> product(tf, tf.dtypes.cast(matrix, TFloat16.class));
                };
        corner = tf.dtypes.cast(
                tf.slice(product, tf.constant(new int[2]), tf.constant(new int[] {1, 1})), TFloat32.class);
        session = options.open(graph);
        parameters.assign(session, Map.of(MATRIX, randomMatrix()));
    }

    private <T extends TNumber> Operand<T> product(Ops tf, Operand<T> matrix) {
        Operand<T> product = matrix;
        for (int i = 0; i < products; i++) {
            product = tf.linalg.matMul(product, matrix);
        }
        return product;
    }

    /** Independent values of a variance that products keep. */
    private FloatArray randomMatrix() {
        FloatArray values = FloatArray.zeros(size, size);
        SplittableRandom random = new SplittableRandom(1);
        double bound = Math.sqrt(3.0 / size);
        for (int i = 0; i < values.data().length; i++) {
            values.data()[i] = (float) random.nextDouble(-bound, bound);
        }
        return values;
    }

    /** Billions of operations of a run. */
    double gigaFlop() {
        return 2e-9 * products * size * size * size;
    }

    void run() {
        SessionRun.of(session.runner().fetch(corner)).close();
    }

    @Override
    public void close() {
        session.close();
        graph.close();
    }
}
