package org.chirplens.report;

/**
 * How a line of text is set, in DejaVu Sans.
 *
 * @param size em size in pixels
 * @param rgb colour, {@code 0xRRGGBB}
 * @param anchor which point of the text the given position is
 * @param upright whether it reads from bottom to top, as the label of a vertical axis does
 */
record TextStyle(double size, int rgb, Anchor anchor, boolean upright) {
    /** The point of a text, along its baseline, that is placed. */
    enum Anchor {
        START(0),
        MIDDLE(0.5),
        END(1);

        private final double fraction;

        Anchor(double fraction) {
            this.fraction = fraction;
        }

        double fraction() {
            return fraction;
        }
    }

    static final TextStyle TITLE = new TextStyle(16, Palette.TEXT, Anchor.START, false);
    static final TextStyle SUBTITLE = new TextStyle(12, Palette.QUIET, Anchor.START, false);
    static final TextStyle HEADING = new TextStyle(13, Palette.TEXT, Anchor.START, false);
    static final TextStyle LABEL = new TextStyle(12, Palette.TEXT, Anchor.START, false);
    static final TextStyle TICK = new TextStyle(11, Palette.QUIET, Anchor.START, false);

    TextStyle middle() {
        return new TextStyle(size, rgb, Anchor.MIDDLE, upright);
    }

    TextStyle end() {
        return new TextStyle(size, rgb, Anchor.END, upright);
    }

    TextStyle turned() {
        return new TextStyle(size, rgb, anchor, true);
    }

    TextStyle coloured(int colour) {
        return new TextStyle(size, colour, anchor, upright);
    }

    TextStyle sized(double pixels) {
        return new TextStyle(pixels, rgb, anchor, upright);
    }

    /** The width of a text in this style, in pixels. */
    double width(String text) {
        return Typeface.advance(text) * size;
    }

    /** How far below a point the baseline is for digits and capitals to be centred on it. */
    double centring() {
        return Typeface.CAP_HEIGHT / 2 * size;
    }
}
