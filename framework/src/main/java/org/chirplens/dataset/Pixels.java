package org.chirplens.dataset;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DirectColorModel;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import org.chirplens.figure.RgbImage;

/**
 * Decoded pixels as 8-bit RGB, as Pillow's {@code convert("RGB")} has them: the stored values, without colour
 * management. AWT's own conversion would take grey for linear light and brighten it.
 *
 * <ul>
 *   <li>Grey is copied to the three channels.
 *   <li>Alpha is dropped, not blended, and so is a palette's. (A TIFF file's palette has 16 bits, which ImageIO rounds
 *       and Pillow cuts: a value can differ by 1.)
 *   <li>Of 16 bits the upper 8 count. (Pillow does this for colour, but clips 16-bit grey at 255, which leaves white.)
 * </ul>
 */
final class Pixels {
    private Pixels() {}

    /**
     * Converts an image.
     *
     * @throws IllegalArgumentException saying what it must be, when it is of a kind that cannot be converted, such as
     *     CMYK
     */
    static RgbImage rgb(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        if (colors instanceof IndexColorModel palette) {
            return fromPalette(image, palette);
        }
        if (colors instanceof DirectColorModel packed && !colors.isAlphaPremultiplied()) {
            return fromPacked(image, packed);
        }
        int type = image.getSampleModel().getDataType();
        boolean wide = type == DataBuffer.TYPE_USHORT;
        boolean grey = colors.getColorSpace().getType() == ColorSpace.TYPE_GRAY;
        boolean color = colors.getColorSpace().getType() == ColorSpace.TYPE_RGB;
        if (!(colors instanceof ComponentColorModel)
                || colors.isAlphaPremultiplied()
                || !(wide || type == DataBuffer.TYPE_BYTE)
                || !(grey || color)) {
            throw new IllegalArgumentException("must be an image of grey, RGB or palette colours with at most 16 bits a"
                    + " channel and no premultiplied alpha, found " + describe(image));
        }
        if (color && !wide && colors.getColorSpace().isCS_sRGB()) {
            return RgbImage.of(image);
        }
        return fromBands(image, grey, wide ? 8 : 0);
    }

    private static String describe(BufferedImage image) {
        ColorModel colors = image.getColorModel();
        String space =
                switch (colors.getColorSpace().getType()) {
                    case ColorSpace.TYPE_GRAY -> "grey";
                    case ColorSpace.TYPE_RGB -> "RGB";
                    case ColorSpace.TYPE_CMYK -> "CMYK";
                    default -> "other colours";
                };
        return space + (colors.isAlphaPremultiplied() ? " with premultiplied alpha" : "") + ", "
                + colors.getComponentSize(0) + " bits a channel";
    }

    private static RgbImage fromPalette(BufferedImage image, IndexColorModel palette) {
        int[] colors = new int[palette.getMapSize()];
        palette.getRGBs(colors);
        Raster raster = image.getRaster();
        int width = image.getWidth();
        byte[] rgb = new byte[3 * width * image.getHeight()];
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, row);
            for (int index : row) {
                // An index beyond the palette is black, as in Pillow; of a PNG the reader gives it the last colour.
                int color = index < colors.length ? colors[index] : 0;
                rgb[at++] = (byte) (color >> 16);
                rgb[at++] = (byte) (color >> 8);
                rgb[at++] = (byte) color;
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }

    /** Channels that share a number, such as five or six bits each in a BMP file; stretched as Pillow does. */
    private static RgbImage fromPacked(BufferedImage image, DirectColorModel packed) {
        int[] greatest = {
            (1 << packed.getComponentSize(0)) - 1,
            (1 << packed.getComponentSize(1)) - 1,
            (1 << packed.getComponentSize(2)) - 1
        };
        Raster raster = image.getRaster();
        int width = image.getWidth();
        byte[] rgb = new byte[3 * width * image.getHeight()];
        int[] row = new int[width * raster.getNumBands()];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += raster.getNumBands()) {
                for (int c = 0; c < 3; c++) {
                    rgb[at++] = (byte) (row[from + c] * 255 / greatest[c]);
                }
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }

    private static RgbImage fromBands(BufferedImage image, boolean grey, int shift) {
        Raster raster = image.getRaster();
        int bands = raster.getNumBands();
        int width = image.getWidth();
        byte[] rgb = new byte[3 * width * image.getHeight()];
        int[] row = new int[width * bands];
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            raster.getPixels(0, y, width, 1, row);
            for (int from = 0; from < row.length; from += bands) {
                for (int c = 0; c < 3; c++) {
                    rgb[at++] = (byte) (row[grey ? from : from + c] >> shift);
                }
            }
        }
        return new RgbImage(width, image.getHeight(), rgb);
    }
}
