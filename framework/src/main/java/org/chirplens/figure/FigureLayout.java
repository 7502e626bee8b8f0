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

    /** The axes box in parts of the figure, from its lower left corner, with matplotlib's own rounding: it decides about whole pixels. */
    private static final double LEFT = 0.125;

    private static final double BOTTOM = 0.10999999999999999;
    private static final double RIGHT = LEFT + 0.6200000000000001;
    private static final double TOP = BOTTOM + 0.77;

    double axesLeft() {
        return LEFT * width;
    }

    double axesRight() {
        return RIGHT * width;
    }

    double axesTop() {
        return height - TOP * height;
    }

    double axesBottom() {
        return height - BOTTOM * height;
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
        return (int) Math.ceil(RIGHT * width - LEFT * width);
    }

    int dataHeight() {
        return (int) Math.ceil(TOP * height - BOTTOM * height);
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
