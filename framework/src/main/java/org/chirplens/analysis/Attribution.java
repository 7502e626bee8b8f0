package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What {@code attribute} can find out beyond the ablation of single heads; the names of its tables are the {@link #key}s. */
public enum Attribution {
    /** All heads from one forward and one backward pass, beside the exact numbers. */
    SCREENING,
    /** Each head's own path to the prediction, beside all paths. */
    DIRECT,
    /** The prediction read from the residual stream after each layer. */
    LENS,
    /** All pairs of the most important heads. */
    PAIRS,
    /** More and more heads ablated together. */
    CUMULATIVE,
    /** Contexts exchanged between images that differ in one factor. */
    PATCHING;

    /** The name on the command line and in files. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All {@link #key}s. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Attribution::key).toList();
    }

    /**
     * The analysis of that {@link #key}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Attribution of(String key) {
        return Arrays.stream(values())
                .filter(analysis -> analysis.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "analysis must be one of " + String.join(", ", keys()) + ", found '" + key + "'"));
    }
}
