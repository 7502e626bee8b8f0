package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file names of a data set directory. */
final class DatasetFiles {
    /** The largest number of an image in a file of its own. */
    static final int MOST_IMAGES = 999_999_999;

    private static final Pattern IMAGE = Pattern.compile("spectrogram_([1-9]\\d{0,8})\\.png");
    private static final Pattern RECORDS = Pattern.compile("chirps-(\\d{5,9})\\.tfrecord");

    private DatasetFiles() {}

    /** @throws IllegalArgumentException when there is no such directory */
    static void requireDirectory(Path directory) {
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(directory + ": the data directory must exist, found "
                    + (Files.exists(directory) ? "a file" : "no such directory"));
        }
    }

    /** The name of image {@code number}, which counts from 1. */
    static String imageName(int number) {
        return "spectrogram_" + number + ".png";
    }

    /** The name of TFRecord file {@code number}, which counts from 1. */
    static String recordsName(int number) {
        return String.format(Locale.ROOT, "chirps-%05d.tfrecord", number);
    }

    /** The numbers of all images in a directory, by one listing; files of other names are not looked at. */
    static BitSet imageNumbers(Path directory) {
        return numbers(directory, IMAGE);
    }

    /** The numbers of all TFRecord files in a directory, by one listing. */
    static BitSet recordsNumbers(Path directory) {
        return numbers(directory, RECORDS);
    }

    private static BitSet numbers(Path directory, Pattern pattern) {
        BitSet numbers = new BitSet();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher name = pattern.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.set(Integer.parseInt(name.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return numbers;
    }

    /** Whether a file of this name is part of a generated data set. */
    static boolean isOwn(String name) {
        return name.equals(LabelTable.FILE_NAME)
                || name.equals(PairTable.FILE_NAME)
                || name.equals(DatasetDescription.FILE_NAME)
                || IMAGE.matcher(name).matches()
                || RECORDS.matcher(name).matches();
    }
}
