package org.chirplens.analysis;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
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
 * Ablates sets of heads at once: pairs, the most important ones together, all but one. The forward pass resumes at the
 * layer of a set's first head.
 */
public final class JointAblation {
    private final InferenceModel model;
    private final VitConfig vit;
    private final Protocol protocol;
    private final SweepSettings settings;

    /**
     * @param protocol one of {@link Protocol#replacesContextsOfOneImage}; what stands in place of a head comes from the pass without
     *     ablation, also under {@link Protocol#NOISE} and {@link Protocol#OTHER_HEAD}, where other heads of the set would change it
     */
    public JointAblation(InferenceModel model, Protocol protocol, SweepSettings settings) {
        this.model = model;
        this.vit = model.config().vit();
        this.protocol = protocol;
        this.settings = settings;
    }

    /**
     * What ablating sets of heads does.
     *
     * @param sets the heads of each
     * @param labels standardised [images][targets]
     * @param baseline standardised predictions without ablation [images][targets]
     * @param ablated standardised predictions [sets][images][targets]
     */
    public record Outcome(List<Set<HeadId>> sets, float[][] labels, float[][] baseline, float[][][] ablated) {
        public Outcome {
            sets = sets.stream().map(Set::copyOf).toList();
        }

        /** Mean squared error over all images and targets with a set ablated. */
        public double loss(int set) {
            double sum = 0;
            for (int i = 0; i < labels.length; i++) {
                sum += HeadAblation.squaredError(ablated[set][i], labels[i]) / labels.length;
            }
            return sum;
        }

        /** What a set adds to each image's mean squared error over all targets [images]. */
        public double[] lossIncreases(int set) {
            return HeadAblation.lossIncreases(ablated[set], baseline, labels);
        }
    }

    /** Ablates each set over some images; progress counts pairs of set and image. */
    public Outcome run(Selection selection, List<Set<HeadId>> sets, ProgressListener progress) {
        return run(SweepImages.of(selection, vit.imageSize()), sets, progress);
    }

    /**
     * Ablates each set over images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     */
    public Outcome run(float[] pixels, float[][] labels, List<Set<HeadId>> sets) {
        return run(SweepImages.of(pixels, labels, vit.imageSize()), sets, ProgressListener.NONE);
    }

    private Outcome run(SweepImages images, List<Set<HeadId>> sets, ProgressListener progress) {
        float[][] baseline = new float[images.size()][];
        float[][][] ablated = new float[sets.size()][images.size()][];
        Set<String> needs = sets.stream()
                .filter(set -> !set.isEmpty())
                .map(set -> Fetches.residual(firstLayer(set)))
                .collect(Collectors.toSet());
        long total = (long) images.size() * sets.size();
        ContextWork.over(
                model,
                images,
                settings.variants(),
                protocol,
                settings.seed(),
                needs,
                (batch, pass, r) -> {
                    put(baseline, batch.first(), pass.predictions());
                    for (int set = 0; set < ablated.length; set++) {
                        predict(sets.get(set), batch, pass, r, ablated[set]);
                        progress.progress((long) batch.first() * sets.size() + (set + 1L) * batch.images(), total);
                    }
                },
                done -> {});
        return new Outcome(sets, images.labels(), baseline, ablated);
    }

    private static int firstLayer(Collection<HeadId> set) {
        return set.stream().mapToInt(HeadId::layer).min().orElseThrow();
    }

    private void predict(
            Set<HeadId> set,
            VariantPredictor.SweepBatch batch,
            BaselinePass pass,
            ContextReplacement.ByLayer r,
            float[][] to) {
        if (set.isEmpty()) {
            put(to, batch.first(), pass.predictions());
            return;
        }
        int from = firstLayer(set);
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        feeds.put(Fetches.residual(from), pass.get(Fetches.residual(from)));
        ContextWork.feed(feeds, r, from, vit.numLayers());
        try (TFloat32 mask = InferenceModel.tensor(mask(set))) {
            feeds.put(Fetches.HEAD_MASK, mask);
            try (Result result = model.run(feeds, List.of(Fetches.PREDICTIONS))) {
                put(to, batch.first(), (TFloat32) result.get(0));
            }
        }
    }

    /** [1, L, H]: 0 for the heads of a set, 1 for all others. */
    private FloatArray mask(Set<HeadId> set) {
        FloatArray mask = FloatArray.ones(1, vit.numLayers(), vit.numHeads());
        for (HeadId head : set) {
            if (head.layer() >= vit.numLayers() || head.head() >= vit.numHeads()) {
                throw new IllegalArgumentException("the model has no " + head.title());
            }
            mask.data()[head.layer() * vit.numHeads() + head.head()] = 0;
        }
        return mask;
    }

    private static void put(float[][] to, int first, TFloat32 predictions) {
        float[][] rows = InferenceModel.rows(predictions);
        System.arraycopy(rows, 0, to, first, rows.length);
    }
}
