package org.chirplens.report;

import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.file.WholeFile;

/**
 * A finished figure. It is drawn once and then rendered to either format from the same marks; equal input gives equal
 * bytes.
 */
public final class Figure {
    private final String title;
    private final String caption;
    private final String description;
    private final int width;
    private final int height;
    private final List<Mark> marks;

    Figure(String title, String caption, String description, int width, int height, List<Mark> marks) {
        this.title = title;
        this.caption = caption;
        this.description = description;
        this.width = width;
        this.height = height;
        this.marks = List.copyOf(marks);
    }

    /** The title in plain words. */
    public String title() {
        return title;
    }

    /** One sentence that says how to read the figure. */
    public String caption() {
        return caption;
    }

    /** What the figure shows, for readers who do not see it. */
    public String description() {
        return description;
    }

    /** Width in pixels; a PNG has twice as many. */
    public int width() {
        return width;
    }

    /** Height in pixels; a PNG has twice as many. */
    public int height() {
        return height;
    }

    List<Mark> marks() {
        return marks;
    }

    /** The figure as an SVG document. */
    public String svg() {
        return SvgFile.of(this, "");
    }

    /** The figure as pixels, {@value PngFile#SCALE} for each pixel of {@link #width()}. */
    public BufferedImage image() {
        return PngFile.render(this);
    }

    /**
     * Writes an SVG file, whole or not at all.
     *
     * @throws java.io.UncheckedIOException when it cannot be written; the message names the file
     */
    public void saveSvg(Path file) {
        WholeFile.writeText(file, svg());
    }

    /**
     * Writes a PNG file, whole or not at all.
     *
     * @throws java.io.UncheckedIOException when it cannot be written; the message names the file
     */
    public void savePng(Path file) {
        WholeFile.write(file, out -> out.write(PngFile.bytes(image())));
    }
}
