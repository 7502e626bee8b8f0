package org.chirplens.training;

import java.util.List;
import org.chirplens.model.SessionRun;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;

/** How a step ends whose gradients have been added up: it is applied, or skipped when they are not finite. */
final class StepInParts {
    /** Where halving the loss scale ends: gradients that overflow here would do so in float32 as well. */
    private static final float LEAST_SCALE = 1;

    private final Op apply;
    private final Op skip;
    private final @Nullable LossScale scale;
    private final @Nullable Operand<TFloat32> finite;

    /**
     * @param gradients of the whole step, freed of the loss scale
     * @param update the optimizer's operation
     */
    StepInParts(Ops tf, GradientSum sum, @Nullable LossScale scale, List<Operand<TFloat32>> gradients, Op update) {
        this.scale = scale;
        Op cleared = sum.clear(List.of(update));
        Op dropped = sum.clear(List.of());
        if (scale == null) {
            apply = cleared;
            skip = dropped;
            finite = null;
        } else {
            apply = both(tf, cleared, scale.accept(update));
            skip = both(tf, dropped, scale.reject());
            finite = scale.finite(gradients);
        }
    }

    private static Op both(Ops tf, Op a, Op b) {
        return tf.withControlDependencies(List.of(a, b)).noOp();
    }

    /**
     * Applies or skips.
     *
     * @throws IllegalStateException when the step is skipped although the loss scale is as small as it may be
     */
    void finish(Session session, Placeholder<TFloat32> learningRate, double rate) {
        if (finite != null && scale != null && scalar(session, finite) == 0) {
            if (scalar(session, scale.value()) <= LEAST_SCALE) {
                throw new IllegalStateException("the gradients are not finite although the loss scale is down to "
                        + LEAST_SCALE + "; lower learningRate, set clipNorm or warmupSteps, or use precision bfloat16");
            }
            SessionRun.of(session.runner().addTarget(skip)).close();
            return;
        }
        try (TFloat32 value = TFloat32.scalarOf((float) rate)) {
            SessionRun.of(session.runner().feed(learningRate, value).addTarget(apply))
                    .close();
        }
    }

    private static float scalar(Session session, Operand<TFloat32> value) {
        try (Result result = SessionRun.of(session.runner().fetch(value))) {
            return ((TFloat32) result.get(0)).getFloat();
        }
    }
}
