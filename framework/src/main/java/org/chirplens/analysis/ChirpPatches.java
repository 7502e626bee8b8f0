package org.chirplens.analysis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The patches of an image that show its chirp, and how well an attention map finds them. */
final class ChirpPatches {
    /** A patch shows the chirp when at least this part of it is the chirp's. */
    static final double LEAST = 0.01;

    private final boolean[] shows;
    private final int count;

    /** @param mask the chirp's part of every patch, [patches] */
    ChirpPatches(double[] mask) {
        shows = new boolean[mask.length];
        for (int p = 0; p < mask.length; p++) {
            shows[p] = mask[p] >= LEAST;
        }
        count = (int) IntStream.range(0, shows.length).filter(p -> shows[p]).count();
    }

    /** Whether there are patches of both kinds. */
    boolean canBeFound() {
        return count > 0 && count < shows.length;
    }

    /**
     * The probability that a patch with the chirp is attended to more than one without it, ties counted half: the area under
     * the ROC curve (Hanley and McNeil 1982). 0.5 is chance.
     */
    double areaUnderCurve(double[] attention) {
        Integer[] order = rising(attention);
        double ranks = 0;
        int from = 0;
        while (from < order.length) {
            int to = from + 1;
            while (to < order.length && attention[order[to]] == attention[order[from]]) {
                to++;
            }
            double rank = (from + 1 + to) / 2.0;
            for (int i = from; i < to; i++) {
                ranks += shows[order[i]] ? rank : 0;
            }
            from = to;
        }
        return (ranks - count * (count + 1) / 2.0) / ((double) count * (shows.length - count));
    }

    /** Intersection over union of the chirp's patches and as many patches that are attended to most. */
    double overlap(double[] attention) {
        Integer[] order = rising(attention);
        long both = Arrays.stream(order, order.length - count, order.length)
                .filter(p -> shows[p])
                .count();
        return both / (2.0 * count - both);
    }

    private static Integer[] rising(double[] attention) {
        Integer[] order = IntStream.range(0, attention.length).boxed().toArray(Integer[]::new);
        Arrays.sort(order, Comparator.comparingDouble(p -> attention[p]));
        return order;
    }
}
