package org.chirplens.figure;

/**
 * Geometry of the released figure in pixels from the top-left corner: matplotlib's default figure of 6.4 x 4.8 inches at 100 dpi
 * with one subplot and a colour bar. The numbers are recorded in reference/chirp_genuine/layout_spectrogram_1.json.
 */
final class FigureLayout {
    static final int WIDTH = 640;
    static final int HEIGHT = 480;

    /** Pixels per point. */
    static final double POINT = 100 / 72.0;
    /** Width of frame lines and ticks, 0.8 points. */
    static final double LINE = 0.8 * POINT;

    static final double AXES_LEFT = 80;
    static final double AXES_TOP = 57.6;
    static final double AXES_RIGHT = 476.8;
    static final double AXES_BOTTOM = 427.2;

    /** The heat map: the axes box rounded outwards. Its first row lies above the box and is clipped away. */
    static final int DATA_LEFT = 80;

    static final int DATA_TOP = 57;
    static final int DATA_WIDTH = 397;
    static final int DATA_HEIGHT = 370;

    static final double BAR_LEFT = 501.6;
    static final double BAR_RIGHT = 520.08;

    private FigureLayout() {}

    /** Horizontal position of a time bin's coordinate; bin b spans [b, b + 1]. */
    static double timeToX(double timeBin, int bins) {
        return DATA_LEFT + timeBin * DATA_WIDTH / bins;
    }

    /** Vertical position of a frequency bin's coordinate; bin b spans [b, b + 1], bin 0 is at the bottom. */
    static double frequencyToY(double frequencyBin, int bins) {
        return DATA_TOP + DATA_HEIGHT - frequencyBin * DATA_HEIGHT / bins;
    }
}
