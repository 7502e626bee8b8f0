package org.chirplens.analysis;

import java.util.List;
import org.chirplens.figure.FigureRegion;
import org.chirplens.model.HeadId;
import org.chirplens.statistics.Estimate;

/**
 * What a head looks at. Intervals are over images.
 *
 * @param head which
 * @param evidence for each label, in the order of {@link AtlasLabel}
 * @param labels those that it gets, the largest share first
 * @param specialisation how many they are
 * @param parts share of attention of each region, in the order of {@link FigureRegion}
 * @param entropy of attention to all tokens, 1 for uniform attention
 * @param distance from a token to those that it attends to, in patches
 * @param effectiveRegions over how many places attention to patches is spread: exp of the entropy of their shares
 * @param chirpAuc probability that a patch with the chirp gets more attention than one without; NaN where no image shows one
 * @param chirpOverlap intersection over union of the chirp's patches and as many that get the most attention
 * @param change part of the attention that the model it is compared with gives to other tokens, in [0, 1]; 0 without one
 */
public record AtlasEntry(
        HeadId head,
        List<Evidence> evidence,
        List<AtlasLabel> labels,
        Specialisation specialisation,
        double[] parts,
        Estimate entropy,
        Estimate distance,
        Estimate effectiveRegions,
        Estimate chirpAuc,
        Estimate chirpOverlap,
        Estimate change) {
    public AtlasEntry {
        evidence = List.copyOf(evidence);
        labels = List.copyOf(labels);
    }

    /**
     * How much attention something gets, and how much it must get. All numbers are parts of all attention.
     *
     * @param label what
     * @param share that it gets
     * @param uniform what uniform attention would give it
     * @param positions what shuffled positions reach; NaN for a token
     * @param otherImages what the chirps of other images reach; 0 for what is the same in all images, infinite where all images
     *     are counterfactuals of one
     * @param untrained what the heads of an untrained model reach at most
     */
    public record Evidence(
            AtlasLabel label, Estimate share, double uniform, double positions, double otherImages, double untrained) {
        /** Share against that of uniform attention. */
        public Estimate lift() {
            return uniform > 0 ? share.scaled(1 / uniform) : Estimate.withoutIntervals(Double.NaN);
        }

        boolean suffices(AtlasSettings settings) {
            double low = share.bca().low();
            return low > settings.minimumShare()
                    && low > settings.minimumLift() * uniform
                    && !(low <= positions)
                    && low > otherImages
                    && low > untrained;
        }
    }

    /** The evidence for a label. */
    public Evidence of(AtlasLabel label) {
        return evidence.get(label.ordinal());
    }

    /** The part of a label that gets the most attention. */
    public FigureRegion mainPart(AtlasLabel label) {
        return label.parts().stream()
                .max((a, b) -> Double.compare(parts[a.ordinal()], parts[b.ordinal()]))
                .orElseThrow(() -> new IllegalArgumentException(label.title() + " has no parts"));
    }
}
