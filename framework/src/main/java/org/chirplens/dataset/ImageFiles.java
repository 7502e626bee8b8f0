package org.chirplens.dataset;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The image files of a generated data set, by index from 0 in the order of their images' numbers. Thread-safe. */
interface ImageFiles {
    /** The files that a description asks for. */
    static ImageFiles of(Path directory, DatasetDescription description) {
        return description.tfrecord() == null
                ? new PngImages(directory, description)
                : new TfRecordFiles(directory, description, description.tfrecord());
    }

    /** The number of files. */
    int count();

    /** The index of the file that holds the image of a number. */
    int fileOf(int imageNumber);

    /** How many images a file holds. */
    int images(int file);

    /** Which of the files are there, by one listing of the directory. */
    BitSet present();

    /** Reads a file and checks that it is whole and undamaged; what is wrong, or null. */
    @Nullable
    String problem(int file);

    /**
     * Draws the images of a file and writes it.
     *
     * @param drawn told after each image
     */
    void write(int file, Runnable drawn) throws IOException;
}
