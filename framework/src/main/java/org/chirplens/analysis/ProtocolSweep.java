package org.chirplens.analysis;

import java.util.Arrays;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/** The sweep by one protocol: how it predicts, in batches of how many images, and what it has found so far. */
final class ProtocolSweep implements AutoCloseable {
    private final InferenceModel model;
    private final VitConfig vit;
    private final Protocol protocol;
    private final SweepSettings settings;
    private final int batchSize;
    private final int heads;
    private final int targets;
    private final @Nullable SweepJournal journal;
    private final float[][] baseline;
    private final float[][] ablated;
    private int done;
    private int begun;
    private @Nullable VariantPredictor predictor;

    /**
     * Takes up what the journal holds.
     *
     * @param images number of images of the sweep
     * @param journal closed with this; null to keep none
     */
    ProtocolSweep(
            InferenceModel model,
            Protocol protocol,
            SweepSettings settings,
            int images,
            @Nullable SweepJournal journal) {
        this.model = model;
        this.vit = model.config().vit();
        this.protocol = protocol;
        this.settings = settings;
        this.journal = journal;
        heads = vit.numLayers() * vit.numHeads();
        targets = model.config().outputs();
        batchSize = chooseBatchSize();
        baseline = new float[images][];
        ablated = new float[heads][images * targets];
        if (journal != null) {
            journal.replay(images, batchSize, this::unpack);
        }
    }

    /** Floats of a record: the predictions without ablation, then those of every head. */
    static int recordLength(InferenceModel model) {
        VitConfig vit = model.config().vit();
        return (vit.numLayers() * vit.numHeads() + 1) * model.config().outputs();
    }

    Protocol protocol() {
        return protocol;
    }

    /** Images of a batch. */
    int batchSize() {
        return batchSize;
    }

    /** Images that are done, from the first on: whole batches, or all. */
    int done() {
        return done;
    }

    /** Images that were done when it was started. */
    int begun() {
        return begun;
    }

    boolean isComplete() {
        return done == baseline.length;
    }

    /** Whether it takes the mean contexts of all images, and is not complete without them. */
    boolean wantsMeans() {
        return !isComplete() && (protocol == Protocol.MEAN || protocol == Protocol.MEAN_PER_POSITION);
    }

    /** Whether each image takes contexts from another image. */
    boolean wantsPartners() {
        return protocol == Protocol.RESAMPLE;
    }

    /** @param means asked for the mean contexts if the protocol {@link #wantsMeans} */
    void start(Supplier<ContextMeans> means) {
        predictor = predictor(means);
        begun = done;
    }

    private VariantPredictor started() {
        if (predictor == null) {
            throw new IllegalStateException("the sweep by " + protocol.key() + " was not started");
        }
        return predictor;
    }

    /** See {@link VariantPredictor#needs}. */
    Set<String> needs() {
        return started().needs();
    }

    /**
     * Predicts a batch: for each image a record of the predictions without ablation, then those of every head. May be called for
     * several batches at once.
     *
     * @param headsDone told how many heads of the batch are done, at last all
     */
    float[][] predict(VariantPredictor.SweepBatch batch, BaselinePass pass, IntConsumer headsDone) {
        float[][] records = new float[batch.images()][(heads + 1) * targets];
        VariantPredictor.put(records, 0, pass.predictions());
        started().predict(batch, pass, records, headsDone);
        return records;
    }

    /** Keeps the records of the next batch; when this returns they are in the journal. */
    void keep(float[][] records) {
        for (float[] record : records) {
            if (journal != null) {
                journal.append(record);
            }
            unpack(record);
        }
        if (journal != null) {
            journal.flush();
        }
    }

    private void unpack(float[] record) {
        baseline[done] = Arrays.copyOf(record, targets);
        for (int head = 0; head < heads; head++) {
            int from = (head + 1) * targets;
            System.arraycopy(record, from, ablated[head], done * targets, targets);
        }
        done++;
    }

    HeadAblation result(float[][] labels) {
        return new HeadAblation(
                protocol.key(),
                vit.numLayers(),
                vit.numHeads(),
                labels,
                baseline,
                ablated,
                settings.lossBatch(protocol));
    }

    private VariantPredictor predictor(Supplier<ContextMeans> means) {
        boolean shared = isShared();
        if (protocol == Protocol.RELEASED) {
            return new ReleasedRows(model, settings.releasedBatch(), shared);
        }
        if (isOnRows()) {
            return new MaskedRows(model, protocol, shared);
        }
        ContextReplacement replacement = ContextReplacement.of(protocol, model, settings.seed(), means);
        return shared ? new ReplacedContexts(model, replacement) : new MaskedHeads(model, replacement);
    }

    private boolean isShared() {
        return settings.method() == SweepSettings.Method.SHARED;
    }

    /** Whether the sweep zeroes rows; the shared one does only where there is no closed form. */
    private boolean isOnRows() {
        return switch (protocol) {
            case ROW_ONLY -> true;
            case ZERO_QKV_BASE -> !isShared() || keysAreAdapted();
            case ZERO_QKV_BASE_LORA, ZERO_QKV_BASE_LORA_BIAS -> !isShared();
            default -> false;
        };
    }

    /** With an adapter on them keys are not constant when the base weights are zero, and attention is not uniform. */
    private boolean keysAreAdapted() {
        return IntStream.range(0, vit.numLayers())
                .anyMatch(layer -> model.config().adapter(Parameters.projection(layer, "key")) != null);
    }

    private int chooseBatchSize() {
        int variants = settings.variants();
        if (protocol == Protocol.RELEASED) {
            // A batch of ours must not straddle two of the published loop: the greatest divisor that fits.
            return IntStream.rangeClosed(1, Math.min(variants, settings.releasedBatch()))
                    .filter(size -> settings.releasedBatch() % size == 0)
                    .max()
                    .orElse(1);
        }
        if (!isShared()) {
            return variants;
        }
        // Rows are zeroed head by head, with the residual stream of every layer kept; contexts are replaced in all
        // heads of a
        // layer at once.
        return Math.max(1, variants / (isOnRows() ? vit.numLayers() : vit.numHeads()));
    }

    @Override
    public void close() {
        if (predictor != null) {
            predictor.close();
        }
        if (journal != null) {
            journal.close();
        }
    }
}
