package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.Factor;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.figure.FigureRegion;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.chirplens.statistics.Bootstrap;
import org.chirplens.statistics.Estimate;
import org.chirplens.statistics.Terms;
import org.jspecify.annotations.Nullable;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * Asks whether a head's label holds when what it names is taken away: pairs of drawn images that are equal but for one element of the
 * figure. A head that looks at the title gives less attention to its place when the title is not there; one that looks at
 * that place anyway does not care. The chirp cannot be taken away; it is moved in time.
 */
public final class RegionRemoval {
    private static final Map<FigureRegion, Factor> FACTORS = factors();

    private final InferenceModel model;
    private final AttentionReading reading;
    private final VitConfig vit;

    public RegionRemoval(InferenceModel model, AttentionReading reading) {
        this.model = model;
        this.reading = reading;
        this.vit = model.config().vit();
    }

    private static Map<FigureRegion, Factor> factors() {
        Map<FigureRegion, Factor> factors = new EnumMap<>(FigureRegion.class);
        factors.put(FigureRegion.CHIRP, Factor.START_TIME);
        factors.put(FigureRegion.TITLE, Factor.TITLE);
        factors.put(FigureRegion.X_LABEL, Factor.TIME_LABEL);
        factors.put(FigureRegion.Y_LABEL, Factor.FREQUENCY_LABEL);
        factors.put(FigureRegion.X_TICKS, Factor.TIME_TICKS);
        factors.put(FigureRegion.Y_TICKS, Factor.FREQUENCY_TICKS);
        factors.put(FigureRegion.COLOUR_BAR, Factor.COLOUR_BAR);
        factors.put(FigureRegion.COLOUR_BAR_TICKS, Factor.COLOUR_BAR_TICKS);
        factors.put(FigureRegion.COLOUR_BAR_LABEL, Factor.COLOUR_BAR_LABEL);
        AtlasLabel.FRAME.parts().forEach(part -> factors.put(part, Factor.FRAME));
        return factors;
    }

    /** What takes a region away; null where nothing does. */
    public static @Nullable Factor of(FigureRegion region) {
        return FACTORS.get(region);
    }

    /**
     * What a head does when a region is taken away. Shares are parts of all attention, intervals over pairs.
     *
     * @param region the main part of one of its labels
     * @param factor what takes it away
     * @param before attention to the region's place with the region
     * @param after without it
     * @param change after less before
     */
    public record OfHead(
            HeadId head, FigureRegion region, Factor factor, Estimate before, Estimate after, Estimate change) {
        /** Whether the head looks there because of what is there. */
        public boolean holds() {
            return change.bca().high() < 0;
        }
    }

    /**
     * What the model does when a factor is changed.
     *
     * @param shifts mean absolute change of each target's prediction, standardised
     */
    public record OfModel(Factor factor, List<Estimate> shifts) {
        public OfModel {
            shifts = List.copyOf(shifts);
        }
    }

    /** What was found with the pairs of one factor. */
    public record Outcome(List<OfHead> heads, OfModel model) {
        public Outcome {
            heads = List.copyOf(heads);
        }
    }

    /**
     * Looks at heads with pairs of images.
     *
     * @param looking heads and the regions that they are named after, all taken away by {@code factor}
     * @param originals one image of each pair
     * @param without the other, in the same order
     */
    public Outcome run(
            Factor factor,
            Map<HeadId, FigureRegion> looking,
            Selection originals,
            Selection without,
            int batchSize,
            ProgressListener progress) {
        List<HeadId> heads = List.copyOf(looking.keySet());
        int pairs = originals.size();
        if (pairs != without.size()) {
            throw new IllegalArgumentException(
                    "each image needs one without, found " + pairs + " images and " + without.size());
        }
        int targets = model.config().outputs();
        double[][] terms = new double[pairs][2 * heads.size() + targets];
        try (BatchReader shown = originals.batches(0, batchSize, vit.imageSize());
                BatchReader hidden = without.batches(0, batchSize, vit.imageSize())) {
            int done = 0;
            while (shown.hasNext()) {
                Batch batch = shown.next();
                Looked before = look(batch);
                Looked after = look(hidden.next());
                for (int i = 0; i < batch.size(); i++) {
                    double[][] masks = Objects.requireNonNull(
                                    originals.images().regions(batch.indices()[i]), "drawn figures have regions")
                            .onPatches(vit.patchGrid());
                    double[] row = terms[done + i];
                    for (int h = 0; h < heads.size(); h++) {
                        double[] mask = masks[
                                Objects.requireNonNull(looking.get(heads.get(h)))
                                        .ordinal()];
                        row[2 * h] = attention(before.rows, i, heads.get(h), mask);
                        row[2 * h + 1] = attention(after.rows, i, heads.get(h), mask);
                    }
                    for (int t = 0; t < targets; t++) {
                        row[2 * heads.size() + t] =
                                Math.abs((double) after.predictions[i][t] - before.predictions[i][t]);
                    }
                }
                done += batch.size();
                progress.progress(done, pairs);
            }
        }
        return outcome(factor, heads, looking, terms);
    }

    private Outcome outcome(Factor factor, List<HeadId> heads, Map<HeadId, FigureRegion> looking, double[][] terms) {
        List<Estimate> estimates = Bootstrap.STANDARD.estimates(Terms.of(terms), (sums, n) -> {
            double[] statistics = new double[sums.length + heads.size()];
            for (int f = 0; f < sums.length; f++) {
                statistics[f] = sums[f] / n;
            }
            for (int h = 0; h < heads.size(); h++) {
                statistics[sums.length + h] = (sums[2 * h + 1] - sums[2 * h]) / n;
            }
            return statistics;
        });
        int fields = terms[0].length;
        List<OfHead> found = new ArrayList<>();
        for (int h = 0; h < heads.size(); h++) {
            found.add(new OfHead(
                    heads.get(h),
                    Objects.requireNonNull(looking.get(heads.get(h))),
                    factor,
                    estimates.get(2 * h),
                    estimates.get(2 * h + 1),
                    estimates.get(fields + h)));
        }
        return new Outcome(found, new OfModel(factor, estimates.subList(2 * heads.size(), fields)));
    }

    /** A batch's attention [B, L, H, T] and predictions. */
    private record Looked(float[] rows, float[][] predictions) {}

    private Looked look(Batch batch) {
        FloatArray queries = reading.queries(vit);
        boolean predicts = model.config().regressionHead();
        List<String> fetches =
                predicts ? List.of(Fetches.ATTENTION_ROWS, Fetches.PREDICTIONS) : List.of(Fetches.ATTENTION_ROWS);
        try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                TFloat32 fed = InferenceModel.tensor(queries);
                Result result = model.run(Map.of(Fetches.PIXELS, pixels, Fetches.ATTENTION_QUERIES, fed), fetches)) {
            float[] rows = InferenceModel.copy((TFloat32) result.get(0)).data();
            return new Looked(
                    rows, predicts ? InferenceModel.rows((TFloat32) result.get(1)) : new float[batch.size()][0]);
        }
    }

    private double attention(float[] rows, int image, HeadId head, double[] mask) {
        int at = ((image * vit.numLayers() + head.layer()) * vit.numHeads() + head.head()) * vit.numTokens();
        return IntStream.range(0, mask.length)
                .mapToDouble(p -> mask[p] * rows[at + 1 + p])
                .sum();
    }
}
