package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
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
        void close();
    }

    /** Computes r for a batch. */
    ByLayer of(VariantPredictor.SweepBatch batch);

    @Override
    default void close() {}

    /** r = 0. */
    static ContextReplacement zero() {
        ByLayer zeros = new ByLayer() {
            @Override
            public @Nullable Tensor layer(int layer) {
                return null;
            }

            @Override
            public void close() {}
        };
        return batch -> zeros;
    }

    /** r is the same for every batch: one array [1, H, 1 or T, d] per layer. */
    static ContextReplacement fixed(List<FloatArray> layers) {
        List<TFloat32> tensors = new ArrayList<>();
        layers.forEach(layer -> tensors.add(InferenceModel.tensor(layer)));
        ByLayer byLayer = new ByLayer() {
            @Override
            public Tensor layer(int layer) {
                return tensors.get(layer);
            }

            @Override
            public void close() {}
        };
        return new ContextReplacement() {
            @Override
            public ByLayer of(VariantPredictor.SweepBatch batch) {
                return byLayer;
            }

            @Override
            public void close() {
                tensors.forEach(TFloat32::close);
            }
        };
    }

    /** r is each head's value bias: what a head writes whose weights, adapters included, are zero. */
    static ContextReplacement valueBias(InferenceModel model) {
        int layers = model.config().vit().numLayers();
        List<String> names =
                IntStream.range(0, layers).mapToObj(Fetches::valueBias).toList();
        try (Result result = model.run(Map.of(), names)) {
            return fixed(IntStream.range(0, layers)
                    .mapToObj(layer -> InferenceModel.copy((TFloat32) result.get(layer)))
                    .toList());
        }
    }

    /** r is what a head writes whose base weights alone are zero, see {@link Fetches#uniformAdapterContext}. */
    static ContextReplacement uniformAdapterContext(InferenceModel model) {
        return batch -> pass(model, batch.pixels(), Fetches::uniformAdapterContext);
    }

    /** r is the context of each image's partner. */
    static ContextReplacement partnersContext(InferenceModel model) {
        return batch -> {
            if (batch.partners() == null) {
                throw new IllegalStateException("the batch has no partners to take contexts from");
            }
            return pass(model, batch.partners(), Fetches::context);
        };
    }

    private static ByLayer pass(InferenceModel model, TFloat32 pixels, IntFunction<String> fetch) {
        int layers = model.config().vit().numLayers();
        List<String> names = IntStream.range(0, layers).mapToObj(fetch).toList();
        Result result = model.run(Map.of(Fetches.PIXELS, pixels), names);
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
    }
}
