package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.Optional;

/** Opens data sets on disk, whichever kind of file holds their images. */
public final class Datasets {
    private Datasets() {}

    /**
     * Opens a data set and checks that every image is there and looks whole, so that long work meets no bad file.
     *
     * @throws IllegalArgumentException when it breaks the format: {@code file: name rule, found value}
     */
    public static ImageSet open(Path directory) {
        DatasetFiles.requireDirectory(directory);
        Optional<DatasetDescription> description = DatasetDescription.find(directory);
        if (description.isPresent() && description.get().tfrecord() != null) {
            return TfRecordImages.open(
                    directory, description.get(), description.get().tfrecord());
        }
        if (description.isEmpty() && !DatasetFiles.recordsNumbers(directory).isEmpty()) {
            throw undescribed(directory);
        }
        ChirpDirectory images = ChirpDirectory.open(directory);
        images.verifyHeaders();
        return images;
    }

    /** What is thrown where TFRecord files lack the description without which they cannot be read. */
    static IllegalArgumentException undescribed(Path directory) {
        return new IllegalArgumentException(directory.resolve(DatasetDescription.FILE_NAME)
                + ": the description of TFRecord files must be beside them, found none");
    }
}
