package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.model.VitConfig;
import org.chirplens.statistics.Terms;

/**
 * What the heads of one model do with each image, as numbers that are added up over images. Memory holds some 100 bytes for each
 * image and head, or the sums alone.
 *
 * <p>An image's row has {@value RegionShares#GRAM} entries of the regions' gram matrix, then {@value #FIELDS} fields for each head,
 * heads of layer 0 first.
 */
final class AtlasObservations {
    /** A head's first fields are its attention's mass in each region, as part of that to all patches. */
    static final int MASS = 0;

    private static final int CLS = RegionShares.REGIONS;
    private static final int SELF = CLS + 1;
    private static final int DISTANCE = CLS + 2;
    private static final int ENTROPY = CLS + 3;
    private static final int AUC = CLS + 4;
    private static final int OVERLAP = CLS + 5;
    private static final int WITH_CHIRP = CLS + 6;
    private static final int CHANGE = CLS + 7;
    static final int FIELDS = CLS + 8;

    private static final List<AtlasLabel> PLACES = AtlasLabel.places();

    /** Places of the statistics of a head; the shares of the labels come first, in their order. */
    private static final int LABELS = AtlasLabel.values().length;

    static final int STAT_ENTROPY = LABELS;
    static final int STAT_DISTANCE = LABELS + 1;
    static final int STAT_EFFECTIVE = LABELS + 2;
    static final int STAT_AUC = LABELS + 3;
    static final int STAT_OVERLAP = LABELS + 4;
    static final int STAT_CHANGE = LABELS + 5;
    static final int STAT_PARTS = LABELS + 6;
    static final int STATISTICS = STAT_PARTS + RegionShares.REGIONS;

    private final VitConfig vit;
    private final boolean keepsRows;
    private final List<float[]> rows = new ArrayList<>();
    private final double[] sums;
    private int images;

    /** @param keepsRows whether intervals and halves are asked for */
    AtlasObservations(VitConfig vit, boolean keepsRows) {
        this.vit = vit;
        this.keepsRows = keepsRows;
        sums = new double[RegionShares.GRAM + heads() * FIELDS];
    }

    /**
     * What one head does with one image.
     *
     * @param patches attention to each patch as part of that to all patches, [patches]
     * @param cls attention to the CLS token
     * @param self attention of a token to itself
     * @param distance to the patches attended to, in patches
     * @param entropy of attention to all tokens, in nats
     * @param change how much of the attention another model would give to other tokens, in [0, 1]
     */
    record Attention(double[] patches, double cls, double self, double distance, double entropy, double change) {}

    int heads() {
        return vit.numLayers() * vit.numHeads();
    }

    int tokens() {
        return vit.numTokens();
    }

    int images() {
        return images;
    }

    /** Adds an image; masks [regions][patches]. */
    void add(double[][] masks, ChirpPatches chirp, Attention[] heads) {
        float[] row = new float[RegionShares.GRAM + heads.length * FIELDS];
        double[] gram = new double[RegionShares.GRAM];
        RegionShares.gram(masks, gram, 0);
        for (int i = 0; i < gram.length; i++) {
            row[i] = (float) gram[i];
        }
        for (int head = 0; head < heads.length; head++) {
            Attention attention = heads[head];
            int at = RegionShares.GRAM + head * FIELDS;
            for (int r = 0; r < RegionShares.REGIONS; r++) {
                row[at + MASS + r] = (float) RegionShares.product(masks[r], attention.patches);
            }
            row[at + CLS] = (float) attention.cls;
            row[at + SELF] = (float) attention.self;
            row[at + DISTANCE] = (float) attention.distance;
            row[at + ENTROPY] = (float) (attention.entropy / Math.log(vit.numTokens()));
            row[at + CHANGE] = (float) attention.change;
            if (chirp.canBeFound()) {
                row[at + AUC] = (float) chirp.areaUnderCurve(attention.patches);
                row[at + OVERLAP] = (float) chirp.overlap(attention.patches);
                row[at + WITH_CHIRP] = 1;
            }
        }
        add(row);
    }

    private void add(float[] row) {
        Arrays.setAll(sums, i -> sums[i] + row[i]);
        images++;
        if (keepsRows) {
            rows.add(row);
        }
    }

    /**
     * Those of every second group of images, from the first or from the second on.
     *
     * @param groups of each image the number of its group, [images]; an image and its counterfactuals are in one
     */
    AtlasObservations half(int first, int[] groups) {
        AtlasObservations half = new AtlasObservations(vit, true);
        Map<Integer, Integer> order = new HashMap<>();
        for (int i = 0; i < rows.size(); i++) {
            int place = order.computeIfAbsent(groups[i], none -> order.size());
            if (place % 2 == first) {
                half.add(rows.get(i));
            }
        }
        return half;
    }

    Terms terms() {
        return new Terms() {
            @Override
            public int images() {
                return rows.size();
            }

            @Override
            public int fields() {
                return RegionShares.GRAM + heads() * FIELDS;
            }

            @Override
            public void put(int image, int first, double[] into) {
                float[] row = rows.get(image);
                for (int i = 0; i < into.length; i++) {
                    into[i] = row[first + i];
                }
            }
        };
    }

    /** Sums over all images, one for each field. */
    double[] sums() {
        return sums.clone();
    }

    /** The statistics of all heads of all images, [heads][{@value #STATISTICS}]. */
    double[][] statistics() {
        RegionShares regions = new RegionShares().of(sums, 0);
        double[][] statistics = new double[heads()][];
        for (int head = 0; head < statistics.length; head++) {
            statistics[head] = statistics(regions, sums, head, images());
        }
        return statistics;
    }

    /**
     * The statistics of one head.
     *
     * @param regions of the same sums
     * @param sums over images, one for each field
     * @param images how many were added up
     */
    static double[] statistics(RegionShares regions, double[] sums, int head, int images) {
        int at = RegionShares.GRAM + head * FIELDS;
        double[] statistics = new double[STATISTICS];
        double[] parts = regions.solve(sums, at + MASS);
        double cls = sums[at + CLS] / images;
        for (int r = 0; r < parts.length; r++) {
            statistics[STAT_PARTS + r] = (1 - cls) * parts[r];
        }
        double entropy = 0;
        for (AtlasLabel place : PLACES) {
            double share = share(place, parts);
            statistics[place.ordinal()] = (1 - cls) * share;
            entropy -= share > 0 ? share * Math.log(share) : 0;
        }
        statistics[AtlasLabel.CLS.ordinal()] = cls;
        statistics[AtlasLabel.SELF.ordinal()] = sums[at + SELF] / images;
        statistics[STAT_ENTROPY] = sums[at + ENTROPY] / images;
        statistics[STAT_DISTANCE] = sums[at + DISTANCE] / images;
        statistics[STAT_EFFECTIVE] = Math.exp(entropy);
        statistics[STAT_AUC] = sums[at + AUC] / sums[at + WITH_CHIRP];
        statistics[STAT_OVERLAP] = sums[at + OVERLAP] / sums[at + WITH_CHIRP];
        statistics[STAT_CHANGE] = sums[at + CHANGE] / images;
        return statistics;
    }

    /** The sum of a label's parts. */
    static double share(AtlasLabel place, double[] parts) {
        return place.parts().stream().mapToDouble(part -> parts[part.ordinal()]).sum();
    }
}
