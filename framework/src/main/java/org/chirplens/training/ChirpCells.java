package org.chirplens.training;

import java.util.function.IntUnaryOperator;
import org.chirplens.model.PatchWindow;

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

    /**
     * The same chirp in a part of the image.
     *
     * @param window the part
     * @param grid patches along the image
     * @param perPatch cells along a patch
     * @throws IllegalArgumentException when the image has another number of cells, or the chirp begins or ends outside the window
     */
    ChirpCells within(PatchWindow window, int grid, int perPatch) {
        int side = grid * perPatch;
        Check.that(ridge.length == side * side, "an image must have " + side * side + " cells", ridge.length);
        int columns = window.columns() * perPatch;
        int rows = window.rows() * perPatch;
        int top = window.top() * perPatch;
        int left = window.left() * perPatch;
        float[] part = new float[rows * columns];
        for (int row = 0; row < rows; row++) {
            System.arraycopy(ridge, (top + row) * side + left, part, row * columns, columns);
        }
        IntUnaryOperator place = cell -> {
            int row = cell / side - top;
            int column = cell % side - left;
            Check.that(
                    row >= 0 && row < rows && column >= 0 && column < columns,
                    "a chirp must begin and end in the patches that the model sees, " + window,
                    "cell " + cell);
            return row * columns + column;
        };
        return new ChirpCells(part, place.applyAsInt(start), place.applyAsInt(end));
    }
}
