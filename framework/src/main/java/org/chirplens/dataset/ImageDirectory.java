package org.chirplens.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * Any directory of images with a label table: an {@link ImageLayout} says where its labels are. {@link ImageFile} reads
 * the images, of any format and size. Opening reads the labels and looks for every file; images are decoded when they
 * are asked for.
 */
public final class ImageDirectory implements ImageSet {
    private final Path directory;
    private final List<ImageTable.Row> rows;
    private final List<Target> targets;

    private ImageDirectory(Path directory, List<ImageTable.Row> rows, List<Target> targets) {
        this.directory = directory;
        this.rows = rows;
        this.targets = targets;
    }

    /**
     * Opens a data set and checks its labels, and that every row's image exists.
     *
     * @throws IllegalArgumentException when it is not as the layout says: {@code file:line: column rule, found value}
     */
    public static ImageDirectory open(Path directory, ImageLayout layout) {
        DatasetFiles.requireDirectory(directory);
        Path table = directory.resolve(layout.labels());
        ImageDirectory images = new ImageDirectory(directory, ImageTable.read(table, layout), layout.targets());
        Problems.requireNone(
                IntStream.range(0, images.size()),
                index -> Files.isRegularFile(images.file(index))
                        ? null
                        : table + ":" + images.rows.get(index).line() + ": the image "
                                + images.rows.get(index).file() + " must exist, found no such file");
        return images;
    }

    /**
     * Looks at the head of every image, so that a file that is no image, or is too large, is found before long work
     * begins.
     *
     * @throws IllegalArgumentException naming the first such files
     */
    public void verifyHeaders() {
        ImageFile.requireHeaders(size(), this::file);
    }

    private Path file(int index) {
        return directory.resolve(name(index));
    }

    @Override
    public int size() {
        return rows.size();
    }

    /** The image's file name as the label table has it, relative to the directory. */
    @Override
    public String name(int index) {
        return rows.get(index).file();
    }

    @Override
    public RgbImage image(int index) {
        return ImageFile.read(file(index));
    }

    @Override
    public List<Target> targets() {
        return targets;
    }

    @Override
    public double[] label(int index) {
        return rows.get(index).label().clone();
    }

    @Override
    public @Nullable Chirp chirp(int index) {
        return null;
    }
}
