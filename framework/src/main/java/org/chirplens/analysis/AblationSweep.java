package org.chirplens.analysis;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.tensorflow.types.TFloat32;

/**
 * Ablates every head of a model, one at a time, by any {@link Protocol} and over any number of images.
 *
 * <p>{@link SweepSettings.Method#SHARED} computes what comes before an ablated head once for all heads, and uses the
 * closed forms: a head with zeroed query, key and value weights has a known context. {@link SweepSettings.Method#NAIVE}
 * runs the whole model once per head, and zeroes rows where the protocol is defined on rows; it is slower and is what
 * the tests compare with.
 */
public final class AblationSweep {
    private final InferenceModel model;
    private final VitConfig vit;
    private final Protocol protocol;
    private final SweepSettings settings;
    private final int batchSize;
    private final int targets;

    /** Prepares a sweep. */
    public AblationSweep(InferenceModel model, Protocol protocol, SweepSettings settings) {
        this.model = model;
        this.vit = model.config().vit();
        this.protocol = protocol;
        this.settings = settings;
        this.batchSize = batchSize();
        this.targets = model.config().outputs();
    }

    /**
     * Runs the sweep. What is done is appended to a journal, batch by batch, so that a stopped sweep goes on where it
     * was.
     *
     * @param journal file of the results so far; it stays there until the caller has saved the result and deletes it
     * @param identity says which model and images the journal is of; one of another identity is started anew
     * @param progress told of the pairs of image and head that are done; a pass over all images for their mean context
     *     counts as one head
     */
    public HeadAblation run(Selection selection, Path journal, String identity, ProgressListener progress) {
        String whole = protocol.key() + "\nreleased batch " + settings.releasedBatch() + "\nseed " + settings.seed()
                + "\n" + identity;
        try (SweepJournal opened = SweepJournal.open(journal, whole, (heads() + 1) * targets)) {
            return run(SweepImages.of(selection, vit.imageSize()), opened, progress);
        }
    }

    /**
     * Runs the sweep over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     */
    public HeadAblation run(float[] pixels, float[][] labels) {
        return run(SweepImages.of(pixels, labels, vit.imageSize()), null, ProgressListener.NONE);
    }

    /**
     * The contexts that {@link Protocol#MEAN} or {@link Protocol#MEAN_PER_POSITION} puts in place of a head's, for
     * images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @return for each layer [1, H, 1 or T, d]
     * @throws IllegalStateException under another protocol
     */
    public List<FloatArray> meanContexts(float[] pixels) {
        int images = pixels.length / Preprocessing.length(vit.imageSize());
        return meanContexts(SweepImages.of(pixels, new float[images][targets], vit.imageSize()), done -> {});
    }

    /**
     * Standardised predictions [images][targets] of the model that the published loop leaves behind, with the rows of all
     * heads zeroed.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     */
    public static float[][] predictAfterReleasedLoop(InferenceModel model, float[] pixels, int images) {
        return ReleasedRows.predictAfterWholeLoop(model, pixels, images);
    }

    private HeadAblation run(SweepImages images, @Nullable SweepJournal journal, ProgressListener progress) {
        int n = images.size();
        float[][] baseline = new float[n][];
        float[][][] ablated = new float[heads()][n][];
        int at = 0;
        if (journal != null) {
            for (float[] record : journal.records(n, batchSize)) {
                unpack(record, at++, baseline, ablated);
            }
        }
        boolean means = isMean() && at < n;
        long passes = means ? n : 0;
        long total = (long) n * heads() + passes;
        long resumed = (long) at * heads();
        progress.progress(resumed, total);
        if (at < n) {
            IntConsumer passed = done -> progress.progress(resumed + done, total);
            try (VariantPredictor predictor = predictor(images, passed);
                    SweepImages.Batches batches =
                            images.read(IntStream.range(at, n).toArray(), batchSize);
                    SweepImages.Batches partners = partners(images, at)) {
                while (batches.hasNext()) {
                    Batch batch = batches.next();
                    long before = passes + (long) at * heads();
                    // The last head of a batch is done when the batch is in the journal: what was reported is kept.
                    IntConsumer headsDone = done ->
                            progress.progress(before + (long) Math.min(done, heads() - 1) * batch.size(), total);
                    for (float[] record : records(predictor, at, batch, partners, headsDone)) {
                        if (journal != null) {
                            journal.append(record);
                        }
                        unpack(record, at++, baseline, ablated);
                    }
                    if (journal != null) {
                        journal.flush();
                    }
                    progress.progress(passes + (long) at * heads(), total);
                }
            }
        }
        int lossBatch = protocol == Protocol.RELEASED ? settings.releasedBatch() : 0;
        return new HeadAblation(
                protocol.key(), vit.numLayers(), vit.numHeads(), images.labels(), baseline, ablated, lossBatch);
    }

    /** One record per image: the baseline's predictions, then those of every ablated head. */
    private float[][] records(
            VariantPredictor predictor,
            int first,
            Batch batch,
            SweepImages.@Nullable Batches partners,
            IntConsumer headsDone) {
        float[][] records = new float[batch.size()][(heads() + 1) * targets];
        try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                TFloat32 others =
                        partners == null ? null : model.pixels(partners.next().pixels(), batch.size())) {
            predictor.predict(new VariantPredictor.SweepBatch(first, batch.size(), pixels, others), records, headsDone);
        }
        return records;
    }

    private SweepImages.@Nullable Batches partners(SweepImages images, int from) {
        if (protocol != Protocol.RESAMPLE) {
            return null;
        }
        int[] partners = Partners.of(images.size(), settings.seed());
        return images.read(Arrays.copyOfRange(partners, from, partners.length), batchSize);
    }

    private VariantPredictor predictor(SweepImages images, IntConsumer passed) {
        boolean shared = settings.method() == SweepSettings.Method.SHARED;
        if (protocol == Protocol.RELEASED) {
            return new ReleasedRows(model, settings.releasedBatch(), shared);
        }
        if (isOnRows()) {
            return new MaskedRows(model, protocol, shared);
        }
        ContextReplacement replacement =
                switch (protocol) {
                    case HEAD_MASK, ZERO_QKV_BASE_LORA_BIAS -> ContextReplacement.zero();
                    case ZERO_QKV_BASE -> ContextReplacement.uniformAdapterContext(model);
                    case ZERO_QKV_BASE_LORA -> ContextReplacement.valueBias(model);
                    case MEAN, MEAN_PER_POSITION -> ContextReplacement.fixed(meanContexts(images, passed));
                    case RESAMPLE -> ContextReplacement.partnersContext(model);
                    case ROW_ONLY, RELEASED -> throw new IllegalStateException(protocol + " is defined on rows");
                };
        return shared ? new ReplacedContexts(model, replacement) : new MaskedHeads(model, replacement);
    }

    /** Whether the sweep zeroes rows; the shared one does only where there is no closed form. */
    private boolean isOnRows() {
        return switch (protocol) {
            case ROW_ONLY -> true;
            case ZERO_QKV_BASE -> settings.method() == SweepSettings.Method.NAIVE || keysAreAdapted();
            case ZERO_QKV_BASE_LORA, ZERO_QKV_BASE_LORA_BIAS -> settings.method() == SweepSettings.Method.NAIVE;
            default -> false;
        };
    }

    /** With an adapter on them keys are not constant when the base weights are zero, and attention is not uniform. */
    private boolean keysAreAdapted() {
        return IntStream.range(0, vit.numLayers())
                .anyMatch(layer -> model.config().adapter(Parameters.projection(layer, "key")) != null);
    }

    private boolean isMean() {
        return protocol == Protocol.MEAN || protocol == Protocol.MEAN_PER_POSITION;
    }

    private List<FloatArray> meanContexts(SweepImages images, IntConsumer passed) {
        if (!isMean()) {
            throw new IllegalStateException(protocol + " replaces no context by a mean");
        }
        ContextMeans means = ContextMeans.over(model, images, batchSize, passed);
        return protocol == Protocol.MEAN ? means.overTokens() : means.perPosition();
    }

    private int batchSize() {
        int variants = settings.variants();
        if (protocol == Protocol.RELEASED) {
            // A batch of ours must not straddle two of the published loop: the greatest divisor that fits.
            return IntStream.rangeClosed(1, Math.min(variants, settings.releasedBatch()))
                    .filter(size -> settings.releasedBatch() % size == 0)
                    .max()
                    .orElse(1);
        }
        if (settings.method() == SweepSettings.Method.NAIVE) {
            return variants;
        }
        // Rows are zeroed head by head, with the residual stream of every layer kept; contexts are replaced in all
        // heads
        // of a layer at once.
        return Math.max(1, variants / (isOnRows() ? vit.numLayers() : vit.numHeads()));
    }

    private int heads() {
        return vit.numLayers() * vit.numHeads();
    }

    private void unpack(float[] record, int image, float[][] baseline, float[][][] ablated) {
        baseline[image] = Arrays.copyOf(record, targets);
        for (int head = 0; head < ablated.length; head++) {
            int from = (head + 1) * targets;
            ablated[head][image] = Arrays.copyOfRange(record, from, from + targets);
        }
    }
}
