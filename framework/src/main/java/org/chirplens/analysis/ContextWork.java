package org.chirplens.analysis;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Goes over images batch by batch, with the pass without ablation and the replacements of a {@link Protocol}: what analyses
 * beyond the sweep have in common.
 */
final class ContextWork {
    /** What is done with a batch. */
    @FunctionalInterface
    interface OnBatch {
        /**
         * Does it.
         *
         * @param replacements r of the batch by layer, see {@link ContextReplacement}
         */
        void on(VariantPredictor.SweepBatch batch, BaselinePass pass, ContextReplacement.ByLayer replacements);
    }

    private ContextWork() {}

    /**
     * Goes over images.
     *
     * @param protocol one of {@link Protocol#replacesContextsOfOneImage}
     * @param needs what to keep of the pass
     * @param imagesDone told how many images are done
     * @throws IllegalArgumentException for another protocol
     */
    static void over(
            InferenceModel model,
            SweepImages images,
            int batchSize,
            Protocol protocol,
            long seed,
            Set<String> needs,
            OnBatch work,
            IntConsumer imagesDone) {
        if (!protocol.replacesContextsOfOneImage()) {
            throw new IllegalArgumentException(
                    protocol.key() + " replaces no context by what one pass over an image tells;" + " choose "
                            + Protocol.MEAN_PER_POSITION.key() + " or another protocol here");
        }
        int first = 0;
        try (ContextReplacement replacement = ContextReplacement.of(
                        protocol, model, seed, () -> ContextMeans.over(model, images, batchSize, done -> {}));
                SweepImages.Batches batches =
                        images.read(IntStream.range(0, images.size()).toArray(), batchSize)) {
            Set<String> all = new LinkedHashSet<>(needs);
            all.addAll(replacement.needs());
            while (batches.hasNext()) {
                Batch batch = batches.next();
                try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                        BaselinePass pass = new BaselinePass(model, pixels, all)) {
                    var own = new VariantPredictor.SweepBatch(first, batch.size(), pixels, null);
                    try (ContextReplacement.ByLayer r = replacement.of(own, pass)) {
                        work.on(own, pass, r);
                    }
                }
                first += batch.size();
                imagesDone.accept(first);
            }
        }
    }

    /** Adds r of some layers to feeds; zero needs none. */
    static void feed(Map<String, Tensor> feeds, ContextReplacement.ByLayer replacements, int fromLayer, int toLayer) {
        for (int layer = fromLayer; layer < toLayer; layer++) {
            Tensor own = replacements.layer(layer);
            if (own != null) {
                feeds.put(Fetches.contextReplacement(layer), own);
            }
        }
    }
}
