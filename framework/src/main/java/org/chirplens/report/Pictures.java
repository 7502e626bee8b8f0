package org.chirplens.report;

import java.awt.image.BufferedImage;
import org.chirplens.figure.RgbImage;

/** Images at the size at which a figure shows them. */
final class Pictures {
    private Pictures() {}

    /**
     * Resizes by area averaging: each pixel is the mean of what it covers of the original, which keeps noise honest where
     * an image is made smaller.
     */
    static BufferedImage resized(RgbImage image, int width, int height) {
        return averaged(image, width, height).toBufferedImage();
    }

    /** The same as pixels. */
    static RgbImage averaged(RgbImage image, int width, int height) {
        float[] rows = new float[3 * width * image.height()];
        Span[] columns = spans(image.width(), width);
        for (int y = 0; y < image.height(); y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < 3; c++) {
                    int row = 3 * y * image.width() + c;
                    rows[3 * (y * width + x) + c] = columns[x].mean(at -> image.rgb()[row + 3 * at] & 0xff);
                }
            }
        }
        byte[] rgb = new byte[3 * width * height];
        Span[] lines = spans(image.height(), height);
        for (int y = 0; y < height; y++) {
            for (int column = 0; column < 3 * width; column++) {
                int from = column;
                rgb[3 * y * width + column] = (byte) Math.round(lines[y].mean(at -> rows[3 * at * width + from]));
            }
        }
        return new RgbImage(width, height, rgb);
    }

    /** The brightness of an image as light greys, a ground on which a colour can be read. */
    static BufferedImage paleGrey(BufferedImage image) {
        BufferedImage grey = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < image.getHeight(); y++) {
            for (int x = 0; x < image.getWidth(); x++) {
                int rgb = image.getRGB(x, y);
                double luma = 0.299 * (rgb >> 16 & 0xff) + 0.587 * (rgb >> 8 & 0xff) + 0.114 * (rgb & 0xff);
                // Steps of 5 levels cannot be seen and make the PNG half as large.
                int level = Math.min(255, 145 + 5 * (int) Math.round(luma * 110 / 255 / 5));
                grey.setRGB(x, y, level << 16 | level << 8 | level);
            }
        }
        return grey;
    }

    interface Value {
        float at(int index);
    }

    /** The part of the original that one pixel of the result covers, {@code from} to {@code to} in original pixels. */
    private record Span(double from, double to) {
        float mean(Value value) {
            double sum = 0;
            int last = (int) Math.ceil(to - 1e-9);
            for (int i = (int) from; i < last; i++) {
                sum += value.at(i) * (Math.min(to, i + 1) - Math.max(from, i));
            }
            return (float) (sum / (to - from));
        }
    }

    private static Span[] spans(int original, int result) {
        Span[] spans = new Span[result];
        for (int i = 0; i < result; i++) {
            spans[i] = new Span((double) original * i / result, (double) original * (i + 1) / result);
        }
        return spans;
    }
}
