package org.chirplens.analysis;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Terms;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/**
 * Activation patching with counterfactual pairs: images that differ in one factor alone. A head's context, or those of all heads of a
 * layer, is exchanged for the one that it has in the other image (Zhang and Nanda 2023, arXiv 2309.16042). <em>Noising</em> puts the
 * counterfactual's context into the original: does the prediction move? <em>Denoising</em> puts the original's into the
 * counterfactual: does the prediction come back?
 */
public final class ActivationPatching {
    private final InferenceModel model;
    private final VitConfig vit;
    private final int batchSize;

    /** @param settings bound how many pairs of image and head one execution of the graph may hold */
    public ActivationPatching(InferenceModel model, SweepSettings settings) {
        this.model = model;
        this.vit = model.config().vit();
        this.batchSize = Math.max(1, settings.variants() / vit.numHeads());
    }

    /**
     * Patched predictions of one direction, all standardised.
     *
     * @param base of the images that are patched [pairs][targets]
     * @param donor of the images that contexts are taken from [pairs][targets]
     * @param heads with one head's context exchanged [layers * heads][pairs][targets], heads of layer 0 first
     * @param layers with those of all heads of a layer exchanged [layers][pairs][targets]
     */
    public record Direction(float[][] base, float[][] donor, float[][][] heads, float[][][] layers) {
        /**
         * Which share of the way from base to donor predictions the exchange of each head's context goes: the slope of the
         * least-squares line through the origin, {@code sum (p - b)(d - b) / sum (d - b)^2}. 0: none of it; 1: all of it; NaN where the
         * two are equal in all pairs.
         *
         * @param bootstrap resamples pairs
         */
        public List<Estimate> carriedByHeads(int target, Bootstrap bootstrap) {
            return carried(heads, target, bootstrap);
        }

        /** The same of the contexts of all heads of each layer. */
        public List<Estimate> carriedByLayers(int target, Bootstrap bootstrap) {
            return carried(layers, target, bootstrap);
        }

        private List<Estimate> carried(float[][][] patched, int target, Bootstrap bootstrap) {
            int n = patched.length;
            double[][] terms = new double[base.length][n + 1]; // of each patch the product; the square
            for (int i = 0; i < base.length; i++) {
                double way = (double) donor[i][target] - base[i][target];
                for (int p = 0; p < n; p++) {
                    terms[i][p] = ((double) patched[p][i][target] - base[i][target]) * way;
                }
                terms[i][n] = way * way;
            }
            return bootstrap.estimates(Terms.of(terms), (sums, pairs) -> Arrays.stream(sums, 0, n)
                    .map(product -> sums[n] == 0 ? Double.NaN : product / sums[n])
                    .toArray());
        }

        /** Mean absolute change of a target's prediction from base to donor, in label deviations. */
        public double meanWay(int target) {
            return IntStream.range(0, base.length)
                    .mapToDouble(i -> Math.abs((double) donor[i][target] - base[i][target]))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /**
     * Both directions.
     *
     * @param noising originals with contexts of their counterfactuals
     * @param denoising counterfactuals with contexts of their originals
     */
    public record Outcome(Direction noising, Direction denoising) {}

    /**
     * Patches pairs of images.
     *
     * @param originals one image of each pair
     * @param counterfactuals the other, in the same order
     * @param progress told of the images done, of both directions
     */
    public Outcome run(Selection originals, Selection counterfactuals, ProgressListener progress) {
        return run(
                SweepImages.of(originals, vit.imageSize()), SweepImages.of(counterfactuals, vit.imageSize()), progress);
    }

    /**
     * Patches pairs of images in memory.
     *
     * @param originals preprocessed [pairs, 3, imageSize, imageSize]
     * @param counterfactuals the same shape
     */
    public Outcome run(float[] originals, float[] counterfactuals, int pairs) {
        float[][] none = new float[pairs][model.config().outputs()];
        return run(
                SweepImages.of(originals, none, vit.imageSize()),
                SweepImages.of(counterfactuals, none, vit.imageSize()),
                ProgressListener.NONE);
    }

    private Outcome run(SweepImages originals, SweepImages counterfactuals, ProgressListener progress) {
        int pairs = originals.size();
        if (pairs != counterfactuals.size()) {
            throw new IllegalArgumentException(
                    "each image needs one counterfactual, found " + pairs + " images and " + counterfactuals.size());
        }
        Direction noising = direction(originals, counterfactuals, (done, total) -> progress.progress(done, 2L * pairs));
        Direction denoising =
                direction(counterfactuals, originals, (done, total) -> progress.progress(pairs + done, 2L * pairs));
        return new Outcome(noising, denoising);
    }

    private Direction direction(SweepImages bases, SweepImages donors, ProgressListener progress) {
        int n = bases.size();
        int[] all = IntStream.range(0, n).toArray();
        Direction found = new Direction(
                new float[n][],
                new float[n][],
                new float[vit.numLayers() * vit.numHeads()][n][],
                new float[vit.numLayers()][n][]);
        try (SweepImages.Batches base = bases.read(all, batchSize);
                SweepImages.Batches donor = donors.read(all, batchSize)) {
            int first = 0;
            while (base.hasNext()) {
                Batch own = base.next();
                try (TFloat32 pixels = model.pixels(own.pixels(), own.size());
                        TFloat32 others = model.pixels(donor.next().pixels(), own.size())) {
                    batch(first, own.size(), pixels, others, found);
                }
                first += own.size();
                progress.progress(first, n);
            }
        }
        return found;
    }

    private void batch(int first, int images, TFloat32 pixels, TFloat32 others, Direction found) {
        int targets = model.config().outputs();
        Set<String> donated = new LinkedHashSet<>();
        Set<String> needs = new LinkedHashSet<>();
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            needs.add(Fetches.residual(layer));
            donated.add(Fetches.context(layer));
        }
        try (BaselinePass donor = new BaselinePass(model, others, donated);
                ReplacedContexts heads =
                        new ReplacedContexts(model, (batch, pass) -> layer -> donor.get(Fetches.context(layer)))) {
            needs.addAll(heads.needs());
            try (BaselinePass pass = new BaselinePass(model, pixels, needs)) {
                put(found.base, first, InferenceModel.rows(pass.predictions()));
                put(found.donor, first, InferenceModel.rows(donor.predictions()));
                float[][] records = new float[images][(found.heads.length + 1) * targets];
                heads.predict(new VariantPredictor.SweepBatch(first, images, pixels, null), pass, records, done -> {});
                for (int head = 0; head < found.heads.length; head++) {
                    int from = (head + 1) * targets;
                    for (int i = 0; i < images; i++) {
                        found.heads[head][first + i] = Arrays.copyOfRange(records[i], from, from + targets);
                    }
                }
                for (int layer = 0; layer < vit.numLayers(); layer++) {
                    put(found.layers[layer], first, wholeLayer(layer, pass, donor));
                }
            }
        }
    }

    /** Predictions with the contexts of all heads of a layer exchanged. */
    private float[][] wholeLayer(int layer, BaselinePass pass, BaselinePass donor) {
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        feeds.put(Fetches.residual(layer), pass.get(Fetches.residual(layer)));
        feeds.put(Fetches.contextReplacement(layer), donor.get(Fetches.context(layer)));
        FloatArray mask = FloatArray.ones(1, vit.numLayers(), vit.numHeads());
        Arrays.fill(mask.data(), layer * vit.numHeads(), (layer + 1) * vit.numHeads(), 0);
        try (TFloat32 fed = InferenceModel.tensor(mask)) {
            feeds.put(Fetches.HEAD_MASK, fed);
            try (Result result = model.run(feeds, List.of(Fetches.PREDICTIONS))) {
                return InferenceModel.rows((TFloat32) result.get(0));
            }
        }
    }

    private static void put(float[][] to, int first, float[][] rows) {
        System.arraycopy(rows, 0, to, first, rows.length);
    }
}
