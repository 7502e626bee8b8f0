package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.chirplens.model.FloatArray;
import org.chirplens.model.GraphParameters;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

class MuonTest {
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);

    /** What the published coefficients do to singular values between 0.003 and 1, as the method's author states it. */
    @ParameterizedTest
    @CsvSource({"6, 6", "4, 10", "10, 4"})
    void singularValuesComeNearOne(int rows, int columns) {
        float[] values = random(rows * columns);
        double[][] x = orthogonal(values, rows, columns);
        double[][] gram = rows <= columns ? product(x, transposed(x)) : product(transposed(x), x);
        // The gram matrix's eigenvalues are squared singular values: its trace and its diagonal lie between their
        // bounds.
        for (int i = 0; i < gram.length; i++) {
            assertThat(gram[i][i]).isBetween(0.65 * 0.65, 1.25 * 1.25);
            for (int j = 0; j < i; j++) {
                assertThat(Math.abs(gram[i][j])).isLessThan(0.5);
            }
        }
    }

    @Test
    void aDiagonalMatrixGoesThroughThePolynomialElementByElement() {
        float[] diagonal = {3, 0, 0, 0.5f};
        double norm = Math.sqrt(9.25) + 1e-7;
        double[][] x = orthogonal(diagonal, 2, 2);
        assertThat(x[0][0]).isCloseTo(polynomial(3 / norm), within(1e-5));
        assertThat(x[1][1]).isCloseTo(polynomial(0.5 / norm), within(1e-5));
        assertThat(x[0][1]).isCloseTo(0, within(1e-6));
    }

    private static double polynomial(double x) {
        double y = x;
        for (int i = 0; i < 5; i++) {
            y = 3.4445 * y - 4.7750 * Math.pow(y, 3) + 2.0315 * Math.pow(y, 5);
        }
        return y;
    }

    @Test
    void twoStepsFollowTheFormula() {
        // One row: singular value 1 of the gradient's direction, whatever the gradient's size.
        double s = polynomial(1);
        float[] start = {1, 2, -1};
        float[] gradient = {0.6f, 0, 0.8f};
        double rate = 0.1;
        double decay = 0.5;
        double[] expected = new double[3];
        for (int i = 0; i < 3; i++) {
            double w = start[i];
            for (int step = 0; step < 2; step++) {
                w -= rate * decay * w + rate * s * gradient[i];
            }
            expected[i] = w;
        }
        String name = Parameters.intermediate(0) + ".weight";
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            GraphParameters parameters = new GraphParameters(tf, Map.of(name, new int[] {1, 3}));
            var w = Objects.requireNonNull(parameters.variables().get(name));
            AdamW optimizer =
                    new AdamW(graph, List.of(w), tf.constant(7f), decay, 0.999, 0, new Muon(tf.constant((float) rate)));
            Operand<TFloat32> loss = tf.reduceSum(
                    tf.math.mul(tf.identity(w), tf.constant(new float[][] {gradient})), tf.constant(new int[] {0, 1}));
            Op update = optimizer.minimize(loss, "step");
            try (Session session = OPTIONS.open(graph)) {
                parameters.assign(session, Map.of(name, new FloatArray(new int[] {1, 3}, start)));
                optimizer.state().assign(session, optimizer.initialState());
                session.run(update);
                session.run(update);
                float[] end = get(parameters.read(session), name).data();
                float[] momentum =
                        get(optimizer.state().read(session), "adamw.m." + name).data();
                for (int i = 0; i < 3; i++) {
                    assertThat(end[i]).isCloseTo((float) expected[i], within(1e-5f));
                    assertThat(momentum[i]).isCloseTo(1.95f * gradient[i], within(1e-5f));
                }
            }
        }
    }

    @Test
    void itMovesTheMatricesOfABackboneAndNothingElse() {
        ModelConfig config = new ModelConfig(new VitConfig(8, 4, 8, 1, 2, 16, 1e-12), null, 3);
        assertThat(Parameters.shapes(config).entrySet().stream()
                        .filter(e -> Muon.moves(e.getKey(), e.getValue()))
                        .map(Map.Entry::getKey))
                .containsExactlyInAnyOrder(
                        Parameters.PATCH_WEIGHT,
                        Parameters.projection(0, "query") + ".weight",
                        Parameters.projection(0, "key") + ".weight",
                        Parameters.projection(0, "value") + ".weight",
                        Parameters.attentionOutput(0) + ".weight",
                        Parameters.intermediate(0) + ".weight",
                        Parameters.mlpOutput(0) + ".weight");
    }

    private static float[] random(int count) {
        Random random = new Random(1);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static double[][] orthogonal(float[] values, int rows, int columns) {
        try (Graph graph = new Graph();
                TFloat32 fed = TFloat32.tensorOf(Shape.of(rows, columns), DataBuffers.of(values))) {
            Ops tf = Ops.create(graph);
            var x = tf.placeholder(TFloat32.class, Placeholder.shape(Shape.of(rows, columns)));
            Operand<TFloat32> y = Muon.orthogonal(tf, x);
            try (Session session = OPTIONS.open(graph);
                    Result result = session.runner().feed(x, fed).fetch(y).run()) {
                TFloat32 out = (TFloat32) result.get(0);
                double[][] copy = new double[rows][columns];
                for (int r = 0; r < rows; r++) {
                    for (int c = 0; c < columns; c++) {
                        copy[r][c] = out.getFloat(r, c);
                    }
                }
                return copy;
            }
        }
    }

    private static double[][] transposed(double[][] x) {
        double[][] t = new double[x[0].length][x.length];
        for (int r = 0; r < x.length; r++) {
            for (int c = 0; c < x[0].length; c++) {
                t[c][r] = x[r][c];
            }
        }
        return t;
    }

    private static double[][] product(double[][] x, double[][] y) {
        double[][] p = new double[x.length][y[0].length];
        for (int r = 0; r < x.length; r++) {
            for (int c = 0; c < y[0].length; c++) {
                for (int k = 0; k < y.length; k++) {
                    p[r][c] += x[r][k] * y[k][c];
                }
            }
        }
        return p;
    }
}
