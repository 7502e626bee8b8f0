package org.chirplens.report;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.GlyphVector;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.chirplens.figure.DejaVuSans;

/**
 * The outlines of DejaVu Sans. Figures draw text as these outlines, in PNG and SVG alike, so that it looks the same
 * wherever it is opened and whatever fonts are installed there.
 */
final class Typeface {
    /** Font units of an em; at this size the outlines of DejaVu Sans have whole-number coordinates. */
    static final int UNITS = 2048;

    /** Height of a capital letter, in em. */
    static final double CAP_HEIGHT = 0.729;

    /** Height above the baseline that text may ink (capitals, ascenders), in em. */
    static final double ASCENT = 0.77;

    /** Depth below the baseline that text may ink, in em. */
    static final double DESCENT = 0.24;

    private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);
    private static final Font FONT = DejaVuSans.sized(UNITS);
    private static final Map<Integer, Glyph> GLYPHS = new ConcurrentHashMap<>();

    private Typeface() {}

    /**
     * One character.
     *
     * @param outline in font units, y downwards from the baseline
     * @param advance distance to the next character, in font units
     */
    record Glyph(Shape outline, double advance) {}

    static Glyph glyph(int codePoint) {
        return GLYPHS.computeIfAbsent(codePoint, Typeface::outline);
    }

    /** The width of a text in em. */
    static double advance(String text) {
        return text.codePoints().mapToDouble(c -> glyph(c).advance()).sum() / UNITS;
    }

    private static Glyph outline(int codePoint) {
        GlyphVector glyphs = FONT.createGlyphVector(CONTEXT, Character.toString(codePoint));
        return new Glyph(glyphs.getGlyphOutline(0), glyphs.getGlyphMetrics(0).getAdvanceX());
    }
}
