package org.chirplens.analysis;

import java.util.Random;

/** Ablations whose effects are known because they were put in, without a model. */
final class SyntheticAblation {
    private SyntheticAblation() {}

    /** The error of a prediction without a head, from that with it. */
    interface ErrorWithout {
        double of(Random random, int head, int target, double error);
    }

    /** Labels and errors of the whole model are normal, of variance 1 and 0.25. */
    static HeadAblation of(int layers, int heads, int images, int targets, long seed, ErrorWithout without) {
        Random random = new Random(seed);
        float[][] labels = new float[images][targets];
        float[][] baseline = new float[images][targets];
        float[][][] ablated = new float[layers * heads][images][targets];
        for (int i = 0; i < images; i++) {
            for (int t = 0; t < targets; t++) {
                labels[i][t] = (float) random.nextGaussian();
                double e = 0.5 * random.nextGaussian();
                baseline[i][t] = (float) (labels[i][t] + e);
                for (int h = 0; h < ablated.length; h++) {
                    double other = without.of(random, h, t, e);
                    // A head without effect leaves the very same prediction.
                    ablated[h][i][t] = other == e ? baseline[i][t] : (float) (labels[i][t] + other);
                }
            }
        }
        return HeadAblation.of("head_mask", layers, heads, labels, baseline, ablated, 0);
    }
}
