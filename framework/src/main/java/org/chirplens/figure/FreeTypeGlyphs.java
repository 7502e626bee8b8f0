package org.chirplens.figure;

import static org.lwjgl.util.freetype.FreeType.FT_GLYPH_BBOX_SUBPIXELS;
import static org.lwjgl.util.freetype.FreeType.FT_Get_Char_Index;
import static org.lwjgl.util.freetype.FreeType.FT_Get_Glyph;
import static org.lwjgl.util.freetype.FreeType.FT_Get_Kerning;
import static org.lwjgl.util.freetype.FreeType.FT_Glyph_Get_CBox;
import static org.lwjgl.util.freetype.FreeType.FT_Glyph_To_Bitmap;
import static org.lwjgl.util.freetype.FreeType.FT_Glyph_Transform;
import static org.lwjgl.util.freetype.FreeType.FT_Init_FreeType;
import static org.lwjgl.util.freetype.FreeType.FT_KERNING_DEFAULT;
import static org.lwjgl.util.freetype.FreeType.FT_LOAD_FORCE_AUTOHINT;
import static org.lwjgl.util.freetype.FreeType.FT_Load_Glyph;
import static org.lwjgl.util.freetype.FreeType.FT_New_Memory_Face;
import static org.lwjgl.util.freetype.FreeType.FT_RENDER_MODE_NORMAL;
import static org.lwjgl.util.freetype.FreeType.FT_Set_Char_Size;
import static org.lwjgl.util.freetype.FreeType.FT_Set_Transform;

import java.nio.ByteBuffer;
import java.util.Objects;
import org.lwjgl.PointerBuffer;
import org.lwjgl.system.MemoryStack;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.freetype.FT_BBox;
import org.lwjgl.util.freetype.FT_Bitmap;
import org.lwjgl.util.freetype.FT_BitmapGlyph;
import org.lwjgl.util.freetype.FT_Face;
import org.lwjgl.util.freetype.FT_Glyph;
import org.lwjgl.util.freetype.FT_GlyphSlot;
import org.lwjgl.util.freetype.FT_Matrix;
import org.lwjgl.util.freetype.FT_Vector;
import org.lwjgl.util.freetype.FreeType;

/**
 * The glyphs of DejaVu Sans at one size as matplotlib's {@code ft2font} gets them from FreeType: hinted by FreeType's own
 * hinter at eight times the horizontal resolution, so that heights fall on whole pixels and advances on eighths of one. One
 * instance lives as long as the program does; its native memory is never given back. Thread-safe.
 */
final class FreeTypeGlyphs {
    /** matplotlib's {@code text.hinting_factor}. */
    private static final int HINTING_FACTOR = 8;
    /** FreeType's unit of length: 64 to the pixel. */
    static final int UNITS = 64;

    private static final int DPI = 100;
    private static final long ONE = 1 << 16;

    /**
     * Extents of a glyph in 64ths of a pixel, y upwards.
     *
     * @param advance from this glyph's origin to the next one's
     */
    record Extents(int advance, int left, int bottom, int right, int top) {
        boolean isEmpty() {
            return left == 0 && right == 0;
        }
    }

    /** Coverage 0..255 of a glyph's pixels; (left, top) is the first one's place, top being rows above the base line. */
    record Mask(int left, int top, int width, int height, byte[] coverage) {}

    private final FT_Face face;

    /** The glyphs at a size in points, at 100 dots per inch. */
    FreeTypeGlyphs(double points) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            PointerBuffer pointer = stack.mallocPointer(1);
            check(FT_Init_FreeType(pointer), "start");
            long library = pointer.get(0);
            byte[] font = DejaVuSans.file();
            ByteBuffer memory = MemoryUtil.memAlloc(font.length).put(font).flip();
            check(FT_New_Memory_Face(library, memory, 0, pointer), "read the font");
            face = FT_Face.create(pointer.get(0));
            check(FT_Set_Char_Size(face, Math.round(points * UNITS), 0, DPI * HINTING_FACTOR, DPI), "set the size");
            FT_Matrix narrow = FT_Matrix.malloc(stack).set(ONE / HINTING_FACTOR, 0, 0, ONE);
            FT_Set_Transform(face, narrow, null);
        }
    }

    /** The font's glyph for a character; 0, an empty box, where it has none. */
    synchronized int index(int codePoint) {
        return FT_Get_Char_Index(face, codePoint);
    }

    /** What is added to the advance between two glyphs, in 64ths of a pixel. */
    synchronized int kerning(int glyph, int next) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            FT_Vector delta = FT_Vector.malloc(stack);
            check(FT_Get_Kerning(face, glyph, next, FT_KERNING_DEFAULT, delta), "kern");
            return (int) (delta.x() / HINTING_FACTOR);
        }
    }

    synchronized Extents extents(int glyph) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            FT_Glyph loaded = load(glyph, stack);
            FT_BBox box = FT_BBox.malloc(stack);
            FT_Glyph_Get_CBox(loaded, FT_GLYPH_BBOX_SUBPIXELS, box);
            FreeType.FT_Done_Glyph(loaded);
            int advance = (int) slot().advance().x();
            return new Extents(advance, (int) box.xMin(), (int) box.yMin(), (int) box.xMax(), (int) box.yMax());
        }
    }

    /** A glyph's pixels when its origin lies {@code shift} 64ths of a pixel right of a pixel's left edge. */
    synchronized Mask mask(int glyph, int shift) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            FT_Glyph loaded = load(glyph, stack);
            check(FT_Glyph_Transform(loaded, null, FT_Vector.malloc(stack).set(shift, 0)), "move");
            PointerBuffer pointer = stack.pointers(loaded.address());
            check(FT_Glyph_To_Bitmap(pointer, FT_RENDER_MODE_NORMAL, null, true), "draw");
            FT_BitmapGlyph drawn = FT_BitmapGlyph.create(pointer.get(0));
            Mask mask = copy(drawn);
            FreeType.FT_Done_Glyph(FT_Glyph.create(pointer.get(0)));
            return mask;
        }
    }

    private FT_Glyph load(int glyph, MemoryStack stack) {
        check(FT_Load_Glyph(face, glyph, FT_LOAD_FORCE_AUTOHINT), "load glyph " + glyph);
        PointerBuffer pointer = stack.mallocPointer(1);
        check(FT_Get_Glyph(slot(), pointer), "copy glyph " + glyph);
        return FT_Glyph.create(pointer.get(0));
    }

    private FT_GlyphSlot slot() {
        return Objects.requireNonNull(face.glyph());
    }

    private static Mask copy(FT_BitmapGlyph drawn) {
        FT_Bitmap bitmap = drawn.bitmap();
        int width = bitmap.width();
        int height = bitmap.rows();
        byte[] coverage = new byte[width * height];
        ByteBuffer pixels = bitmap.buffer(bitmap.pitch() * height);
        for (int row = 0; pixels != null && row < height; row++) {
            pixels.get(row * bitmap.pitch(), coverage, row * width, width);
        }
        return new Mask(drawn.left(), drawn.top(), width, height, coverage);
    }

    private static void check(int error, String what) {
        if (error != 0) {
            throw new IllegalStateException("FreeType could not " + what + ": error " + error);
        }
    }
}
