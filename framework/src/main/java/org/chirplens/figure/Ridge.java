package org.chirplens.figure;

import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;

/** Where in a figure the chirp itself is. */
final class Ridge {
    /** A cell of the noise-free array above this height belongs to the ridge; its centre line reaches 1. */
    private static final double THRESHOLD = 0.3;

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
        if (patchSize < 1 || imageSize < patchSize || imageSize % patchSize != 0) {
            throw new IllegalArgumentException("the image size must be a multiple of the patch size, found image size "
                    + imageSize + " and patch size " + patchSize);
        }
        int patches = imageSize / patchSize;
        int bins = ChirpArray.BINS;
        double[] clean = ChirpArray.clean(chirp);
        float[] marked = new float[patches * patches];
        for (int cell = 0; cell < clean.length; cell++) {
            if (clean[cell] > THRESHOLD) {
                int frequencyBin = cell / bins;
                double x = layout.timeToX(cell % bins + 0.5, bins);
                double y = layout.frequencyToY(frequencyBin + 0.5, bins);
                int column = (int) (x / layout.width() * patches);
                int row = (int) (y / layout.height() * patches);
                marked[row * patches + column] = 1;
            }
        }
        return marked;
    }
}
