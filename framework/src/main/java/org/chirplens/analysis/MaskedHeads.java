package org.chirplens.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * The naive sweep over heads whose contexts are replaced: every token through the whole model, once
 * per head, by the graph's head mask.
 */
final class MaskedHeads implements VariantPredictor {
    private final InferenceModel model;
    private final VitConfig vit;
    private final ContextReplacement replacement;

    MaskedHeads(InferenceModel model, ContextReplacement replacement) {
        this.model = model;
        this.vit = model.config().vit();
        this.replacement = replacement;
    }

    @Override
    public Set<String> needs() {
        return replacement.needs();
    }

    @Override
    public void predict(SweepBatch batch, BaselinePass baseline, float[][] records, IntConsumer headsDone) {
        FloatArray mask = FloatArray.ones(1, vit.numLayers(), vit.numHeads());
        try (ContextReplacement.ByLayer r = replacement.of(batch, baseline)) {
            for (int head = 0; head < mask.data().length; head++) {
                mask.data()[head] = 0;
                int layer = head / vit.numHeads();
                Map<String, Tensor> feeds = new LinkedHashMap<>();
                feeds.put(Fetches.PIXELS, batch.pixels());
                Tensor own = r.layer(layer);
                if (own != null) {
                    feeds.put(Fetches.contextReplacement(layer), own);
                }
                try (TFloat32 fed = InferenceModel.tensor(mask)) {
                    feeds.put(Fetches.HEAD_MASK, fed);
                    try (Result result = model.run(feeds, List.of(Fetches.WHOLE_PREDICTIONS))) {
                        VariantPredictor.put(records, 1 + head, (TFloat32) result.get(0));
                    }
                }
                mask.data()[head] = 1;
                headsDone.accept(head + 1);
            }
        }
    }

    @Override
    public void close() {
        replacement.close();
    }
}
