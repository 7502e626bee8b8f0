package org.chirplens.analysis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.QkvRowMask;
import org.chirplens.model.QkvRowMask.Rows;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * {@link Protocol#RELEASED}, bug for bug. The published loop goes over heads, and for each head over batches; after each
 * forward pass it zeroes row h of the layer's base query, key and value weights, for good. So a head is measured with
 * the rows of all heads before it zeroed, and with its own too, except in the very first batch. That rule needs no
 * changed weight: it is a row mask for each head and batch, and batches can be computed in any order.
 */
final class ReleasedRows implements VariantPredictor {
    private final InferenceModel model;
    private final VitConfig vit;
    private final int releasedBatch;
    private final boolean resume;

    /**
     * @param releasedBatch images of a batch of the published loop
     * @param resume whether what comes before the head's layer is computed once for the layer
     */
    ReleasedRows(InferenceModel model, int releasedBatch, boolean resume) {
        this.model = model;
        this.vit = model.config().vit();
        this.releasedBatch = releasedBatch;
        this.resume = resume;
    }

    /** Predictions with the rows that are zero when the published loop has ended: 0 to H - 1 of every layer. */
    static float[][] predictAfterWholeLoop(InferenceModel model, float[] pixels, int images) {
        VitConfig vit = model.config().vit();
        QkvRowMask mask = new QkvRowMask(vit);
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            mask.zero(Rows.BASE, layer, 0, vit.numHeads());
        }
        try (TFloat32 input = model.pixels(pixels, images);
                TFloat32 fed = InferenceModel.tensor(mask.array());
                Result result = model.run(
                        Map.of(Fetches.PIXELS, input, Fetches.QKV_ROW_MASK, fed), List.of(Fetches.PREDICTIONS))) {
            return InferenceModel.rows((TFloat32) result.get(0));
        }
    }

    @Override
    public Set<String> needs() {
        return resume ? Set.of(Fetches.residual(0)) : Set.of();
    }

    @Override
    public void predict(SweepBatch batch, BaselinePass baseline, float[][] records, IntConsumer headsDone) {
        boolean zeroedAfterwards = batch.first() < releasedBatch;
        QkvRowMask mask = new QkvRowMask(vit);
        String from = resume ? Fetches.residual(0) : Fetches.PIXELS;
        Tensor start = resume ? baseline.get(from) : batch.pixels();
        layer(0, from, start, mask, zeroedAfterwards, records, headsDone);
    }

    /** Measures the heads of a layer and, with all of them zeroed, goes on to the next one. */
    private void layer(
            int layer,
            String from,
            Tensor start,
            QkvRowMask mask,
            boolean zeroedAfterwards,
            float[][] records,
            IntConsumer headsDone) {
        String predictions = resume ? Fetches.PREDICTIONS : Fetches.WHOLE_PREDICTIONS;
        for (int head = 0; head < vit.numHeads(); head++) {
            if (!zeroedAfterwards) {
                mask.zero(Rows.BASE, layer, head, head + 1);
            }
            try (Result result = run(from, start, mask, predictions)) {
                VariantPredictor.put(records, 1 + layer * vit.numHeads() + head, (TFloat32) result.get(0));
            }
            mask.zero(Rows.BASE, layer, head, head + 1);
            headsDone.accept(layer * vit.numHeads() + head + 1);
        }
        if (layer + 1 == vit.numLayers()) {
            return;
        }
        if (!resume) {
            layer(layer + 1, from, start, mask, zeroedAfterwards, records, headsDone);
            return;
        }
        String next = Fetches.residual(layer + 1);
        try (Result damaged = run(from, start, mask, next)) {
            layer(layer + 1, next, damaged.get(0), mask, zeroedAfterwards, records, headsDone);
        }
    }

    private Result run(String from, Tensor start, QkvRowMask mask, String fetch) {
        try (TFloat32 fed = InferenceModel.tensor(mask.array())) {
            return model.run(Map.of(from, start, Fetches.QKV_ROW_MASK, fed), List.of(fetch));
        }
    }
}
