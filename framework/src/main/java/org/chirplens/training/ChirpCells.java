package org.chirplens.training;

/**
 * Where in an image the chirp is: what the {@link Pretext} tasks ask for. Cells are square, row-major, top row first.
 *
 * @param ridge 1 where the chirp's ridge passes through the cell, else 0
 * @param start index of the cell in which the chirp begins
 * @param end index of the cell in which it ends
 */
public record ChirpCells(float[] ridge, int start, int end) {
    public ChirpCells {
        Check.that(start >= 0 && start < ridge.length, "start must be in [0, " + ridge.length + ")", start);
        Check.that(end >= 0 && end < ridge.length, "end must be in [0, " + ridge.length + ")", end);
    }
}
