package org.chirplens.analysis;

import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * The direct effect of each head: its own path to the prediction, with all later layers held at what they do without
 * ablation. What a head writes into the CLS token's residual stream is replaced there alone, at its end. The total effect is
 * what {@link AblationSweep} measures; where later layers make up for a missing head, it is smaller than the direct one, which is
 * called self-repair (McGrath et al. 2023, arXiv 2307.15771; Rushing and Nanda 2024, arXiv 2402.15390).
 */
public final class DirectEffects {
    private final InferenceModel model;
    private final VitConfig vit;
    private final Protocol protocol;
    private final SweepSettings settings;

    /** @param protocol one that replaces contexts, but not {@link Protocol#RESAMPLE} */
    public DirectEffects(InferenceModel model, Protocol protocol, SweepSettings settings) {
        this.model = model;
        this.vit = model.config().vit();
        this.protocol = protocol;
        this.settings = settings;
    }

    /**
     * The predictions with each head's own path cut.
     *
     * @param direct the final LayerNorm scales the changed stream by its own deviation
     * @param frozen it scales by the deviation that the stream has without ablation, so that what heads write adds up; named
     *     {@code direct} and {@code direct_frozen} behind the protocol
     */
    public record Effects(HeadAblation direct, HeadAblation frozen) {
        /**
         * How much less each image's loss grows when a head is ablated than when its own path alone is cut: what later layers and the final
         * LayerNorm make up for.
         *
         * @param total the ablation of the same heads on the same images
         * @return [images]
         */
        public double[] selfRepair(HeadAblation total, HeadId head) {
            double[] repair = frozen.lossIncreases(head);
            double[] left = total.lossIncreases(head);
            Arrays.setAll(repair, i -> repair[i] - left[i]);
            return repair;
        }
    }

    /** Measures them over some images. */
    public Effects run(Selection selection, ProgressListener progress) {
        return run(SweepImages.of(selection, vit.imageSize()), progress);
    }

    /**
     * Measures them over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     */
    public Effects run(float[] pixels, float[][] labels) {
        return run(SweepImages.of(pixels, labels, vit.imageSize()), ProgressListener.NONE);
    }

    private Effects run(SweepImages images, ProgressListener progress) {
        int heads = vit.numLayers() * vit.numHeads();
        float[][] baseline = new float[images.size()][];
        int predictions = images.size() * model.config().outputs();
        float[][] direct = new float[heads][predictions];
        float[][] frozen = new float[heads][predictions];
        Set<String> needs = new HashSet<>(List.of(Fetches.CLS_CONTEXT, Fetches.FINAL_CLS, Fetches.FINAL_SCALE));
        for (int layer = 0; layer + 1 < vit.numLayers(); layer++) {
            needs.add(Fetches.context(layer));
        }
        ContextWork.over(
                model,
                images,
                Math.max(1, settings.variants() / vit.numHeads()),
                protocol,
                settings.seed(),
                needs,
                (batch, pass, r) -> {
                    float[][] rows = InferenceModel.rows(pass.predictions());
                    System.arraycopy(rows, 0, baseline, batch.first(), rows.length);
                    batch(batch, pass, r, direct, frozen);
                },
                done -> progress.progress(done, images.size()));
        return new Effects(
                ablation("direct", images.labels(), baseline, direct),
                ablation("direct_frozen", images.labels(), baseline, frozen));
    }

    private void batch(
            VariantPredictor.SweepBatch batch,
            BaselinePass pass,
            ContextReplacement.ByLayer r,
            float[][] direct,
            float[][] frozen) {
        Map<String, Tensor> kept = new LinkedHashMap<>();
        for (int layer = 0; layer + 1 < vit.numLayers(); layer++) {
            kept.put(Fetches.context(layer), pass.get(Fetches.context(layer)));
        }
        kept.put(Fetches.CLS_CONTEXT, pass.get(Fetches.CLS_CONTEXT));
        kept.put(Fetches.FINAL_CLS, pass.get(Fetches.FINAL_CLS));
        ContextWork.feed(kept, r, 0, vit.numLayers());
        try (Result changed = model.run(kept, List.of(Fetches.DIRECT_VARIANTS));
                TFloat32 scales = tiled(pass.get(Fetches.FINAL_SCALE), direct.length)) {
            Tensor variants = changed.get(0);
            predict(Map.of(Fetches.FINAL_CLS, variants), batch, direct);
            predict(Map.of(Fetches.FINAL_CLS, variants, Fetches.FINAL_SCALE, scales), batch, frozen);
        }
    }

    /** Predictions of the last LayerNorm and the regression head, [heads * batch, targets], to their place. */
    private void predict(Map<String, Tensor> feeds, VariantPredictor.SweepBatch batch, float[][] to) {
        try (Result result = model.run(feeds, List.of(Fetches.PREDICTIONS))) {
            float[] all = InferenceModel.copy((TFloat32) result.get(0)).data();
            int targets = model.config().outputs();
            int each = batch.images() * targets;
            for (int head = 0; head < to.length; head++) {
                System.arraycopy(all, head * each, to[head], batch.first() * targets, each);
            }
        }
    }

    /** The same scales [B, 1, 1] for every head: [heads * B, 1, 1]. */
    private static TFloat32 tiled(TFloat32 scales, int heads) {
        float[] one = InferenceModel.copy(scales).data();
        float[] all = new float[heads * one.length];
        for (int head = 0; head < heads; head++) {
            System.arraycopy(one, 0, all, head * one.length, one.length);
        }
        return InferenceModel.tensor(new FloatArray(new int[] {all.length, 1, 1}, all));
    }

    private HeadAblation ablation(String path, float[][] labels, float[][] baseline, float[][] ablated) {
        return new HeadAblation(
                protocol.key() + "_" + path, vit.numLayers(), vit.numHeads(), labels, baseline, ablated, 0);
    }
}
