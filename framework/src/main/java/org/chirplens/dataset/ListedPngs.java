package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import org.chirplens.dataset.Finding.Kind;
import org.chirplens.figure.RgbImage;

/**
 * A PNG file per image.
 *
 * @param first the number of the image of index 0
 * @param present the numbers of the images that exist
 */
record ListedPngs(Path directory, int first, BitSet present) implements ListedImages {
    /**
     * Lists a directory.
     *
     * @param size how many images there should be
     * @param rows how many label rows there are
     * @param findings gets what is missing, and what is too much
     */
    static ListedPngs of(Path directory, int first, int size, int rows, List<Finding> findings) {
        ListedPngs images = new ListedPngs(directory, first, DatasetFiles.imageNumbers(directory));
        BitSet expected = new BitSet();
        expected.set(first, first + size);
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(images.present);
        missing.stream()
                .forEach(number ->
                        findings.add(new Finding(Kind.MISSING_IMAGE, images.file(number - first) + ": must exist")));
        BitSet extra = (BitSet) images.present.clone();
        extra.andNot(expected);
        extra.stream()
                .forEach(number -> findings.add(new Finding(
                        Kind.EXTRA_IMAGE,
                        images.file(number - first) + ": must have a row in " + LabelTable.FILE_NAME + ", found " + rows
                                + " rows")));
        return images;
    }

    private Path file(int index) {
        return directory.resolve(DatasetFiles.imageName(first + index));
    }

    @Override
    public int count() {
        return present.cardinality();
    }

    @Override
    public boolean isPresent(int index) {
        return present.get(first + index);
    }

    @Override
    public String place(int index) {
        return file(index).toString();
    }

    @Override
    public Decoded read(int index) {
        Path file = file(index);
        RgbImage image = PngFile.read(file);
        // Whoever opens the set looks at this first; what cannot be decoded has a better reason.
        String problem = PngFile.headerProblem(file);
        if (problem != null) {
            throw new IllegalArgumentException(file + ": " + problem);
        }
        return new Decoded(image, PngFile.mode(file));
    }
}
