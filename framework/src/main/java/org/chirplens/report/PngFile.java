package org.chirplens.report;

import java.awt.AlphaComposite;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Renders a figure with Java2D. */
final class PngFile {
    /** Image pixels for each figure pixel, in both directions. */
    static final int SCALE = 2;

    private final Graphics2D graphics;

    private PngFile(Graphics2D graphics) {
        this.graphics = graphics;
    }

    static BufferedImage render(Figure figure) {
        BufferedImage image =
                new BufferedImage(SCALE * figure.width(), SCALE * figure.height(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.scale(SCALE, SCALE);
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        PngFile png = new PngFile(graphics);
        figure.marks().forEach(png::draw);
        graphics.dispose();
        return image;
    }

    static byte[] bytes(BufferedImage image) {
        return encode(image, "png", 0);
    }

    /** A compressed image file; {@code quality} 0 is the smallest, which for PNG loses nothing. */
    static byte[] encode(BufferedImage image, String format, float quality) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam settings = writer.getDefaultWriteParam();
        settings.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        settings.setCompressionQuality(quality);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream output = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(output);
            writer.write(null, new IIOImage(image, null, null), settings);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot encode a figure as " + format, e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private void draw(Mark mark) {
        if (mark instanceof Mark.Box box) {
            ink(box.rgb(), box.opacity());
            graphics.fill(new Rectangle2D.Double(box.x(), box.y(), box.width(), box.height()));
        } else if (mark instanceof Mark.Line line) {
            ink(line.stroke().rgb(), line.stroke().opacity());
            graphics.setStroke(pen(line.stroke()));
            graphics.draw(path(line.xs(), line.ys()));
        } else if (mark instanceof Mark.Area area) {
            ink(area.rgb(), area.opacity());
            Path2D outline = path(area.xs(), area.ys());
            outline.closePath();
            graphics.fill(outline);
        } else if (mark instanceof Mark.Dots dots) {
            draw(dots);
        } else if (mark instanceof Mark.Picture picture) {
            draw(picture);
        } else if (mark instanceof Mark.Text text) {
            draw(text);
        }
    }

    private void draw(Mark.Dots dots) {
        ink(dots.rgb(), dots.opacity());
        double r = dots.radius();
        for (int i = 0; i < dots.xs().length; i++) {
            graphics.fill(new Ellipse2D.Double(dots.xs()[i] - r, dots.ys()[i] - r, 2 * r, 2 * r));
        }
    }

    private void draw(Mark.Picture picture) {
        graphics.setComposite(AlphaComposite.SrcOver);
        BufferedImage image = picture.image();
        AffineTransform place = AffineTransform.getTranslateInstance(picture.x(), picture.y());
        place.scale(picture.width() / image.getWidth(), picture.height() / image.getHeight());
        graphics.drawImage(image, place, null);
    }

    private void draw(Mark.Text text) {
        ink(text.style().rgb(), 1);
        AffineTransform place = AffineTransform.getTranslateInstance(text.x(), text.y());
        if (text.style().upright()) {
            place.rotate(-Math.PI / 2);
        }
        place.scale(text.style().size() / Typeface.UNITS, text.style().size() / Typeface.UNITS);
        place.translate(-text.style().anchor().fraction() * Typeface.advance(text.text()) * Typeface.UNITS, 0);
        for (int codePoint : text.text().codePoints().toArray()) {
            Typeface.Glyph glyph = Typeface.glyph(codePoint);
            graphics.fill(place.createTransformedShape(glyph.outline()));
            place.translate(glyph.advance(), 0);
        }
    }

    private void ink(int rgb, double opacity) {
        graphics.setColor(new Color(rgb));
        graphics.setComposite(AlphaComposite.SrcOver.derive((float) opacity));
    }

    private static BasicStroke pen(Stroke stroke) {
        float width = (float) stroke.width();
        if (stroke.dash().isEmpty()) {
            return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND);
        }
        float[] dash = new float[stroke.dash().size()];
        for (int i = 0; i < dash.length; i++) {
            dash[i] = stroke.dash().get(i).floatValue();
        }
        return new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10, dash, 0);
    }

    private static Path2D path(double[] xs, double[] ys) {
        Path2D path = new Path2D.Double();
        path.moveTo(xs[0], ys[0]);
        for (int i = 1; i < xs.length; i++) {
            path.lineTo(xs[i], ys[i]);
        }
        return path;
    }
}
