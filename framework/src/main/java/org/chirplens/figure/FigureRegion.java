package org.chirplens.figure;

import java.util.Locale;

/** The parts that every pixel of a figure belongs to exactly one of; names in files are the {@link #key()}. */
public enum FigureRegion {
    /** Where the chirp rises above the noise. */
    CHIRP,
    /** The rest of the data area. */
    BACKGROUND,
    TITLE,
    /** The label of the time axis. */
    X_LABEL,
    /** The label of the frequency axis. */
    Y_LABEL,
    /** Ticks of the time axis and their labels. */
    X_TICKS,
    /** Ticks of the frequency axis and their labels. */
    Y_TICKS,
    FRAME_LEFT,
    FRAME_RIGHT,
    FRAME_TOP,
    FRAME_BOTTOM,
    CORNER_TOP_LEFT,
    CORNER_TOP_RIGHT,
    CORNER_BOTTOM_LEFT,
    CORNER_BOTTOM_RIGHT,
    /** The colours of the bar and their outline. */
    COLOUR_BAR,
    /** Ticks of the colour bar and their labels. */
    COLOUR_BAR_TICKS,
    COLOUR_BAR_LABEL,
    /** Paper on which nothing is drawn. */
    MARGIN;

    /** The name in files: {@code colour_bar_ticks}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name for people: {@code colour bar ticks}. */
    public String title() {
        return key().replace('_', ' ');
    }
}
