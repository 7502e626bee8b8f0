package org.chirplens.report;

import java.util.List;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.figure.RgbImage;

/**
 * The attention maps of every head for some images, read in one way or several.
 *
 * @param pictures the images
 * @param readings each with the maps of all pictures
 * @param kept images that there are maps of on disk, these first
 */
public record AttentionReadings(List<Picture> pictures, List<Reading> readings, int kept) {
    /** No maps at all. */
    public static final AttentionReadings NONE = new AttentionReadings(List.of(), List.of(), 0);

    private static final int SIDE = 448;
    private static final float JPEG_QUALITY = 0.85f;

    public AttentionReadings {
        pictures = List.copyOf(pictures);
        readings = List.copyOf(readings);
        for (Reading reading : readings) {
            if (reading.maps().size() != pictures.size()) {
                throw new IllegalArgumentException(reading.name() + ": maps must be those of " + pictures.size()
                        + " images, found " + reading.maps().size());
            }
        }
    }

    /**
     * One way to read a head's attention.
     *
     * @param name such as {@code averaged over patch queries}
     * @param maps one for each picture
     */
    public record Reading(String name, List<AttentionMaps> maps) {
        public Reading {
            maps = List.copyOf(maps);
        }
    }

    /**
     * An image as the report shows it.
     *
     * @param name of the image
     * @param jpeg a JPEG file of it
     */
    public record Picture(String name, byte[] jpeg) {
        /** An image squashed to a square, as the model's input is. */
        public static Picture of(String name, RgbImage image) {
            return new Picture(name, PngFile.encode(Pictures.resized(image, SIDE, SIDE), "jpeg", JPEG_QUALITY));
        }
    }

    boolean isEmpty() {
        return pictures.isEmpty() || readings.isEmpty();
    }
}
