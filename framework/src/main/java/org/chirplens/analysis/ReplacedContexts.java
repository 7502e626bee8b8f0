package org.chirplens.analysis;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * The shared sweep over heads whose contexts are replaced. One pass keeps every layer's contexts and residual stream;
 * then, layer by layer, the forward pass is resumed with one head at a time replaced in the stream,
 * all heads of the layer together; of the first product behind it, wide models compute what the heads have in common once.
 */
final class ReplacedContexts implements VariantPredictor {
    private final InferenceModel model;
    private final VitConfig vit;
    private final ContextReplacement replacement;

    ReplacedContexts(InferenceModel model, ContextReplacement replacement) {
        this.model = model;
        this.vit = model.config().vit();
        this.replacement = replacement;
    }

    @Override
    public Set<String> needs() {
        Set<String> needs = new LinkedHashSet<>(replacement.needs());
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            needs.add(context(layer));
            needs.add(Fetches.attentionResidual(layer));
        }
        return needs;
    }

    @Override
    public void predict(SweepBatch batch, BaselinePass baseline, float[][] records, IntConsumer headsDone) {
        try (ContextReplacement.ByLayer r = replacement.of(batch, baseline)) {
            for (int layer = 0; layer < vit.numLayers(); layer++) {
                Map<String, Tensor> state = new LinkedHashMap<>();
                for (String name : List.of(context(layer), Fetches.attentionResidual(layer))) {
                    state.put(name, baseline.get(name));
                }
                Tensor own = r.layer(layer);
                if (own != null) {
                    state.put(Fetches.contextReplacement(layer), own);
                }
                resume(layer, state, records);
                headsDone.accept((layer + 1) * vit.numHeads());
            }
        }
    }

    /** The contexts that lead to the predictions: of the last layer, the CLS token's alone. */
    private String context(int layer) {
        return layer == vit.numLayers() - 1 ? Fetches.CLS_CONTEXT : Fetches.context(layer);
    }

    private void resume(int layer, Map<String, Tensor> state, float[][] records) {
        try (Result variants = model.run(state, List.of(Fetches.headVariants(layer)));
                Result result = model.run(
                        Map.of(Fetches.behindHeadVariants(layer, vit.numLayers()), variants.get(0)),
                        List.of(Fetches.PREDICTIONS))) {
            float[][] predictions = InferenceModel.rows((TFloat32) result.get(0)); // [H * images][targets]
            for (int head = 0; head < vit.numHeads(); head++) {
                VariantPredictor.put(records, 1 + layer * vit.numHeads() + head, predictions, head * records.length);
            }
        }
    }

    @Override
    public void close() {
        replacement.close();
    }
}
