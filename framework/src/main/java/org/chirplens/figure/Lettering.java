package org.chirplens.figure;

import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextAttribute;
import java.awt.geom.AffineTransform;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Black text in DejaVu Sans of one size, set as matplotlib's Agg backend sets it: advances in eighths of a pixel, kerned, heights
 * of letters rounded to whole pixels, the origin on a whole pixel. Glyph masks are kept, so that a line of text costs
 * microseconds; thread-safe.
 */
final class Lettering {
    private static final int PHASES = 8;
    private static final FontRenderContext PLAIN = new FontRenderContext(null, true, true);

    /** Coverage 0..255 of a glyph's pixels; (left, top) is its first pixel relative to the origin on the base line. */
    private record Mask(int left, int top, int width, int height, int[] coverage) {}

    private final Font font;
    private final Font kerned;
    private final ConcurrentHashMap<Integer, Mask> masks = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, Integer> advances = new ConcurrentHashMap<>();

    Lettering(double pixels) {
        font = DejaVuSans.sized(pixels);
        kerned = font.deriveFont(Map.of(TextAttribute.KERNING, TextAttribute.KERNING_ON));
    }

    /** The width of a line in pixels: where the next letter would start. */
    double width(String text) {
        int eighths = 0;
        for (int i = 0; i < text.length(); i++) {
            eighths += advance(text, i);
        }
        return eighths / (double) PHASES;
    }

    /** Sets a line that starts at the whole pixel x on the given base line. */
    void draw(Canvas canvas, String text, int x, int baseline) {
        int eighths = 0;
        for (int i = 0; i < text.length(); i++) {
            Mask mask = mask(text.charAt(i), eighths % PHASES);
            int left = x + eighths / PHASES + mask.left;
            for (int row = 0; row < mask.height; row++) {
                for (int column = 0; column < mask.width; column++) {
                    canvas.ink(left + column, baseline + mask.top + row, mask.coverage[row * mask.width + column]);
                }
            }
            eighths += advance(text, i);
        }
    }

    /** Sets a line upwards: it starts above the pixel edge y, and its base line is the left edge of column {@code baseline}. */
    void drawUpwards(Canvas canvas, String text, int baseline, int y) {
        int eighths = 0;
        for (int i = 0; i < text.length(); i++) {
            Mask mask = mask(text.charAt(i), eighths % PHASES);
            int bottom = y - 1 - eighths / PHASES - mask.left;
            for (int row = 0; row < mask.height; row++) {
                for (int column = 0; column < mask.width; column++) {
                    canvas.ink(baseline + mask.top + row, bottom - column, mask.coverage[row * mask.width + column]);
                }
            }
            eighths += advance(text, i);
        }
    }

    /** Eighths of a pixel from letter {@code i} to the next one, kerning included. */
    private int advance(String text, int i) {
        char letter = text.charAt(i);
        char next = i + 1 < text.length() ? text.charAt(i + 1) : 0;
        return advances.computeIfAbsent(letter << 16 | next, key -> {
            double alone = measure(String.valueOf(letter));
            double kerning = next == 0 ? 0 : measure("" + letter + next) - alone - measure(String.valueOf(next));
            return (int) (Math.rint(alone * PHASES) + Math.rint(kerning * PHASES));
        });
    }

    private double measure(String text) {
        return kerned.layoutGlyphVector(PLAIN, text.toCharArray(), 0, text.length(), Font.LAYOUT_LEFT_TO_RIGHT)
                .getLogicalBounds()
                .getWidth();
    }

    private Mask mask(char letter, int phase) {
        return masks.computeIfAbsent(letter << 16 | phase, key -> rasterise(letter, phase / (double) PHASES));
    }

    private Mask rasterise(char letter, double shift) {
        Shape outline = font.createGlyphVector(PLAIN, new char[] {letter}).getOutline();
        Path2D fitted = fitHeights(outline, Character.isLowerCase(letter));
        fitted.transform(AffineTransform.getTranslateInstance(shift, 0));
        Rectangle2D box = fitted.getBounds2D();
        int left = (int) Math.floor(box.getMinX());
        int top = (int) Math.floor(box.getMinY());
        int width = Math.max(1, (int) Math.ceil(box.getMaxX()) - left);
        int height = Math.max(1, (int) Math.ceil(box.getMaxY()) - top);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setColor(Color.BLACK);
        graphics.translate(-left, -top);
        graphics.fill(fitted);
        graphics.dispose();
        int[] coverage = image.getRGB(0, 0, width, height, null, 0, width);
        for (int i = 0; i < coverage.length; i++) {
            coverage[i] >>>= 24;
        }
        return new Mask(left, top, width, height, coverage);
    }

    /**
     * Moves the heights of the letters' parts to whole pixels, as a hinter does: base line, x-height (small letters), capital
     * height and descender, each with its overshoot. Heights are those of DejaVu Sans, in ems.
     */
    private Path2D fitHeights(Shape outline, boolean small) {
        double em = font.getSize2D();
        double capital = Math.rint(0.729 * em);
        double xHeight = Math.rint(0.547 * em);
        double descender = Math.rint(-0.208 * em);
        double[] from = small
                ? new double[] {-0.222 * em, -0.208 * em, -0.014 * em, 0, 0.547 * em, 0.561 * em, 0.729 * em, 0.76 * em}
                : new double[] {-0.222 * em, -0.208 * em, -0.014 * em, 0, 0.729 * em, 0.76 * em};
        double[] to = small
                ? new double[] {descender, descender, 0, 0, xHeight, xHeight, capital, capital}
                : new double[] {descender, descender, 0, 0, capital, capital};
        Path2D fitted = new Path2D.Double();
        double[] c = new double[6];
        for (PathIterator path = outline.getPathIterator(null); !path.isDone(); path.next()) {
            int type = path.currentSegment(c);
            for (int i = 1; i < c.length; i += 2) {
                c[i] = -interpolate(-c[i], from, to);
            }
            switch (type) {
                case PathIterator.SEG_MOVETO -> fitted.moveTo(c[0], c[1]);
                case PathIterator.SEG_LINETO -> fitted.lineTo(c[0], c[1]);
                case PathIterator.SEG_QUADTO -> fitted.quadTo(c[0], c[1], c[2], c[3]);
                case PathIterator.SEG_CUBICTO -> fitted.curveTo(c[0], c[1], c[2], c[3], c[4], c[5]);
                default -> fitted.closePath();
            }
        }
        return fitted;
    }

    private static double interpolate(double value, double[] from, double[] to) {
        int last = from.length - 1;
        if (value <= from[0]) {
            return to[0] + value - from[0];
        }
        for (int i = 1; i <= last; i++) {
            if (value <= from[i]) {
                return to[i - 1] + (to[i] - to[i - 1]) * (value - from[i - 1]) / (from[i] - from[i - 1]);
            }
        }
        return to[last] + value - from[last];
    }
}
