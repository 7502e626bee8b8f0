package org.chirplens.report;

import org.chirplens.figure.FigureRegion;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;

/**
 * The colours of regions. The six that are looked at most have those of Okabe and Ito; the others are from Tol's muted scheme or
 * shades of either, so that neighbours differ in brightness as well as in hue.
 */
final class RegionTint {
    private static final double OF_AREAS = 0.45;

    /** Letters and lines are thin, so their colour must be stronger to be seen. */
    private static final double OF_INK = 0.55;

    private static final double DARKEST = 80;

    private RegionTint() {}

    static int colour(FigureRegion region) {
        return switch (region) {
            case CHIRP -> Palette.VERMILION;
            case BACKGROUND -> Palette.SKY;
            case TITLE -> Palette.BLUE;
            case X_LABEL -> Palette.GREEN;
            case Y_LABEL -> Palette.PURPLE;
            case X_TICKS -> Palette.ORANGE;
            case Y_TICKS -> 0xb07020;
            case FRAME_LEFT -> 0x882255;
            case FRAME_RIGHT -> 0x44aa99;
            case FRAME_TOP -> 0x332288;
            case FRAME_BOTTOM -> 0x999933;
            case CORNER_TOP_LEFT -> 0xffb000;
            case CORNER_TOP_RIGHT -> 0xcc3311;
            case CORNER_BOTTOM_LEFT -> 0xaa4499;
            case CORNER_BOTTOM_RIGHT -> 0x117733;
            case COLOUR_BAR -> 0xf0e442;
            case COLOUR_BAR_TICKS -> 0xa04030;
            case COLOUR_BAR_LABEL -> 0x3377aa;
            case MARGIN -> 0xe2e2e2;
        };
    }

    /** An image in grey under the colours of its regions. The pixels at the chirp's edge have its colour alone. */
    static RgbImage over(RgbImage image, FigureRegions regions) {
        byte[] tinted = new byte[image.rgb().length];
        int at = 0;
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < image.width(); x++) {
                FigureRegion region = regions.at(x, y);
                int rgb = colour(region);
                double opacity = isOutline(regions, x, y) ? 1 : opacity(region);
                double grey = grey(image.rgb(), at);
                for (int shift = 16; shift >= 0; shift -= 8) {
                    tinted[at++] = (byte) Math.round(opacity * (rgb >> shift & 0xff) + (1 - opacity) * grey);
                }
            }
        }
        return new RgbImage(image.width(), image.height(), tinted);
    }

    /** The brightness of a pixel, made lighter so that a colour over it can be told. */
    private static double grey(byte[] rgb, int at) {
        double luma = 0.299 * (rgb[at] & 0xff) + 0.587 * (rgb[at + 1] & 0xff) + 0.114 * (rgb[at + 2] & 0xff);
        return DARKEST + luma * (255 - DARKEST) / 255;
    }

    private static double opacity(FigureRegion region) {
        return switch (region) {
            case CHIRP, BACKGROUND, COLOUR_BAR -> OF_AREAS;
            default -> OF_INK;
        };
    }

    /** Whether a pixel of the chirp has a neighbour that is none. */
    private static boolean isOutline(FigureRegions regions, int x, int y) {
        return regions.at(x, y) == FigureRegion.CHIRP
                && (!isChirp(regions, x - 1, y)
                        || !isChirp(regions, x + 1, y)
                        || !isChirp(regions, x, y - 1)
                        || !isChirp(regions, x, y + 1));
    }

    private static boolean isChirp(FigureRegions regions, int x, int y) {
        return x >= 0
                && y >= 0
                && x < regions.width()
                && y < regions.height()
                && regions.at(x, y) == FigureRegion.CHIRP;
    }
}
