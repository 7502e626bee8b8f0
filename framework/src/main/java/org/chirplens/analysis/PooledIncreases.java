package org.chirplens.analysis;

import org.chirplens.analysis.HeadTerms.Kind;
import org.chirplens.statistics.Terms;

/** What each image adds to the pooled loss increase of each head: a field per head. */
final class PooledIncreases implements Terms {
    private final HeadTerms terms;
    private final int heads;
    private final int targets;

    PooledIncreases(HeadAblation ablation) {
        this.terms = new HeadTerms(ablation);
        this.heads = ablation.ablated().length;
        this.targets = ablation.numTargets();
    }

    @Override
    public int images() {
        return terms.images();
    }

    @Override
    public int fields() {
        return heads;
    }

    @Override
    public void put(int image, int first, double[] into) {
        double[] one = new double[targets];
        for (int k = 0; k < into.length; k++) {
            terms.put(image, terms.field(first + k, Kind.INCREASE, 0), one);
            double sum = 0;
            for (double increase : one) {
                sum += increase;
            }
            into[k] = sum / targets;
        }
    }

    /** The field of one head, of all images. */
    double[] column(int head) {
        double[] values = new double[images()];
        double[] one = new double[1];
        for (int i = 0; i < values.length; i++) {
            put(i, head, one);
            values[i] = one[0];
        }
        return values;
    }
}
