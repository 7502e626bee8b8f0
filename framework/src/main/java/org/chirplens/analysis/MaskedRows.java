package org.chirplens.analysis;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.QkvRowMask;
import org.chirplens.model.QkvRowMask.Rows;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * A sweep that zeroes rows of the query, key and value projections, one head at a time. The forward pass starts at the
 * images, or resumes at the residual stream that enters the head's layer.
 */
final class MaskedRows implements VariantPredictor {
    private final InferenceModel model;
    private final VitConfig vit;
    private final Protocol protocol;
    private final boolean resume;

    /**
     * @param protocol {@link Protocol#ROW_ONLY} or one of the {@code ZERO_QKV} ones
     * @param resume whether what comes before the head's layer is computed once
     */
    MaskedRows(InferenceModel model, Protocol protocol, boolean resume) {
        this.model = model;
        this.vit = model.config().vit();
        this.protocol = protocol;
        this.resume = resume;
    }

    @Override
    public Set<String> needs() {
        return resume
                ? IntStream.range(0, vit.numLayers())
                        .mapToObj(Fetches::residual)
                        .collect(Collectors.toSet())
                : Set.of();
    }

    @Override
    public void predict(SweepBatch batch, BaselinePass baseline, float[][] records, IntConsumer headsDone) {
        String predictions = resume ? Fetches.PREDICTIONS : Fetches.WHOLE_PREDICTIONS;
        for (int head = 0; head < vit.numLayers() * vit.numHeads(); head++) {
            int layer = head / vit.numHeads();
            String name = resume ? Fetches.residual(layer) : Fetches.PIXELS;
            Tensor start = resume ? baseline.get(name) : batch.pixels();
            try (TFloat32 mask = InferenceModel.tensor(
                            mask(layer, head % vit.numHeads()).array());
                    Result result = model.run(Map.of(name, start, Fetches.QKV_ROW_MASK, mask), List.of(predictions))) {
                VariantPredictor.put(records, 1 + head, (TFloat32) result.get(0));
            }
            headsDone.accept(head + 1);
        }
    }

    private QkvRowMask mask(int layer, int head) {
        QkvRowMask mask = new QkvRowMask(vit);
        if (protocol == Protocol.ROW_ONLY) {
            return mask.zero(Rows.BASE, layer, head, head + 1);
        }
        for (Rows rows : zeroed()) {
            mask.zero(rows, layer, head * vit.headSize(), (head + 1) * vit.headSize());
        }
        return mask;
    }

    private List<Rows> zeroed() {
        return switch (protocol) {
            case ZERO_QKV_BASE -> List.of(Rows.BASE);
            case ZERO_QKV_BASE_LORA -> List.of(Rows.BASE, Rows.LORA_B);
            case ZERO_QKV_BASE_LORA_BIAS -> List.of(Rows.BASE, Rows.LORA_B, Rows.BIAS);
            default -> throw new IllegalStateException(protocol + " is not defined on a head's rows");
        };
    }
}
