package org.chirplens.report;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;

/**
 * What a figure is drawn on: it keeps every {@link Mark} in order, and {@link SvgFile} and {@link PngFile} render the
 * same marks. Coordinates are pixels from the top-left corner.
 */
final class Canvas {
    private final double width;
    private final double height;
    private final List<Mark> marks = new ArrayList<>();

    Canvas(double width, double height) {
        this.width = Math.ceil(width);
        this.height = Math.ceil(height);
        rect(0, 0, this.width, this.height, Palette.WHITE);
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    void rect(double x, double y, double w, double h, int rgb) {
        marks.add(new Mark.Box(x, y, w, h, rgb, 1));
    }

    void frame(double x, double y, double w, double h, Stroke stroke) {
        polyline(new double[] {x, x + w, x + w, x, x}, new double[] {y, y, y + h, y + h, y}, stroke);
    }

    void line(double x1, double y1, double x2, double y2, Stroke stroke) {
        polyline(new double[] {x1, x2}, new double[] {y1, y2}, stroke);
    }

    void polyline(double[] xs, double[] ys, Stroke stroke) {
        marks.add(new Mark.Line(xs, ys, stroke));
    }

    void area(double[] xs, double[] ys, int rgb, double opacity) {
        marks.add(new Mark.Area(xs, ys, rgb, opacity));
    }

    void dots(double[] xs, double[] ys, double radius, int rgb, double opacity) {
        marks.add(new Mark.Dots(xs, ys, radius, rgb, opacity));
    }

    void image(BufferedImage image, double x, double y, double w, double h) {
        marks.add(new Mark.Picture(image, x, y, w, h));
    }

    void text(String text, double x, double y, TextStyle style) {
        marks.add(new Mark.Text(text, x, y, style));
    }

    /** Text that ends in an ellipsis rather than being longer than {@code room} pixels. */
    void text(String text, double x, double y, TextStyle style, double room) {
        text(shorten(text, style, room), x, y, style);
    }

    /** The figure's title and, below it, a quieter line, both from {@code x} to the right edge. */
    void heading(String title, String subtitle, double x) {
        double room = width - x - 8;
        text(title, x, 26, TextStyle.TITLE, room);
        text(subtitle, x, 45, TextStyle.SUBTITLE, room);
    }

    static String shorten(String text, TextStyle style, double room) {
        if (style.width(text) <= room) {
            return text;
        }
        int[] points = text.codePoints().toArray();
        for (int length = points.length - 1; length > 0; length--) {
            String shorter = new String(points, 0, length).stripTrailing() + "…";
            if (style.width(shorter) <= room) {
                return shorter;
            }
        }
        return "…";
    }

    /**
     * Ends the drawing.
     *
     * @param title the figure's title in plain words
     * @param caption one sentence that says how to read it
     * @param description what it shows, for readers who do not see it
     */
    Figure finish(String title, String caption, String description) {
        return new Figure(title, caption, description, (int) width, (int) height, marks);
    }
}
