package org.chirplens.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Sums over images where every draw gives each image a small whole weight: how often it was drawn, or whether it is in a
 * half. That is a product of matrices, [draws][images] by [images][fields]. It is computed in blocks: weights of
 * {@value #DRAWS} draws are in memory at a time, all fields see the same draws, and the sums of a block of draws and
 * fields stay in the processor's cache. 2,000 draws of 10,000 images take 640 kB of weights instead of 20 MB of them, and
 * the table of terms, 100 MB for 144 heads, is never in memory.
 */
final class WeightedSums {
    private static final int DRAWS = 64;
    private static final int FIELDS = 48;

    /** Below so many terms, handing blocks to other threads takes longer than adding them up. */
    private static final long WORTH_THREADS = 100_000;

    private final Terms terms;
    private final double[][] sums;

    /** The weights of one block of draws, [images][DRAWS]. */
    private final byte[] weights;

    private WeightedSums(Terms terms, int draws) {
        this.terms = terms;
        this.sums = new double[terms.fields()][draws];
        this.weights = new byte[terms.images() * DRAWS];
    }

    /** Fills in the weights of the next draw, [images], which are all 0 before. */
    @FunctionalInterface
    interface Draw {
        void next(byte[] weights);
    }

    /**
     * The sums of every field in every draw, [fields][draws]. Draws are asked for one after the other; equal draws give
     * equal sums, bit by bit, whatever the number of threads.
     */
    static double[][] of(Terms terms, int draws, Draw draw) {
        WeightedSums all = new WeightedSums(terms, draws);
        byte[] one = new byte[terms.images()];
        for (int from = 0; from < draws; from += DRAWS) {
            int count = Math.min(DRAWS, draws - from);
            for (int k = 0; k < count; k++) {
                Arrays.fill(one, (byte) 0);
                draw.next(one);
                for (int i = 0; i < one.length; i++) {
                    all.weights[i * DRAWS + k] = one[i];
                }
            }
            int first = from;
            IntStream blocks = IntStream.range(0, (terms.fields() + FIELDS - 1) / FIELDS);
            boolean large = (long) terms.images() * terms.fields() >= WORTH_THREADS;
            (large ? blocks.parallel() : blocks).forEach(block -> all.addBlock(first, count, block * FIELDS));
        }
        return all.sums;
    }

    /** The sums of all images, each with weight 1, [fields]. */
    static double[] total(Terms terms) {
        double[][] once = of(terms, 1, weights -> Arrays.fill(weights, (byte) 1));
        return Arrays.stream(once).mapToDouble(sum -> sum[0]).toArray();
    }

    private void addBlock(int firstDraw, int draws, int firstField) {
        int width = Math.min(FIELDS, sums.length - firstField);
        double[] row = new double[width];
        double[] block = new double[draws * width];
        for (int i = 0; i < terms.images(); i++) {
            terms.put(i, firstField, row);
            for (int k = 0; k < draws; k++) {
                int weight = weights[i * DRAWS + k];
                if (weight != 0) {
                    add(block, k * width, row, weight);
                }
            }
        }
        for (int k = 0; k < draws; k++) {
            for (int f = 0; f < width; f++) {
                sums[firstField + f][firstDraw + k] = block[k * width + f];
            }
        }
    }

    private static void add(double[] block, int at, double[] row, double weight) {
        for (int f = 0; f < row.length; f++) {
            block[at + f] += weight * row[f];
        }
    }
}
