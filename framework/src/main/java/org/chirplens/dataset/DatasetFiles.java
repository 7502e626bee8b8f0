package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.BitSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The file names of a data set directory. */
final class DatasetFiles {
    private static final Pattern IMAGE = Pattern.compile("spectrogram_([1-9]\\d{0,8})\\.png");

    private DatasetFiles() {}

    /** The name of image {@code number}, which counts from 1. */
    static String imageName(int number) {
        return "spectrogram_" + number + ".png";
    }

    /** The numbers of all images in a directory, by one listing; files of other names are not looked at. */
    static BitSet imageNumbers(Path directory) {
        BitSet numbers = new BitSet();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                Matcher name = IMAGE.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.set(Integer.parseInt(name.group(1)));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
        return numbers;
    }

    /** Writes a file under a temporary name beside it and moves it, so that it is never seen half-written. */
    static void write(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        Files.write(temporary, content);
        moveIntoPlace(temporary, file);
    }

    static Path temporary(Path file) {
        return file.resolveSibling("." + file.getFileName() + ".tmp");
    }

    static void moveIntoPlace(Path temporary, Path file) throws IOException {
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
