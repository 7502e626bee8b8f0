package org.chirplens.report;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/**
 * One thing that a {@link Canvas} has drawn. Positions and lengths are in figure pixels from the top-left corner;
 * colours are {@code 0xRRGGBB}.
 */
sealed interface Mark {
    /** A filled rectangle. */
    record Box(double x, double y, double width, double height, int rgb, double opacity) implements Mark {}

    /** An open line through points. */
    record Line(double[] xs, double[] ys, Stroke stroke) implements Mark {}

    /** A filled polygon. */
    record Area(double[] xs, double[] ys, int rgb, double opacity) implements Mark {}

    /** Filled discs of one size. */
    record Dots(double[] xs, double[] ys, double radius, int rgb, double opacity) implements Mark {}

    /** An image stretched over a rectangle; an image used several times is stored once in an SVG. */
    record Picture(BufferedImage image, double x, double y, double width, double height) implements Mark {}

    /** One line of text; {@code (x, y)} is on its baseline, at the style's anchor. */
    record Text(String text, double x, double y, TextStyle style) implements Mark {
        /** The rectangle that the text may ink, from the font's advance, ascent and descent. */
        Rectangle2D bounds() {
            double width = style.width(text);
            double start = -style.anchor().fraction() * width;
            double above = Typeface.ASCENT * style.size();
            double below = Typeface.DESCENT * style.size();
            return style.upright()
                    ? new Rectangle2D.Double(x - above, y - start - width, above + below, width)
                    : new Rectangle2D.Double(x + start, y - above, width, above + below);
        }
    }
}
