package org.chirplens.analysis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Target;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Ablates every head of a model, one at a time, over any number of images (protocol {@code head_mask}).
 *
 * <p>{@link Method#SHARED} computes what comes before an ablated head once for all heads: one pass keeps every layer's
 * contexts and residual stream; then, layer by layer, the forward pass is resumed after the attention with each head
 * taken out of the stream. {@link Method#NAIVE} runs the whole model once per head; it is slower and is what the tests
 * compare with.
 */
public final class AblationSweep {
    /** The protocol's name in files. */
    public static final String PROTOCOL = "head_mask";

    /** How the ablated predictions are computed; the numbers are the same. */
    public enum Method {
        SHARED,
        NAIVE
    }

    private final InferenceModel model;
    private final VitConfig vit;
    private final Method method;
    private final int batchSize;

    /**
     * Prepares a sweep.
     *
     * @param variants how many (image, head) pairs one execution of the graph may hold; bounds the memory
     */
    public AblationSweep(InferenceModel model, Method method, int variants) {
        if (variants < 1) {
            throw new IllegalArgumentException("variants must be at least 1, found " + variants);
        }
        this.model = model;
        this.vit = model.config().vit();
        this.method = method;
        this.batchSize = method == Method.NAIVE ? variants : Math.max(1, variants / vit.numHeads());
    }

    /**
     * Runs the sweep. What is done is appended to a journal, batch by batch, so that a stopped sweep goes on where it
     * was.
     *
     * @param journal file of the results so far; it stays there until the caller has saved the result and deletes it
     * @param identity says which model and images the journal is of; one of another identity is started anew
     * @param progress told of the pairs of image and head that are done
     */
    public HeadAblation run(Selection selection, Path journal, String identity, ProgressListener progress) {
        int heads = vit.numLayers() * vit.numHeads();
        int n = selection.size();
        float[][] baseline = new float[n][];
        float[][][] ablated = new float[heads][n][];
        try (SweepJournal journalled = SweepJournal.open(journal, identity, (heads + 1) * Target.COUNT)) {
            int at = 0;
            for (float[] record : journalled.records(n)) {
                unpack(record, at++, baseline, ablated);
            }
            long total = (long) n * heads;
            progress.progress((long) at * heads, total);
            try (BatchReader batches = selection.batches(at, batchSize, vit.imageSize())) {
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    long before = (long) at * heads;
                    IntConsumer headsDone = done -> progress.progress(before + (long) done * batch.size(), total);
                    for (float[] record : records(batch.pixels(), batch.size(), headsDone)) {
                        journalled.append(record);
                        unpack(record, at++, baseline, ablated);
                    }
                    journalled.flush();
                    progress.progress((long) at * heads, total);
                }
            }
        }
        return new HeadAblation(PROTOCOL, vit.numLayers(), vit.numHeads(), selection.labels(), baseline, ablated);
    }

    /**
     * Runs the sweep over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][3]
     */
    public HeadAblation run(float[] pixels, float[][] labels) {
        int heads = vit.numLayers() * vit.numHeads();
        float[][] baseline = new float[labels.length][];
        float[][][] ablated = new float[heads][labels.length][];
        int length = Preprocessing.length(vit.imageSize());
        for (int from = 0; from < labels.length; from += batchSize) {
            int to = Math.min(labels.length, from + batchSize);
            float[][] records = records(Arrays.copyOfRange(pixels, from * length, to * length), to - from, done -> {});
            for (int i = from; i < to; i++) {
                unpack(records[i - from], i, baseline, ablated);
            }
        }
        return new HeadAblation(PROTOCOL, vit.numLayers(), vit.numHeads(), labels, baseline, ablated);
    }

    /**
     * One record per image: the baseline's predictions, then those of every ablated head.
     *
     * @param headsDone told how many heads of the batch are done, before the last ones are
     */
    private float[][] records(float[] images, int count, IntConsumer headsDone) {
        float[][] records = new float[count][(vit.numLayers() * vit.numHeads() + 1) * Target.COUNT];
        try (TFloat32 pixels = model.pixels(images, count)) {
            if (method == Method.NAIVE) {
                maskEveryHead(pixels, records, headsDone);
            } else {
                resumeEveryLayer(pixels, records, headsDone);
            }
        }
        return records;
    }

    private void maskEveryHead(TFloat32 pixels, float[][] records, IntConsumer headsDone) {
        FloatArray mask = FloatArray.zeros(1, vit.numLayers(), vit.numHeads());
        Arrays.fill(mask.data(), 1);
        for (int variant = 0; variant <= mask.data().length; variant++) {
            if (variant > 0) {
                mask.data()[variant - 1] = 0;
            }
            try (TFloat32 feed = InferenceModel.tensor(mask);
                    Result result = model.run(
                            Map.of(Fetches.PIXELS, pixels, Fetches.HEAD_MASK, feed), List.of(Fetches.PREDICTIONS))) {
                put(records, variant, InferenceModel.rows((TFloat32) result.get(0)));
            }
            if (variant > 0) {
                mask.data()[variant - 1] = 1;
            }
            if (variant < mask.data().length) {
                headsDone.accept(variant);
            }
        }
    }

    private void resumeEveryLayer(TFloat32 pixels, float[][] records, IntConsumer headsDone) {
        int last = vit.numLayers() - 1;
        List<String> kept = new ArrayList<>(List.of(Fetches.PREDICTIONS, Fetches.headVariants(last)));
        for (int layer = 0; layer < last; layer++) {
            kept.add(Fetches.context(layer));
            kept.add(Fetches.attentionResidual(layer));
        }
        try (Result pass = model.run(Map.of(Fetches.PIXELS, pixels), kept)) {
            put(records, 0, InferenceModel.rows((TFloat32) pass.get(0)));
            resume(last, pass.get(1), records);
            for (int layer = 0; layer < last; layer++) {
                headsDone.accept((layer + 1) * vit.numHeads());
                Map<String, Tensor> state = new LinkedHashMap<>();
                state.put(Fetches.context(layer), pass.get(2 + 2 * layer));
                state.put(Fetches.attentionResidual(layer), pass.get(3 + 2 * layer));
                try (Result variants = model.run(state, List.of(Fetches.headVariants(layer)))) {
                    resume(layer, variants.get(0), records);
                }
            }
        }
    }

    private void resume(int layer, Tensor variants, float[][] records) {
        try (Result result =
                model.run(Map.of(Fetches.attentionResidual(layer), variants), List.of(Fetches.PREDICTIONS))) {
            float[][] predictions = InferenceModel.rows((TFloat32) result.get(0)); // [H * B][3]
            int images = records.length;
            for (int head = 0; head < vit.numHeads(); head++) {
                float[][] own = Arrays.copyOfRange(predictions, head * images, (head + 1) * images);
                put(records, 1 + layer * vit.numHeads() + head, own);
            }
        }
    }

    private static void put(float[][] records, int variant, float[][] predictions) {
        for (int image = 0; image < records.length; image++) {
            System.arraycopy(predictions[image], 0, records[image], variant * Target.COUNT, Target.COUNT);
        }
    }

    private static void unpack(float[] record, int image, float[][] baseline, float[][][] ablated) {
        baseline[image] = Arrays.copyOf(record, Target.COUNT);
        for (int head = 0; head < ablated.length; head++) {
            int from = (head + 1) * Target.COUNT;
            ablated[head][image] = Arrays.copyOfRange(record, from, from + Target.COUNT);
        }
    }
}
