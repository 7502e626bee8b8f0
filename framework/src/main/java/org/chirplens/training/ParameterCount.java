package org.chirplens.training;

import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;

/**
 * How many numbers a model consists of. The pretext task's layer, which is dropped after training, does not count.
 *
 * @param trainable those that a run trains
 * @param total all of them
 */
public record ParameterCount(long trainable, long total) {
    public ParameterCount {
        Check.that(total > 0, "a model must have parameters", total);
        Check.that(
                trainable >= 0 && trainable <= total, "trainable parameters must be in [0, " + total + "]", trainable);
    }

    /**
     * Counts a model's parameters.
     *
     * @param trained whether the parameter of a name is
     */
    public static ParameterCount of(ModelConfig model, Predicate<String> trained) {
        long trainable = 0;
        long total = 0;
        for (Map.Entry<String, int[]> parameter : Parameters.shapes(model).entrySet()) {
            long size = FloatArray.size(parameter.getValue());
            total += size;
            trainable += trained.test(parameter.getKey()) ? size : 0;
        }
        return new ParameterCount(trainable, total);
    }

    /** The count for people: {@code 525,059 of 86,323,715 (0.61 %)}. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%,d of %,d (%.2f %%)", trainable, total, 100.0 * trainable / total);
    }
}
