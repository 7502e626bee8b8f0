package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.FigureRegions;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * Looks at every head with images whose regions are known. Images are read once, in batches; what is kept of each is a row of
 * {@link AtlasObservations}.
 */
public final class AtlasPass {
    /** Fewer do not make two halves with intervals. */
    public static final int LEAST_IMAGES = 4;

    private static final int SUMMARY = 3;

    private final InferenceModel model;
    private final InferenceModel untrained;
    private final @Nullable InferenceModel before;
    private final AtlasSettings settings;
    private final VitConfig vit;

    /**
     * @param untrained a model of the same size with initial weights, whose heads no label may be given to
     * @param before the model before it was fine-tuned, to tell what changed; null for none
     */
    public AtlasPass(
            InferenceModel model, InferenceModel untrained, @Nullable InferenceModel before, AtlasSettings settings) {
        this.model = model;
        this.untrained = untrained;
        this.before = before;
        this.settings = settings;
        this.vit = model.config().vit();
    }

    /**
     * What was found.
     *
     * @param atlas of all images
     * @param halves of every second group of images, from the first and from the second on; an image is in one with its counterfactuals
     * @param before of the model before it was fine-tuned; null without one
     */
    public record Outcome(
            HeadAtlas atlas,
            List<HeadAtlas> halves,
            @Nullable HeadAtlas before) {
        public Outcome {
            halves = List.copyOf(halves);
        }
    }

    /**
     * Looks at the heads.
     *
     * @throws IllegalArgumentException when the images are no figures of chirps, or fewer than {@value #LEAST_IMAGES}
     */
    public Outcome run(Selection images, int batchSize, ProgressListener progress) {
        if (images.images().figure() == null) {
            throw new IllegalArgumentException(
                    "the head atlas needs images that are figures of chirps, found images of "
                            + images.images().name(images.indices()[0]) + " and others, which are none");
        }
        if (images.size() < LEAST_IMAGES) {
            throw new IllegalArgumentException(
                    "the head atlas needs at least " + LEAST_IMAGES + " images, found " + images.size());
        }
        int heads = vit.numLayers() * vit.numHeads();
        int[] groups = groups(images);
        AtlasObservations ofModel = new AtlasObservations(vit, true);
        AtlasObservations ofUntrained = new AtlasObservations(vit, false);
        AtlasObservations ofBefore = new AtlasObservations(vit, true);
        AtlasNulls nulls = new AtlasNulls(heads, vit.numPatches(), settings);
        AtlasNulls nullsBefore = new AtlasNulls(heads, vit.numPatches(), settings);
        try (BatchReader batches = images.batches(0, batchSize, vit.imageSize())) {
            int[] done = {0};
            model.inOrder(batches, batch -> look(images, batch), (batch, looks) -> {
                for (int i = 0; i < batch.size(); i++) {
                    double[][] masks = looks.masks[i];
                    ChirpPatches chirp = new ChirpPatches(masks[FigureRegion.CHIRP.ordinal()]);
                    AtlasObservations.Attention[] attention = looks.ofModel.heads(i, looks.before);
                    ofModel.add(masks, chirp, attention);
                    int group = groups[done[0] + i];
                    nulls.add(masks, attention, group);
                    ofUntrained.add(masks, chirp, looks.untrained.heads(i, null));
                    if (looks.before != null) {
                        AtlasObservations.Attention[] once = looks.before.heads(i, looks.ofModel);
                        ofBefore.add(masks, chirp, once);
                        nullsBefore.add(masks, once, group);
                    }
                }
                done[0] += batch.size();
                progress.progress(done[0], images.size());
            });
        }
        double[][] reached = ofUntrained.statistics();
        int[] halves = Arrays.stream(groups).distinct().count() >= LEAST_IMAGES ? groups : images.indices();
        return new Outcome(
                HeadAtlas.of(ofModel, nulls, reached, vit.numHeads(), settings),
                List.of(
                        HeadAtlas.of(ofModel.half(0, halves), nulls, reached, vit.numHeads(), settings),
                        HeadAtlas.of(ofModel.half(1, halves), nulls, reached, vit.numHeads(), settings)),
                before == null ? null : HeadAtlas.of(ofBefore, nullsBefore, reached, vit.numHeads(), settings));
    }

    /** Of each image the number of its group. */
    private static int[] groups(Selection images) {
        int size = images.images().groupSize();
        return Arrays.stream(images.indices()).map(i -> i / size).toArray();
    }

    /** What is seen of a batch: where its regions are, and what the heads of each model do with it. */
    private record Looks(
            double[][][] masks,
            Looked ofModel,
            Looked untrained,
            @Nullable Looked before) {}

    private Looks look(Selection images, Batch batch) {
        return new Looks(
                masks(images, batch),
                look(model, batch),
                look(untrained, batch),
                before == null ? null : look(before, batch));
    }

    /** The regions' parts of every patch, [images][regions][patches]. */
    private double[][][] masks(Selection images, Batch batch) {
        return Arrays.stream(batch.indices())
                .parallel()
                .mapToObj(index -> {
                    FigureRegions regions =
                            Objects.requireNonNull(images.images().regions(index), "figures have regions");
                    return regions.onPatches(vit.patchGrid());
                })
                .toArray(double[][][]::new);
    }

    private Looked look(InferenceModel with, Batch batch) {
        try (TFloat32 pixels = with.pixels(batch.pixels(), batch.size());
                TFloat32 queries = InferenceModel.tensor(settings.reading().queries(vit));
                Result result = with.run(
                        Map.of(Fetches.PIXELS, pixels, Fetches.ATTENTION_QUERIES, queries),
                        List.of(Fetches.ATTENTION_ROWS, Fetches.ATTENTION_SUMMARY))) {
            return new Looked(
                    InferenceModel.copy((TFloat32) result.get(0)).data(),
                    InferenceModel.copy((TFloat32) result.get(1)).data());
        }
    }

    /** What the heads of one model do with a batch. */
    private final class Looked {
        /** Attention [B, L, H, T]. */
        private final float[] rows;

        /** {@link Fetches#ATTENTION_SUMMARY} [B, L, H, 3]. */
        private final float[] summary;

        Looked(float[] rows, float[] summary) {
            this.rows = rows;
            this.summary = summary;
        }

        AtlasObservations.Attention[] heads(int image, @Nullable Looked other) {
            int heads = vit.numLayers() * vit.numHeads();
            return IntStream.range(0, heads)
                    .mapToObj(head -> attention(image * heads + head, other))
                    .toArray(AtlasObservations.Attention[]::new);
        }

        private AtlasObservations.Attention attention(int at, @Nullable Looked other) {
            int tokens = vit.numTokens();
            double[] patches = new double[tokens - 1];
            double total = 0;
            double entropy = 0;
            double moved = 0;
            for (int token = 0; token < tokens; token++) {
                double p = rows[at * tokens + token];
                entropy -= p > 0 ? p * Math.log(p) : 0;
                moved += other == null ? 0 : Math.abs(p - other.rows[at * tokens + token]) / 2;
                if (token > 0) {
                    patches[token - 1] = p;
                    total += p;
                }
            }
            for (int p = 0; p < patches.length; p++) {
                patches[p] = total > 0 ? patches[p] / total : 1.0 / patches.length;
            }
            double cls = rows[at * tokens];
            boolean ofCls = settings.reading() == AttentionReading.CLS;
            return new AtlasObservations.Attention(
                    patches,
                    cls,
                    ofCls ? Double.NaN : summary[at * SUMMARY],
                    ofCls ? Double.NaN : summary[at * SUMMARY + 1],
                    ofCls ? entropy : summary[at * SUMMARY + 2],
                    moved);
        }
    }
}
