package org.chirplens.report;

import java.util.List;

/**
 * How a line is drawn.
 *
 * @param rgb colour, {@code 0xRRGGBB}
 * @param width pixels
 * @param opacity 0 (unseen) to 1
 * @param dash lengths of dash and gap in pixels; empty for a solid line
 */
record Stroke(int rgb, double width, double opacity, List<Double> dash) {
    static final List<Double> SOLID = List.of();
    static final List<Double> DASHED = List.of(5.0, 2.5);
    static final List<Double> DOTTED = List.of(1.5, 2.0);

    Stroke {
        dash = List.copyOf(dash);
    }

    static Stroke of(int rgb, double width) {
        return new Stroke(rgb, width, 1, SOLID);
    }

    Stroke dashed(List<Double> pattern) {
        return new Stroke(rgb, width, opacity, pattern);
    }

    Stroke faded(double newOpacity) {
        return new Stroke(rgb, width, newOpacity, dash);
    }
}
