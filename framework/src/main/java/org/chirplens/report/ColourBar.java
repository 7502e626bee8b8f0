package org.chirplens.report;

/** The bar beside a heat map that tells which colour stands for which value. */
final class ColourBar {
    private static final double WIDTH = 14;

    /** Pixels that bar, tick labels and label take from the bar's left edge to the figure's right one. */
    static final double ROOM = WIDTH + 90;

    private ColourBar() {}

    /**
     * Draws the bar.
     *
     * @param x left edge, pixels
     * @param top upper edge, pixels
     * @param height pixels
     * @param label what the values are, with their unit; that the map is logarithmic is said behind it
     */
    static void draw(Canvas canvas, ColourMap colours, double x, double top, double height, String label) {
        // Steps of whole pixels: anti-aliased edges between them would show as lines.
        for (int y = 0; y < height; y += 2) {
            canvas.rect(x, top + y, WIDTH, Math.min(2, height - y), colours.at(1 - (y + 1) / height));
        }
        canvas.frame(x, top, WIDTH, height, Stroke.of(Palette.AXIS, 0.75));
        double widest = 0;
        for (Scale.Tick tick : colours.ticks((int) Math.max(4, height / 45))) {
            double y = top + height * (1 - colours.place(tick.value()));
            canvas.line(x + WIDTH, y, x + WIDTH + 4, y, Stroke.of(Palette.AXIS, 1));
            canvas.text(tick.label(), x + WIDTH + 8, y + TextStyle.TICK.centring(), TextStyle.TICK);
            widest = Math.max(widest, TextStyle.TICK.width(tick.label()));
        }
        canvas.text(
                colours.isLogarithmic() ? label + ", log colours" : label,
                x + WIDTH + 8 + widest + 20,
                top + height / 2,
                TextStyle.LABEL.middle().turned());
    }
}
