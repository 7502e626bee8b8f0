package org.chirplens.report;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Heat maps of layers by heads, at most three in a row, all in one colour scale and with the last layer on top.
 *
 * @param layers rows of a map
 * @param perLayer columns of a map
 * @param maps at least one
 * @param barLabel what the values are, with their unit
 */
record HeadMaps(int layers, int perLayer, List<Map> maps, String barLabel) {
    /** Width and height of a map, at most. */
    private static final double MOST_WIDTH = 264;

    private static final double LEFT = 78;
    private static final double TOP = 92;
    private static final double GAP = 34;
    private static final double ROW_GAP = 78;
    private static final int COLUMNS = 3;

    /**
     * One map.
     *
     * @param title above it
     * @param values [layers * perLayer], layer by layer
     */
    record Map(String title, double[] values) {}

    HeadMaps {
        maps = List.copyOf(maps);
    }

    /** Draws the maps; the last three are as in {@link Canvas#finish}. */
    Figure draw(String heading, String subtitle, String title, String caption, String description) {
        ColourMap colours = ColourMap.covering(maps.stream()
                .flatMapToDouble(map -> DoubleStream.of(map.values()))
                .toArray());
        double cell = Math.max(7, Math.min(30, Math.min(MOST_WIDTH / perLayer, MOST_WIDTH / layers)));
        int columns = Math.min(COLUMNS, maps.size());
        int rows = (maps.size() + columns - 1) / columns;
        // Titles end with what tells maps apart, so those of small maps get room.
        double widest = maps.stream()
                .mapToDouble(map -> TextStyle.HEADING.width(map.title()))
                .max()
                .orElse(0);
        double width = Math.max(Math.max(100, perLayer * cell), Math.min(MOST_WIDTH, widest));
        double height = layers * cell;
        double right = LEFT + columns * width + (columns - 1) * GAP;
        double bottom = TOP + rows * height + (rows - 1) * ROW_GAP;
        double barHeight = Math.max(120, Math.min(bottom - TOP, 320));
        Canvas canvas = new Canvas(Math.max(500, right + 30 + ColourBar.ROOM), Math.max(bottom, TOP + barHeight) + 52);
        canvas.heading(heading, subtitle, 20);
        for (int i = 0; i < maps.size(); i++) {
            double x = LEFT + i % columns * (width + GAP);
            int row = i / columns;
            canvas.text(maps.get(i).title(), x, TOP + row * (height + ROW_GAP) - 10, TextStyle.HEADING, width);
            map(canvas, maps.get(i), colours, cell, x, TOP + row * (height + ROW_GAP), i % columns == 0);
        }
        ColourBar.draw(canvas, colours, right + 30, TOP, Math.rint(barHeight), barLabel);
        return canvas.finish(title, caption, description);
    }

    private void map(Canvas canvas, Map map, ColourMap colours, double cell, double x, double y, boolean first) {
        canvas.rect(x - 0.5, y - 0.5, perLayer * cell + 1, layers * cell + 1, Palette.GRID);
        for (int l = 0; l < layers; l++) {
            for (int h = 0; h < perLayer; h++) {
                int colour = colours.of(map.values()[l * perLayer + h]);
                canvas.rect(x + h * cell + 0.5, y + (layers - 1 - l) * cell + 0.5, cell - 1, cell - 1, colour);
            }
        }
        int every = (int) Math.ceil(17 / cell);
        for (int h = 0; h < perLayer; h += every) {
            canvas.text(String.valueOf(h + 1), x + (h + 0.5) * cell, y + layers * cell + 15, TextStyle.TICK.middle());
        }
        canvas.text("head", x + perLayer * cell / 2, y + layers * cell + 33, TextStyle.LABEL.middle());
        if (first) {
            for (int l = 0; l < layers; l += every) {
                double at = y + (layers - l - 0.5) * cell + TextStyle.TICK.centring();
                canvas.text(String.valueOf(l + 1), x - 8, at, TextStyle.TICK.end());
            }
            canvas.text(
                    "layer", 38, y + layers * cell / 2, TextStyle.LABEL.middle().turned());
        }
    }

    /** The place of the largest value; the first of equal ones. */
    static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[largest] || Double.isNaN(values[largest])) {
                largest = i;
            }
        }
        return largest;
    }
}
