package org.chirplens.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Low-rank adapters on linear layers of the encoder (Hu et al. 2021, arXiv 2106.09685):
 * {@code y = W z + b + scaling * B A z}.
 *
 * @param adapters the adapter of each adapted layer, by the layer's name in {@link Parameters#linearModules}
 * @param dropout probability with which an element of z is dropped before A, in training only
 */
public record LoraConfig(Map<String, Adapter> adapters, double dropout) {
    /**
     * The adapter of one layer.
     *
     * @param rank rows of A and columns of B, at least 1
     * @param alpha numerator of the scaling
     * @param rankStabilised whether the scaling divides by the rank's square root (Kalajdzievski 2023, arXiv
     *     2312.03732) instead of the rank
     */
    public record Adapter(int rank, double alpha, boolean rankStabilised) {
        public Adapter {
            if (rank < 1) {
                throw new IllegalArgumentException("rank must be at least 1, found " + rank);
            }
            if (!(alpha > 0) || !Double.isFinite(alpha)) {
                throw new IllegalArgumentException("alpha must be above 0, found " + alpha);
            }
        }

        /** {@code alpha / rank}, or {@code alpha / sqrt(rank)} when rank-stabilised. */
        public double scaling() {
            return alpha / (rankStabilised ? Math.sqrt(rank) : rank);
        }
    }

    /** Alpha of the released training script. */
    public static final double RELEASED_ALPHA = 16;

    /** Dropout of the released training script. */
    public static final double RELEASED_DROPOUT = 0.1;

    /** The projections that the released training script adapts. */
    public static final List<LoraTarget> RELEASED_TARGETS = List.of(LoraTarget.QUERY, LoraTarget.VALUE);

    public LoraConfig {
        // Sorted: Map.copyOf has another order in every process, and a checkpoint's identity holds this as text.
        adapters = Collections.unmodifiableMap(new TreeMap<>(adapters));
        if (adapters.isEmpty()) {
            throw new IllegalArgumentException("a LoRA config must adapt at least one layer, found none");
        }
        if (!(dropout >= 0 && dropout < 1)) {
            throw new IllegalArgumentException("dropout must be in [0, 1), found " + dropout);
        }
    }

    /** Rank 8, alpha 16, dropout 0.1 on every query and value projection: the released training script. */
    public static LoraConfig released(VitConfig vit) {
        return onQueryAndValue(vit, 8, RELEASED_ALPHA, RELEASED_DROPOUT);
    }

    /** Equal adapters on every query and value projection. */
    public static LoraConfig onQueryAndValue(VitConfig vit, int rank, double alpha, double dropout) {
        return on(vit, RELEASED_TARGETS, new Adapter(rank, alpha, false), dropout);
    }

    /**
     * Equal adapters on some of the linear layers of every block.
     *
     * @throws IllegalArgumentException when there is no target, or the dropout is out of range
     */
    public static LoraConfig on(VitConfig vit, Collection<LoraTarget> targets, Adapter adapter, double dropout) {
        Map<String, Adapter> adapters = new HashMap<>();
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            for (LoraTarget target : targets) {
                adapters.put(target.module(layer), adapter);
            }
        }
        return new LoraConfig(adapters, dropout);
    }

    /** The adapter of a layer, or null when it has none. */
    public @Nullable Adapter adapter(String module) {
        return adapters.get(module);
    }
}
