package org.chirplens.figure;

/**
 * Geometry of a figure in pixels from the top-left corner: matplotlib's default placing of one subplot with a colour bar, at 100
 * dots per inch. For 640 x 480 pixels the numbers are recorded in reference/chirp_genuine/layout_spectrogram_1.json.
 *
 * @param width pixels per row
 * @param height rows
 */
record FigureLayout(int width, int height) {
    /** Pixels per point. */
    static final double POINT = 100 / 72.0;
    /** Width of frame lines and ticks, 0.8 points. */
    static final double LINE = 0.8 * POINT;

    /** A length that is whole but for rounding is not rounded up further. */
    private static final double ROUNDING = 1e-9;

    double axesLeft() {
        return 0.125 * width;
    }

    double axesRight() {
        return 0.745 * width;
    }

    double axesTop() {
        return 0.12 * height;
    }

    double axesBottom() {
        return 0.89 * height;
    }

    double barLeft() {
        return 0.78375 * width;
    }

    double barRight() {
        return barLeft() + (axesBottom() - axesTop()) / 20;
    }

    int dataLeft() {
        return (int) Math.rint(axesLeft());
    }

    /** The heat map's first row may lie above the axes box, and is clipped away then: see {@link #clipTop()}. */
    int dataTop() {
        return (int) Math.rint(axesBottom()) - dataHeight();
    }

    int dataWidth() {
        return (int) Math.ceil(axesRight() - axesLeft() - ROUNDING);
    }

    int dataHeight() {
        return (int) Math.ceil(axesBottom() - axesTop() - ROUNDING);
    }

    /** The first row of the axes box. */
    int clipTop() {
        return Math.max(dataTop(), (int) Math.rint(axesTop()));
    }

    /** Horizontal position of a time bin's coordinate; bin b spans [b, b + 1]. */
    double timeToX(double timeBin, int bins) {
        return dataLeft() + timeBin * dataWidth() / bins;
    }

    /** Vertical position of a frequency bin's coordinate; bin b spans [b, b + 1], bin 0 is at the bottom. */
    double frequencyToY(double frequencyBin, int bins) {
        return dataTop() + dataHeight() - frequencyBin * dataHeight() / bins;
    }
}
