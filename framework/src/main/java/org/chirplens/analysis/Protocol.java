package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What "ablating a head" means. The names are public: {@link #key()}. With d the head size, a head's rows are rows
 * {@code [h d, (h + 1) d)} of its layer's query, key and value projections, and its context is their A V.
 *
 * <p>Every protocol but {@link #RELEASED} measures each head on the undamaged model.
 */
public enum Protocol {
    /** The head's attention probabilities after softmax times 0, so that its context is 0. */
    HEAD_MASK,
    /** The head's rows of the base W_q, W_k, W_v zeroed; adapters and biases stay. The paper's text. */
    ZERO_QKV_BASE,
    /** Those, and the same rows of the adapters' B: the head attends to all alike and writes its value bias. */
    ZERO_QKV_BASE_LORA,
    /** Those, and the same rows of the biases: the head's context is 0, as under {@link #HEAD_MASK}. */
    ZERO_QKV_BASE_LORA_BIAS,
    /** The head's context replaced by its mean over all images and tokens. */
    MEAN,
    /** The head's context replaced by its mean over all images, token by token. */
    MEAN_PER_POSITION,
    /** The head's context replaced by that of another image, chosen by a seed. */
    RESAMPLE,
    /** A control: the head's context replaced by noise of the same norm, token by token. */
    NOISE,
    /** A control: the head's context replaced by that of another head of the layer, chosen by a seed. */
    OTHER_HEAD,
    /** Row h, a single one, of the base W_q, W_k, W_v zeroed: what the published code zeroes, but restored. */
    ROW_ONLY,
    /**
     * The published code: row h of the base W_q, W_k, W_v of the layer zeroed after each forward pass, and never
     * restored. So the first batch of a head is computed without that head's zeroing, and every head is measured on a
     * model that all heads before it have damaged.
     */
    RELEASED;

    /** The name in files, configs and on the command line: {@code head_mask}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Whether it replaces a head's context by what the pass without ablation tells, of this image or of the mean over all. {@link
     * #ZERO_QKV_BASE} does not: what it leaves of a head follows from the stream that enters the head's layer, which other heads
     * of a set change, and has a closed form only where keys have no adapter.
     */
    public boolean replacesContextsOfOneImage() {
        return this != RESAMPLE && this != ZERO_QKV_BASE && this != ROW_ONLY && this != RELEASED;
    }

    /** Whether its numbers depend on {@link SweepSettings#seed}. */
    public boolean dependsOnSeed() {
        return this == RESAMPLE || this == NOISE || this == OTHER_HEAD;
    }

    /** All {@link #key}s. */
    public static List<String> keys() {
        return Arrays.stream(values()).map(Protocol::key).toList();
    }

    /**
     * The protocol of that {@link #key()}.
     *
     * @throws IllegalArgumentException when there is none
     */
    public static Protocol of(String key) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.key().equals(key))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "protocol must be one of " + String.join(", ", keys()) + ", found '" + key + "'"));
    }
}
