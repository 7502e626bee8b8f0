package org.chirplens.dataset;

import java.util.Locale;

/**
 * How TFRecord files hold the images of a data set. Image n, counted from 1, is in file (n - 1) / imagesPerFile + 1,
 * whatever the first and last image of the data set are.
 *
 * @param encoding of each image
 * @param imagesPerFile at least 1
 */
public record TfRecordLayout(ImageEncoding encoding, int imagesPerFile) {
    /** Images in a file unless told: some 90 MB of PNG, or 460 MB of raw pixels. */
    public static final int IMAGES_PER_FILE = 500;

    public TfRecordLayout {
        if (encoding == null) {
            throw new IllegalArgumentException("tfrecord.encoding must be given, found none");
        }
        if (imagesPerFile < 1) {
            throw new IllegalArgumentException("tfrecord.images_per_file must be at least 1, found " + imagesPerFile);
        }
    }

    /** The number, from 1, of the file that holds an image. */
    int file(int imageNumber) {
        return (imageNumber - 1) / imagesPerFile + 1;
    }

    /** The number of a file's first image of the described ones. */
    int first(int file, DatasetDescription description) {
        return (int) Math.max(description.first(), (file - 1L) * imagesPerFile + 1);
    }

    /** The number of a file's last image of the described ones. */
    int last(int file, DatasetDescription description) {
        return (int) Math.min(description.last(), (long) file * imagesPerFile);
    }

    @Override
    public String toString() {
        return "TFRecord files of " + imagesPerFile + " images, encoding "
                + encoding.name().toLowerCase(Locale.ROOT);
    }
}
