package org.chirplens.report;

/**
 * One heat map of layers by heads with a number in every cell, the last layer on top, as Figure 4 of the paper.
 *
 * @param layers rows
 * @param perLayer columns
 * @param values [layers * perLayer], layer by layer
 * @param unit stands behind the number of a cell; may be empty
 * @param barLabel what the values are, with their unit
 */
record NumberMap(int layers, int perLayer, double[] values, String unit, String barLabel) {
    private static final double LEFT = 78;
    private static final double TOP = 66;
    private static final double BAR_GAP = 26;

    /** Draws the map; the last three are as in {@link Canvas#finish}. */
    Figure draw(String heading, String subtitle, String title, String caption, String description) {
        ColourMap colours = ColourMap.covering(values);
        double right = LEFT + perLayer * cellWidth();
        double bottom = TOP + layers * cellHeight();
        Canvas canvas = new Canvas(Math.max(470, right + BAR_GAP + ColourBar.ROOM), bottom + 56);
        canvas.heading(heading, subtitle, 20);
        canvas.rect(LEFT - 0.5, TOP - 0.5, right - LEFT + 1, bottom - TOP + 1, Palette.GRID);
        for (int place = 0; place < values.length; place++) {
            cell(canvas, colours, place);
        }
        axes(canvas, bottom);
        ColourBar.draw(canvas, colours, right + BAR_GAP, TOP, Math.rint(Math.max(bottom - TOP, 120)), barLabel);
        return canvas.finish(title, caption, description);
    }

    private double cellWidth() {
        return Math.max(60, Math.min(110, 780.0 / perLayer));
    }

    private double cellHeight() {
        return Math.max(36, Math.min(70, 460.0 / layers));
    }

    private void cell(Canvas canvas, ColourMap colours, int place) {
        double x = LEFT + place % perLayer * cellWidth();
        double y = TOP + (layers - 1 - place / perLayer) * cellHeight();
        int colour = colours.of(values[place]);
        canvas.rect(x + 0.5, y + 0.5, cellWidth() - 1, cellHeight() - 1, colour);
        // Two decimals say nothing where the scale is in tens; one rule for all cells keeps them comparable.
        String text = number(values[place], colours.isLogarithmic() ? colours.linear() : colours.high()) + unit;
        TextStyle style = TextStyle.LABEL.middle().coloured(Palette.readableOn(colour));
        double fitting = style.size() * Math.min(1, (cellWidth() - 8) / style.width(text));
        canvas.text(text, x + cellWidth() / 2, y + cellHeight() / 2 + style.centring(), style.sized(fitting));
    }

    /** The text of a cell: with as many decimals as the largest value of the map makes sensible. */
    static String number(double value, double high) {
        return !Double.isFinite(value) || Math.abs(value) >= 1e5
                ? NumberText.percentNumber(value)
                : NumberText.fixed(value, high >= 1000 ? 0 : high >= 1 ? 1 : 2);
    }

    private void axes(Canvas canvas, double bottom) {
        TextStyle tick = TextStyle.TICK;
        for (int head = 0; head < perLayer; head++) {
            canvas.text(String.valueOf(head + 1), LEFT + (head + 0.5) * cellWidth(), bottom + 17, tick.middle());
        }
        for (int layer = 0; layer < layers; layer++) {
            double y = TOP + (layers - layer - 0.5) * cellHeight();
            canvas.text(String.valueOf(layer + 1), LEFT - 8, y + tick.centring(), tick.end());
        }
        canvas.text("head", LEFT + perLayer * cellWidth() / 2, bottom + 40, TextStyle.LABEL.middle());
        canvas.text("layer", 38, (TOP + bottom) / 2, TextStyle.LABEL.middle().turned());
    }
}
