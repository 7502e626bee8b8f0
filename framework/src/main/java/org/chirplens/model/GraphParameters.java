package org.chirplens.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.NoOp;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.Variable;
import org.tensorflow.types.TFloat32;

/**
 * Named float variables of a graph, with one operation that assigns them all: every distinct set of feeds and targets
 * costs TensorFlow tens of milliseconds once, so a hundred single assignments would take seconds.
 *
 * <p>They are ref variables ({@code VariableV2}): resource variables are silently left out of SavedModels.
 */
public final class GraphParameters {
    private final Map<String, Variable<TFloat32>> variables = new LinkedHashMap<>();
    private final Map<String, Placeholder<TFloat32>> sources = new LinkedHashMap<>();
    private final Map<String, Operand<TFloat32>> values = new LinkedHashMap<>();
    private final NoOp assignAll;

    /**
     * Adds the variables to a graph.
     *
     * @param shapes shape of each variable, by name; the graph's operations get these names
     */
    public GraphParameters(Ops tf, Map<String, int[]> shapes) {
        List<Op> assignments = new ArrayList<>();
        shapes.forEach((name, dimensions) -> {
            Shape shape = shape(dimensions);
            Variable<TFloat32> variable = tf.withName(name).variable(shape, TFloat32.class);
            Placeholder<TFloat32> source =
                    tf.withName("assign." + name).placeholder(TFloat32.class, Placeholder.shape(shape));
            assignments.add(tf.assign(variable, source));
            variables.put(name, variable);
            sources.put(name, source);
            values.put(name, tf.identity(variable));
        });
        assignAll = tf.withControlDependencies(assignments).noOp();
    }

    /** The variables by name, in the order of the forward pass. Read them through {@code tf.identity}. */
    public Map<String, Variable<TFloat32>> variables() {
        return Collections.unmodifiableMap(variables);
    }

    /**
     * Sets every variable.
     *
     * @throws IllegalArgumentException when a value is missing or has another shape
     */
    public void assign(Session session, Map<String, FloatArray> newValues) {
        Session.Runner runner = session.runner().addTarget(assignAll);
        List<TFloat32> tensors = new ArrayList<>();
        try {
            sources.forEach((name, source) -> {
                FloatArray value = newValues.get(name);
                if (value == null || !source.shape().equals(shape(value.shape()))) {
                    throw new IllegalArgumentException(
                            name + " must be an array of shape " + source.shape() + ", found " + value);
                }
                TFloat32 tensor = TFloat32.tensorOf(source.shape(), DataBuffers.of(value.data(), true, false));
                tensors.add(tensor);
                runner.feed(source, tensor);
            });
            SessionRun.of(runner).close();
        } finally {
            tensors.forEach(TFloat32::close);
        }
    }

    /** Copies every variable out of a session. */
    public Map<String, FloatArray> read(Session session) {
        Session.Runner runner = session.runner();
        values.values().forEach(runner::fetch);
        Map<String, FloatArray> read = new LinkedHashMap<>();
        try (Result result = SessionRun.of(runner)) {
            int i = 0;
            for (String name : values.keySet()) {
                read.put(name, InferenceModel.copy((TFloat32) result.get(i++)));
            }
        }
        return read;
    }

    private static Shape shape(int[] dimensions) {
        long[] sizes = new long[dimensions.length];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = dimensions[i];
        }
        return Shape.of(sizes);
    }
}
