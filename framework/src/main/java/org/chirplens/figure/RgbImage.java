package org.chirplens.figure;

import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;

/**
 * An 8-bit RGB image without alpha.
 *
 * @param width pixels per row
 * @param height rows, the top one first
 * @param rgb {@code 3 * width * height} bytes: red, green, blue of each pixel, row by row
 */
public record RgbImage(int width, int height, byte[] rgb) {
    public RgbImage {
        if (width < 1 || height < 1 || rgb.length != 3L * width * height) {
            throw new IllegalArgumentException("an RGB image of " + width + " x " + height + " pixels needs "
                    + 3L * width * height + " bytes, found " + rgb.length);
        }
    }

    /** Copies any AWT image; its alpha channel is dropped, not blended, as Pillow's {@code convert("RGB")} does. */
    public static RgbImage of(BufferedImage image) {
        int width = image.getWidth();
        int height = image.getHeight();
        byte[] rgb = new byte[3 * width * height];
        if (hasPlainBytes(image)) {
            copyBytes(image, rgb);
            return new RgbImage(width, height, rgb);
        }
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < height; y++) {
            image.getRGB(0, y, width, 1, row, 0, width);
            for (int pixel : row) {
                rgb[at++] = (byte) (pixel >> 16);
                rgb[at++] = (byte) (pixel >> 8);
                rgb[at++] = (byte) pixel;
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** Whether the raster holds sRGB bytes pixel by pixel, as most decoded PNG and JPEG images do. */
    private static boolean hasPlainBytes(BufferedImage image) {
        return image.getRaster().getDataBuffer() instanceof DataBufferByte
                && image.getSampleModel() instanceof PixelInterleavedSampleModel
                && image.getColorModel() instanceof ComponentColorModel colors
                && colors.getColorSpace().isCS_sRGB()
                && colors.getNumColorComponents() == 3
                && !colors.isAlphaPremultiplied();
    }

    /** Many times faster than {@code getRGB}, which converts pixel by pixel. */
    private static void copyBytes(BufferedImage image, byte[] rgb) {
        Raster raster = image.getRaster();
        byte[] bytes = ((DataBufferByte) raster.getDataBuffer()).getData();
        PixelInterleavedSampleModel layout = (PixelInterleavedSampleModel) image.getSampleModel();
        int[] bands = layout.getBandOffsets();
        int step = layout.getPixelStride();
        int at = 0;
        for (int y = 0; y < image.getHeight(); y++) {
            int from = raster.getDataBuffer().getOffset()
                    + (y - raster.getSampleModelTranslateY()) * layout.getScanlineStride()
                    - raster.getSampleModelTranslateX() * step;
            for (int x = 0; x < image.getWidth(); x++, from += step) {
                rgb[at++] = bytes[from + bands[0]];
                rgb[at++] = bytes[from + bands[1]];
                rgb[at++] = bytes[from + bands[2]];
            }
        }
    }

    /** This image as an AWT image of type {@link BufferedImage#TYPE_INT_RGB}. */
    public BufferedImage toBufferedImage() {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        int at = 0;
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                row[x] = (rgb[at++] & 0xff) << 16 | (rgb[at++] & 0xff) << 8 | (rgb[at++] & 0xff);
            }
            image.setRGB(0, y, width, 1, row, 0, width);
        }
        return image;
    }
}
