package org.chirplens.figure;

/** What a figure is drawn from beside the heat map: each can be left out, moved and reworded by a {@link FigureStyle}. */
public enum FigureElement {
    /** The line above the data area; as released it says the image's number and the shape of its chirp. */
    TITLE("Synthetic Spectrogram <number> (<shape> chirp)"),
    /** The label below the time axis. */
    TIME_LABEL("Time (s)"),
    /** The label beside the frequency axis, written upwards. */
    FREQUENCY_LABEL("Frequency (Hz)"),
    /** Ticks of the time axis, and their labels. */
    TIME_TICKS("<value>"),
    /** Ticks of the frequency axis, and their labels. */
    FREQUENCY_TICKS("<value>"),
    /** The line around the data area. It has no text. */
    FRAME(""),
    /** The colours from low to high, and their outline. It has no text; its ticks and its label move with it. */
    COLOUR_BAR(""),
    /** Ticks of the colour bar, and their labels. */
    COLOUR_BAR_TICKS("<value>"),
    /** The label beside the colour bar, written upwards. */
    COLOUR_BAR_LABEL("Intensity");

    private final String text;

    FigureElement(String text) {
        this.text = text;
    }

    /** The text in released figures, as {@link ElementStyle#text} describes it. */
    public String releasedText() {
        return text;
    }
}
