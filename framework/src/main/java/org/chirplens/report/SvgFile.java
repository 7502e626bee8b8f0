package org.chirplens.report;

import java.awt.geom.PathIterator;
import java.awt.image.BufferedImage;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes a figure as SVG. Text is drawn by glyph outlines, each defined once, with the words as its accessible name;
 * an image that is used several times is stored once.
 */
final class SvgFile {
    /** Quality of photographs in an SVG: noise costs ten times the bytes as PNG, and the difference is not seen. */
    private static final float JPEG_QUALITY = 0.88f;

    private final String prefix;
    private final StringBuilder out = new StringBuilder();
    private final Map<BufferedImage, Integer> shared = new HashMap<>();

    private SvgFile(String prefix) {
        this.prefix = prefix;
    }

    /**
     * @param prefix starts every id, so that several figures can stand in one HTML page
     */
    static String of(Figure figure, String prefix) {
        return new SvgFile(prefix).document(figure);
    }

    private String document(Figure figure) {
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"")
                .append(figure.width() + "\" height=\"" + figure.height() + "\" viewBox=\"0 0 " + figure.width() + " "
                        + figure.height())
                .append("\" role=\"img\" aria-labelledby=\"" + prefix + "title " + prefix + "desc\">\n")
                .append("<title id=\"" + prefix + "title\">" + HtmlText.escape(figure.title()) + "</title>\n")
                .append("<desc id=\"" + prefix + "desc\">" + HtmlText.escape(figure.description()) + "</desc>\n");
        definitions(figure);
        figure.marks().forEach(this::draw);
        return out.append("</svg>\n").toString();
    }

    private void definitions(Figure figure) {
        out.append("<defs>\n");
        TreeSet<Integer> characters = figure.marks().stream()
                .filter(Mark.Text.class::isInstance)
                .flatMap(mark -> ((Mark.Text) mark).text().codePoints().boxed())
                .collect(Collectors.toCollection(TreeSet::new));
        for (int character : characters) {
            out.append("<path id=\"" + glyphId(character) + "\" d=\"");
            outline(Typeface.glyph(character));
            out.append("\"/>\n");
        }
        Map<BufferedImage, Integer> uses = new HashMap<>();
        for (Mark mark : figure.marks()) {
            if (mark instanceof Mark.Picture picture && uses.merge(picture.image(), 1, Integer::sum) == 2) {
                shared.put(picture.image(), shared.size());
                out.append("<image id=\"" + prefix + "i" + shared.get(picture.image()) + "\"");
                imageContent(picture);
            }
        }
        out.append("</defs>\n");
    }

    private void draw(Mark mark) {
        if (mark instanceof Mark.Box box) {
            out.append("<rect");
            place(box.x(), box.y(), box.width(), box.height());
            fill(box.rgb(), box.opacity());
        } else if (mark instanceof Mark.Line line) {
            out.append("<path d=\"");
            points(line.xs(), line.ys());
            out.append("\" fill=\"none\"");
            stroke(line.stroke());
        } else if (mark instanceof Mark.Area area) {
            out.append("<path d=\"");
            points(area.xs(), area.ys());
            out.append("z\"");
            fill(area.rgb(), area.opacity());
        } else if (mark instanceof Mark.Dots dots) {
            draw(dots);
        } else if (mark instanceof Mark.Picture picture) {
            draw(picture);
        } else if (mark instanceof Mark.Text text) {
            draw(text);
        }
    }

    private void draw(Mark.Dots dots) {
        if (dots.opacity() < 1) {
            for (int i = 0; i < dots.xs().length; i++) {
                out.append("<circle cx=\"" + number(dots.xs()[i]) + "\" cy=\"" + number(dots.ys()[i]) + "\" r=\""
                        + number(dots.radius()) + "\"");
                fill(dots.rgb(), dots.opacity());
            }
            return;
        }
        out.append("<path d=\"");
        for (int i = 0; i < dots.xs().length; i++) {
            out.append("M" + number(dots.xs()[i]) + " " + number(dots.ys()[i]) + "h0");
        }
        out.append("\" fill=\"none\" stroke-linecap=\"round\"");
        stroke(Stroke.of(dots.rgb(), 2 * dots.radius()));
    }

    private void draw(Mark.Picture picture) {
        Integer id = shared.get(picture.image());
        if (id == null) {
            out.append("<image x=\"" + number(picture.x()) + "\" y=\"" + number(picture.y()) + "\"");
            imageContent(picture);
        } else {
            out.append("<use xlink:href=\"#" + prefix + "i" + id + "\" x=\"" + number(picture.x()) + "\" y=\""
                    + number(picture.y()) + "\"/>\n");
        }
    }

    private void imageContent(Mark.Picture picture) {
        boolean transparent = picture.image().getColorModel().hasAlpha();
        byte[] bytes =
                transparent ? PngFile.bytes(picture.image()) : PngFile.encode(picture.image(), "jpeg", JPEG_QUALITY);
        out.append(" width=\"" + number(picture.width()) + "\" height=\"" + number(picture.height()))
                .append("\" preserveAspectRatio=\"none\" xlink:href=\"data:image/" + (transparent ? "png" : "jpeg"))
                .append(";base64," + Base64.getEncoder().encodeToString(bytes) + "\"/>\n");
    }

    private void draw(Mark.Text text) {
        TextStyle style = text.style();
        out.append("<g role=\"img\" aria-label=\"" + HtmlText.escape(text.text()) + "\" fill=\"" + colour(style.rgb())
                + "\" transform=\"translate(" + number(text.x()) + " " + number(text.y()) + ")"
                + (style.upright() ? "rotate(-90)" : "") + "scale("
                + Double.toString(Math.round(style.size() / Typeface.UNITS * 1e8) / 1e8) + ")\">");
        double x = -style.anchor().fraction() * Typeface.advance(text.text()) * Typeface.UNITS;
        for (int codePoint : text.text().codePoints().toArray()) {
            out.append("<use xlink:href=\"#" + glyphId(codePoint) + "\" x=\"" + Math.round(x) + "\"/>");
            x += Typeface.glyph(codePoint).advance();
        }
        out.append("</g>\n");
    }

    private void outline(Typeface.Glyph glyph) {
        double[] c = new double[6];
        for (PathIterator at = glyph.outline().getPathIterator(null); !at.isDone(); at.next()) {
            switch (at.currentSegment(c)) {
                case PathIterator.SEG_MOVETO -> out.append('M').append(pair(c, 0));
                case PathIterator.SEG_LINETO -> out.append('L').append(pair(c, 0));
                case PathIterator.SEG_QUADTO -> out.append('Q').append(pair(c, 0) + " " + pair(c, 2));
                case PathIterator.SEG_CUBICTO ->
                    out.append('C').append(pair(c, 0) + " " + pair(c, 2) + " " + pair(c, 4));
                default -> out.append('Z');
            }
        }
    }

    private static String pair(double[] c, int at) {
        return Math.round(c[at]) + " " + Math.round(c[at + 1]);
    }

    private void points(double[] xs, double[] ys) {
        for (int i = 0; i < xs.length; i++) {
            out.append(i == 0 ? 'M' : 'L').append(number(xs[i])).append(' ').append(number(ys[i]));
        }
    }

    private void place(double x, double y, double width, double height) {
        out.append(" x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\""
                + number(height) + "\"");
    }

    private void fill(int rgb, double opacity) {
        out.append(" fill=\"" + colour(rgb) + "\"" + (opacity < 1 ? " fill-opacity=\"" + number(opacity) + "\"" : "")
                + "/>\n");
    }

    private void stroke(Stroke stroke) {
        out.append(" stroke=\"" + colour(stroke.rgb()) + "\" stroke-width=\"" + number(stroke.width()) + "\"");
        if (stroke.opacity() < 1) {
            out.append(" stroke-opacity=\"" + number(stroke.opacity()) + "\"");
        }
        if (!stroke.dash().isEmpty()) {
            out.append(" stroke-dasharray=\""
                    + stroke.dash().stream().map(SvgFile::number).collect(Collectors.joining(" ")) + "\"");
        }
        out.append(" stroke-linejoin=\"round\"/>\n");
    }

    private String glyphId(int codePoint) {
        return prefix + "g" + Integer.toHexString(codePoint);
    }

    static String colour(int rgb) {
        return "#" + Integer.toHexString(0x1000000 | rgb).substring(1);
    }

    /** At most two decimals, no trailing zeros. */
    static String number(double value) {
        long hundredths = Math.round(value * 100);
        if (hundredths % 100 == 0) {
            return Long.toString(hundredths / 100);
        }
        long part = Math.abs(hundredths % 100);
        return (hundredths < 0 ? "-" : "") + Math.abs(hundredths / 100) + "."
                + (part % 10 == 0 ? Long.toString(part / 10) : (part < 10 ? "0" : "") + part);
    }
}
