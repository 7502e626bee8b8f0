package org.chirplens.training;

import java.util.List;
import org.chirplens.model.SessionRun;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.proto.RunMetadata;

/**
 * A step of a {@link TrainingGraph} whose tensors are made already, to be taken again and again: what steps cost without what
 * surrounds them. Whoever has it prepared closes it, before the graph.
 */
public final class PreparedStep implements AutoCloseable {
    private final List<Session.Runner> parts;
    private final List<Tensor> tensors;
    private final Runnable finish;
    private final Runnable forget;

    /**
     * @param parts executions of the step, each with its feeds, fetches and targets
     * @param tensors that they are fed with, which this step closes
     * @param finish what comes after all of them
     * @param forget undoes what one of them has added to a sum of gradients
     */
    PreparedStep(List<Session.Runner> parts, List<Tensor> tensors, Runnable finish, Runnable forget) {
        this.parts = List.copyOf(parts);
        this.tensors = List.copyOf(tensors);
        this.finish = finish;
        this.forget = forget;
    }

    /** Takes the step; parameters and optimizer move as in {@link TrainingGraph#step}. */
    public void take() {
        parts.forEach(part -> SessionRun.of(part).close());
        finish.run();
    }

    /**
     * Runs the first execution of the step and traces when which operation ran on which device. It is the whole step, and moves
     * parameters and optimizer, unless gradients are summed up before they are followed: when training accumulates and in float16.
     */
    public RunMetadata trace() {
        try (Result result = SessionRun.traced(parts.get(0))) {
            forget.run();
            return result.getMetadata().orElseThrow();
        }
    }

    @Override
    public void close() {
        tensors.forEach(Tensor::close);
    }
}
