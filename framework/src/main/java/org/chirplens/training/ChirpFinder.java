package org.chirplens.training;

/** Finds the chirps of a set's images. May be called from several threads. */
@FunctionalInterface
public interface ChirpFinder {
    /**
     * Where the chirp of an image is.
     *
     * @param image index of the image in its set
     */
    ChirpCells of(int image);
}
