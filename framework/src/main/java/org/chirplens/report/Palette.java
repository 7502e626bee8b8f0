package org.chirplens.report;

import java.util.List;

/**
 * The colours of all figures, {@code 0xRRGGBB}. Series are told apart by the palette of Okabe and Ito (2008), which
 * people with any colour vision can read; after six of them the line pattern changes.
 */
final class Palette {
    static final int WHITE = 0xffffff;
    static final int BLACK = 0x000000;
    static final int TEXT = 0x222222;
    static final int QUIET = 0x555555;
    static final int AXIS = 0x8a8a8a;
    static final int GRID = 0xe8e8e8;
    static final int BASELINE = 0xbdbdbd;

    static final int BLUE = 0x0072b2;
    static final int VERMILION = 0xd55e00;
    static final int GREEN = 0x009e73;
    static final int ORANGE = 0xe69f00;
    static final int PURPLE = 0xcc79a7;
    static final int SKY = 0x56b4e9;

    private static final List<Integer> SERIES = List.of(BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY);
    private static final List<List<Double>> PATTERNS = List.of(Stroke.SOLID, Stroke.DASHED, Stroke.DOTTED);

    /** How many series differ in colour. */
    static final int COLOURS = SERIES.size();

    private Palette() {}

    /** The colour of series {@code index}, from 0. */
    static int series(int index) {
        return SERIES.get(index % SERIES.size());
    }

    /** The line of series {@code index}, from 0: up to 18 differ. */
    static Stroke line(int index, double width) {
        return Stroke.of(series(index), width).dashed(PATTERNS.get(index / SERIES.size() % PATTERNS.size()));
    }

    /** Black or white, whichever stands out more on a colour, by the contrast ratio of WCAG 2. */
    static int readableOn(int rgb) {
        double background = luminance(rgb) + 0.05;
        double onWhite = 1.05 / background;
        double onBlack = background / 0.05;
        return onWhite > onBlack ? WHITE : BLACK;
    }

    /** Relative luminance of WCAG 2, 0 to 1. */
    static double luminance(int rgb) {
        return 0.2126 * linear(rgb >> 16 & 0xff) + 0.7152 * linear(rgb >> 8 & 0xff) + 0.0722 * linear(rgb & 0xff);
    }

    private static double linear(int channel) {
        double c = channel / 255.0;
        return c <= 0.03928 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }
}
