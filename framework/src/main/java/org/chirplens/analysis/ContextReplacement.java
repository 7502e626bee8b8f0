package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * What an ablated head's context is replaced by: r of {@code context' = m context + (1 - m) r}, the one formula of the
 * protocols that are defined on contexts.
 */
interface ContextReplacement extends AutoCloseable {
    /** r for one batch, by layer, [1 or images, H, 1 or T, d]; null stands for zero. */
    interface ByLayer extends AutoCloseable {
        @Nullable
        Tensor layer(int layer);

        @Override
        default void close() {}
    }

    /** What it wants kept of the pass without ablation. */
    default Set<String> needs() {
        return Set.of();
    }

    /** Computes r for a batch. */
    ByLayer of(VariantPredictor.SweepBatch batch, BaselinePass baseline);

    @Override
    default void close() {}

    /**
     * The replacement that a protocol is defined by.
     *
     * @param means asked for the mean contexts if the protocol takes them
     * @throws IllegalArgumentException for a protocol that is defined on rows of weights
     */
    static ContextReplacement of(Protocol protocol, InferenceModel model, long seed, Supplier<ContextMeans> means) {
        return switch (protocol) {
            case HEAD_MASK, ZERO_QKV_BASE_LORA_BIAS -> zero();
            case ZERO_QKV_BASE -> uniformAdapterContext(model);
            case ZERO_QKV_BASE_LORA -> valueBias(model);
            case MEAN -> fixed(means.get().overTokens());
            case MEAN_PER_POSITION -> fixed(means.get().perPosition());
            case RESAMPLE -> partnersContext(model);
            case NOISE -> ofContexts(model, ControlContexts.noise(seed));
            case OTHER_HEAD -> ofContexts(model, ControlContexts.otherHead(seed));
            case ROW_ONLY, RELEASED ->
                throw new IllegalArgumentException(
                        protocol.key() + " zeroes rows of weights; a protocol that replaces contexts is needed here");
        };
    }

    /** r = 0. */
    static ContextReplacement zero() {
        return (batch, baseline) -> layer -> null;
    }

    /** r is the same for every batch: one array [1, H, 1 or T, d] per layer. */
    static ContextReplacement fixed(List<FloatArray> layers) {
        List<TFloat32> tensors = tensors(layers);
        return new ContextReplacement() {
            @Override
            public ByLayer of(VariantPredictor.SweepBatch batch, BaselinePass baseline) {
                return tensors::get;
            }

            @Override
            public void close() {
                tensors.forEach(TFloat32::close);
            }
        };
    }

    /** r is each head's value bias: what a head writes whose weights, adapters included, are zero. */
    static ContextReplacement valueBias(InferenceModel model) {
        List<String> names = names(model, Fetches::valueBias);
        try (Result result = model.run(Map.of(), names)) {
            return fixed(IntStream.range(0, names.size())
                    .mapToObj(layer -> InferenceModel.copy((TFloat32) result.get(layer)))
                    .toList());
        }
    }

    /** r is what a head writes whose base weights alone are zero, see {@link Fetches#uniformAdapterContext}. */
    static ContextReplacement uniformAdapterContext(InferenceModel model) {
        Set<String> names = Set.copyOf(names(model, Fetches::uniformAdapterContext));
        return new ContextReplacement() {
            @Override
            public Set<String> needs() {
                return names;
            }

            @Override
            public ByLayer of(VariantPredictor.SweepBatch batch, BaselinePass baseline) {
                return layer -> baseline.get(Fetches.uniformAdapterContext(layer));
            }
        };
    }

    /** r is the context of each image's partner. */
    static ContextReplacement partnersContext(InferenceModel model) {
        List<String> names = names(model, Fetches::context);
        return (batch, baseline) -> {
            if (batch.partners() == null) {
                throw new IllegalStateException("the batch has no partners to take contexts from");
            }
            Result result = model.run(Map.of(Fetches.PIXELS, batch.partners()), names);
            return new ByLayer() {
                @Override
                public Tensor layer(int layer) {
                    return result.get(layer);
                }

                @Override
                public void close() {
                    result.close();
                }
            };
        };
    }

    /** Makes r of a head's layer from the contexts of that layer's heads. */
    @FunctionalInterface
    interface OfContexts {
        /**
         * Makes it.
         *
         * @param first position of the batch's first image among all images of the sweep
         * @param contexts [images, H, T, d]
         */
        FloatArray replacement(int first, int layer, FloatArray contexts);
    }

    /** r is made from the contexts that the same images have without ablation. */
    static ContextReplacement ofContexts(InferenceModel model, OfContexts rule) {
        List<String> names = names(model, Fetches::context);
        return new ContextReplacement() {
            @Override
            public Set<String> needs() {
                return names.stream().collect(Collectors.toUnmodifiableSet());
            }

            @Override
            public ByLayer of(VariantPredictor.SweepBatch batch, BaselinePass baseline) {
                List<TFloat32> tensors = tensors(IntStream.range(0, names.size())
                        .mapToObj(layer -> rule.replacement(
                                batch.first(), layer, InferenceModel.copy(baseline.get(names.get(layer)))))
                        .toList());
                return new ByLayer() {
                    @Override
                    public Tensor layer(int layer) {
                        return tensors.get(layer);
                    }

                    @Override
                    public void close() {
                        tensors.forEach(TFloat32::close);
                    }
                };
            }
        };
    }

    private static List<String> names(InferenceModel model, IntFunction<String> name) {
        return IntStream.range(0, model.config().vit().numLayers())
                .mapToObj(name)
                .toList();
    }

    private static List<TFloat32> tensors(List<FloatArray> arrays) {
        List<TFloat32> tensors = new ArrayList<>();
        arrays.forEach(array -> tensors.add(InferenceModel.tensor(array)));
        return tensors;
    }
}
