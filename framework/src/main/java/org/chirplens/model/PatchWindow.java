package org.chirplens.model;

/**
 * A rectangle of a model's patch grid: the patches of every image that a training graph sees.
 *
 * @param top first row of the grid in it
 * @param left first column of the grid in it
 * @param rows its height in patches, at least 1
 * @param columns its width in patches, at least 1
 */
public record PatchWindow(int top, int left, int rows, int columns) {
    public PatchWindow {
        if (top < 0 || left < 0 || rows < 1 || columns < 1) {
            throw new IllegalArgumentException(
                    "a window must have a place in the patch grid and at least one patch, found " + rows + " x "
                            + columns + " patches from row " + top + ", column " + left + " on");
        }
    }

    /** All patches of a model. */
    public static PatchWindow whole(VitConfig vit) {
        return new PatchWindow(0, 0, vit.patchGrid(), vit.patchGrid());
    }

    /**
     * The window between two corners.
     *
     * @param first index of its first patch, row by row
     * @param last index of its last patch
     * @param grid patches along the image
     */
    public static PatchWindow between(int first, int last, int grid) {
        int top = first / grid;
        int left = first % grid;
        return new PatchWindow(top, left, last / grid - top + 1, last % grid - left + 1);
    }

    /** The number of patches in it. */
    public int patches() {
        return rows * columns;
    }

    /**
     * Insists that a model has all of these patches.
     *
     * @throws IllegalArgumentException when part of the window is outside its patch grid
     */
    public void requireIn(VitConfig vit) {
        int grid = vit.patchGrid();
        if (top > grid - rows || left > grid - columns) {
            throw new IllegalArgumentException(
                    "a window must lie in the patch grid of " + grid + " x " + grid + ", found " + this);
        }
    }
}
