package org.chirplens.dataset;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/** Image files that nothing is known of, such as those that a model is to predict. {@link ImageFile} reads them. */
public final class UnlabelledImages implements ImageSet {
    /** Names of images in a folder, where other files lie, too; hidden files are none. */
    private static final Pattern IMAGE = Pattern.compile("(?i)[^.].*\\.(png|jpe?g|bmp|gif|tiff?|wbmp)");

    private final List<Path> files;

    private UnlabelledImages(List<Path> files) {
        this.files = files;
    }

    /**
     * Lists images, and looks at the head of each, so that a file that cannot be an image is found before any work.
     *
     * @param paths files, and folders. A folder stands for the files in it whose names end as those of images do, in
     *     the order of the numbers in their names; folders in it are not entered
     * @throws IllegalArgumentException naming the first files that are no images, or a folder without any
     * @throws UncheckedIOException when a folder cannot be read
     */
    public static UnlabelledImages of(List<Path> paths) {
        List<Path> files = new ArrayList<>();
        for (Path path : paths) {
            files.addAll(Files.isDirectory(path) ? inFolder(path) : List.of(path));
        }
        ImageFile.requireHeaders(files.size(), files::get);
        return new UnlabelledImages(files);
    }

    private static List<Path> inFolder(Path folder) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> images = entries.filter(
                            file -> IMAGE.matcher(fileName(file)).matches() && Files.isRegularFile(file))
                    .sorted(Comparator.comparing(UnlabelledImages::fileName, new NaturalOrder()))
                    .toList();
            if (images.isEmpty()) {
                throw new IllegalArgumentException(
                        folder + ": a folder of images must hold files named .png, .jpg, .jpeg, .bmp, .gif, .tif, .tiff"
                                + " or .wbmp, found none");
            }
            return images;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + folder, e);
        }
    }

    private static String fileName(Path file) {
        return file.getFileName().toString();
    }

    @Override
    public int size() {
        return files.size();
    }

    /** The image's path as given; in a folder, the folder's path as given and the file's name. */
    @Override
    public String name(int index) {
        return files.get(index).toString();
    }

    @Override
    public RgbImage image(int index) {
        return ImageFile.read(files.get(index));
    }

    /** None. */
    @Override
    public List<Target> targets() {
        return List.of();
    }

    /** No value, as there are no targets. */
    @Override
    public double[] label(int index) {
        return new double[0];
    }

    @Override
    public @Nullable Chirp chirp(int index) {
        return null;
    }
}
