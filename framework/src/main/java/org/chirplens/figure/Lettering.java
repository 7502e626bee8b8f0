package org.chirplens.figure;

import java.util.concurrent.ConcurrentHashMap;
import org.chirplens.figure.FreeTypeGlyphs.Extents;
import org.chirplens.figure.FreeTypeGlyphs.Mask;

/**
 * Lines of text in DejaVu Sans of one size, put together from glyphs as matplotlib's {@code FT2Font.set_text} and
 * {@code draw_glyphs_to_bitmap} do. Glyphs are kept, so that a line costs microseconds; thread-safe.
 */
final class Lettering {
    private static final int UNITS = FreeTypeGlyphs.UNITS;

    /** The line that matplotlib takes the least height and depth of any line from. */
    private static final String TALL_AND_DEEP = "lp";

    private final FreeTypeGlyphs glyphs;
    private final ConcurrentHashMap<Integer, Integer> indices = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Integer> kernings = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Integer, Extents> extents = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, Mask> masks = new ConcurrentHashMap<>();
    private final double leastRise;
    private final double leastDescent;

    /** Text of a size in points, at 100 dots per inch. */
    Lettering(double points) {
        glyphs = new FreeTypeGlyphs(points);
        TextLine tall = line(TALL_AND_DEEP);
        leastRise = tall.height() - tall.descent();
        leastDescent = tall.descent();
    }

    /** How far the top of a line's box lies above its base line, in pixels. */
    double rise(TextLine line) {
        return boxHeight(line) - boxDescent(line);
    }

    /** How far the bottom of a line's box lies below its base line, in pixels. */
    double boxDescent(TextLine line) {
        return Math.max(line.descent(), leastDescent);
    }

    /** Height of a line's box, in pixels. */
    double boxHeight(TextLine line) {
        return Math.max(line.height(), leastRise + leastDescent);
    }

    /** Sets one line. */
    TextLine line(String text) {
        int[] codePoints = text.codePoints().toArray();
        int[] line = new int[codePoints.length];
        int[] pens = new int[codePoints.length];
        int pen = 0;
        int left = Integer.MAX_VALUE;
        int bottom = Integer.MAX_VALUE;
        int right = Integer.MIN_VALUE;
        int top = Integer.MIN_VALUE;
        for (int i = 0; i < codePoints.length; i++) {
            line[i] = indices.computeIfAbsent(codePoints[i], glyphs::index);
            if (i > 0) {
                pen += kerning(line[i - 1], line[i]);
            }
            Extents extent = extents.computeIfAbsent(line[i], glyphs::extents);
            pens[i] = pen;
            // FreeType puts the box of a glyph without ink, a space, at the line's origin wherever the pen is.
            int at = extent.isEmpty() ? 0 : pen;
            left = Math.min(left, at + extent.left());
            right = Math.max(right, at + extent.right());
            bottom = Math.min(bottom, extent.bottom());
            top = Math.max(top, extent.top());
            pen += extent.advance();
        }
        if (codePoints.length == 0) {
            return TextLine.EMPTY;
        }
        return bitmap(line, pens, pen, left, bottom, right, top);
    }

    private TextLine bitmap(int[] line, int[] pens, int advance, int left, int bottom, int right, int top) {
        int width = (right - left) / UNITS + 2;
        int height = (top - bottom) / UNITS + 2;
        byte[] coverage = new byte[width * height];
        for (int i = 0; i < line.length; i++) {
            int shift = Math.floorMod(pens[i], UNITS);
            Mask mask = mask(line[i], shift);
            // Both are truncated towards zero, as the cast in C++ does.
            int x = (int) ((pens[i] - shift) / UNITS + mask.left() - left / (double) UNITS);
            int y = (int) (top / (double) UNITS - mask.top() + 1);
            merge(mask, x, y, coverage, width, height);
        }
        return new TextLine(
                advance / (double) UNITS,
                left / (double) UNITS,
                (top - bottom) / (double) UNITS,
                -bottom / (double) UNITS,
                width,
                height,
                coverage);
    }

    private int kerning(int glyph, int next) {
        if (glyph == 0 || next == 0) {
            return 0;
        }
        return kernings.computeIfAbsent((long) glyph << 32 | next, key -> glyphs.kerning(glyph, next));
    }

    private Mask mask(int glyph, int shift) {
        return masks.computeIfAbsent((long) glyph << 32 | shift, key -> glyphs.mask(glyph, shift));
    }

    private static void merge(Mask mask, int x, int y, byte[] coverage, int width, int height) {
        for (int row = Math.max(0, -y); row < Math.min(mask.height(), height - y); row++) {
            for (int column = Math.max(0, -x); column < Math.min(mask.width(), width - x); column++) {
                coverage[(y + row) * width + x + column] |= mask.coverage()[row * mask.width() + column];
            }
        }
    }
}
