package org.chirplens.figure;

import java.awt.Font;
import java.awt.FontFormatException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * DejaVu Sans, the font of matplotlib's figures, from the file that comes with this library; what is installed on the
 * machine plays no part.
 */
public final class DejaVuSans {
    private static final String RESOURCE = "/org/chirplens/figure/DejaVuSans.ttf";

    private static final Font FONT = load();

    private DejaVuSans() {}

    /** The font at a size in pixels per em: 10 points at 100 dpi are {@code 10 * 100 / 72.0} pixels. */
    public static Font sized(double pixels) {
        if (!(pixels > 0) || Double.isInfinite(pixels)) {
            throw new IllegalArgumentException("a font size must be finite and above 0 pixels, found " + pixels);
        }
        return FONT.deriveFont((float) pixels);
    }

    /** The bytes of the font's file. */
    static byte[] file() {
        try (InputStream in = DejaVuSans.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the font " + RESOURCE + " is missing from the class path");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        }
    }

    private static Font load() {
        // Figures are files; without this, AWT would look for a display where DISPLAY is set but nobody listens.
        if (System.getProperty("java.awt.headless") == null) {
            System.setProperty("java.awt.headless", "true");
        }
        try {
            return Font.createFont(Font.TRUETYPE_FONT, new ByteArrayInputStream(file()));
        } catch (IOException e) {
            throw new UncheckedIOException(RESOURCE, e);
        } catch (FontFormatException e) {
            throw new IllegalStateException("the font " + RESOURCE + " cannot be read", e);
        }
    }
}
