package org.chirplens.figure;

import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;

/** Where in a figure the chirp itself is. */
final class Ridge {
    /** A cell of the noise-free array above this height belongs to the ridge; its centre line reaches 1. */
    private static final double THRESHOLD = 0.3;

    private static final int BINS = ChirpArray.BINS;

    private Ridge() {}

    /**
     * The patches that the chirp's ridge passes through when its figure is squashed to a square image: those that hold the
     * middle of an array cell of the ridge.
     *
     * @param imageSize side of the square image in pixels
     * @param patchSize side of a patch in pixels; divides imageSize
     * @return {@code [P * P]} for P = imageSize / patchSize, top row first: 1 on the ridge, otherwise 0
     */
    static float[] onPatches(Chirp chirp, FigureLayout layout, int imageSize, int patchSize) {
        int patches = patches(imageSize, patchSize);
        double[] clean = ChirpArray.clean(chirp);
        float[] marked = new float[patches * patches];
        for (int cell = 0; cell < clean.length; cell++) {
            if (clean[cell] > THRESHOLD) {
                int frequencyBin = cell / BINS;
                marked[patch(layout, cell % BINS + 0.5, frequencyBin + 0.5, patches)] = 1;
            }
        }
        return marked;
    }

    /**
     * The patches in which the chirp begins and ends, when its figure is squashed to a square image.
     *
     * @return the index of each, top row first
     */
    static int[] ends(Chirp chirp, FigureLayout layout, int imageSize, int patchSize) {
        int patches = patches(imageSize, patchSize);
        double start = chirp.startTimeSeconds();
        return new int[] {
            end(layout, start, chirp.startFrequencyHz(), patches),
            end(layout, start + chirp.durationSeconds(), chirp.endFrequencyHz(), patches)
        };
    }

    /**
     * The corners of the patches that the heat map reaches into, when its figure is squashed to a square image; every chirp has its
     * ridge and its ends between them.
     *
     * @return the index of the upper left and of the lower right patch
     */
    static int[] axes(FigureLayout layout, int imageSize, int patchSize) {
        int patches = patches(imageSize, patchSize);
        return new int[] {patch(layout, 0, BINS, patches), patch(layout, BINS, 0, patches)};
    }

    private static int end(FigureLayout layout, double seconds, double hertz, int patches) {
        double timeBin = Math.min(seconds / ChirpArray.MAX_TIME_SECONDS, 1) * BINS;
        double frequencyBin = Math.min(hertz / ChirpArray.MAX_FREQUENCY_HZ, 1) * BINS;
        return patch(layout, timeBin, frequencyBin, patches);
    }

    /** The index of the patch that holds a point of the array. */
    private static int patch(FigureLayout layout, double timeBin, double frequencyBin, int patches) {
        int column = (int) (layout.timeToX(timeBin, BINS) / layout.width() * patches);
        int row = (int) (layout.frequencyToY(frequencyBin, BINS) / layout.height() * patches);
        return row * patches + column;
    }

    private static int patches(int imageSize, int patchSize) {
        if (patchSize < 1 || imageSize < patchSize || imageSize % patchSize != 0) {
            throw new IllegalArgumentException("the image size must be a multiple of the patch size, found image size "
                    + imageSize + " and patch size " + patchSize);
        }
        return imageSize / patchSize;
    }
}
