package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;
import org.jspecify.annotations.Nullable;

/**
 * A data set on disk in the released format: {@code labels.csv}, and row i's image as {@code spectrogram_{i}.png},
 * i from 1, or from the first number that a {@code dataset.json} beside them says. Opening reads the labels and lists the directory once; images are decoded when they are asked for.
 */
public final class ChirpDirectory implements ImageSet {
    private final Path directory;
    private final int firstNumber;
    private final List<Chirp> labels;

    /** The images as ChirpLens drew them; null if others did. */
    private final @Nullable GeneratedChirps drawn;

    private ChirpDirectory(Path directory, int firstNumber, List<Chirp> labels, @Nullable GeneratedChirps drawn) {
        this.directory = directory;
        this.firstNumber = firstNumber;
        this.labels = labels;
        this.drawn = drawn;
    }

    /**
     * Opens a data set and checks its labels, and that rows and images match.
     *
     * @throws IllegalArgumentException when it breaks the format: {@code file:line: name rule, found value}
     */
    public static ChirpDirectory open(Path directory) {
        DatasetFiles.requireDirectory(directory);
        Optional<DatasetDescription> description = DatasetDescription.find(directory);
        List<Chirp> labels = DatasetDescription.labels(directory, description);
        int first = description.map(DatasetDescription::first).orElse(1);
        ChirpDirectory images = new ChirpDirectory(
                directory,
                first,
                labels,
                description.map(DatasetDescription::images).orElse(null));
        images.requireAllImages(directory.resolve(LabelTable.FILE_NAME));
        return images;
    }

    private void requireAllImages(Path table) {
        BitSet found = DatasetFiles.imageNumbers(directory);
        int end = firstNumber + labels.size();
        BitSet expected = new BitSet();
        expected.set(firstNumber, end);
        Problems problems = new Problems();
        BitSet missing = (BitSet) expected.clone();
        missing.andNot(found);
        missing.stream()
                .forEach(number -> problems.add(directory.resolve(DatasetFiles.imageName(number))
                        + ": the image of row " + (number - firstNumber + 1) + " of " + table
                        + " must exist, found no such file"));
        problems.throwIfAny();
        found.andNot(expected);
        if (!found.isEmpty()) {
            throw new IllegalArgumentException(table + ": the label table must have a row for every image, found "
                    + labels.size() + " rows and " + (found.cardinality() + labels.size()) + " images, such as "
                    + DatasetFiles.imageName(found.nextSetBit(0)));
        }
    }

    /**
     * Looks at the first and the last bytes of every image, so that a cut-off file or one of another format is found
     * before long work begins. This takes some 20 microseconds an image when the files are in memory.
     *
     * @throws IllegalArgumentException naming the first such files
     */
    public void verifyHeaders() {
        verifyHeaders(IntStream.range(0, size()).toArray());
    }

    /** {@link #verifyHeaders()} for some of the images. */
    public void verifyHeaders(int[] indices) {
        Problems.requireNone(IntStream.of(indices), this::headerProblem);
    }

    private @Nullable String headerProblem(int index) {
        Path file = file(index);
        String problem = PngFile.headerProblem(file);
        return problem == null ? null : file + ": " + problem;
    }

    /** Where image {@code index} is. */
    public Path file(int index) {
        return directory.resolve(name(index));
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public String name(int index) {
        return DatasetFiles.imageName(firstNumber + Objects.checkIndex(index, size()));
    }

    @Override
    public RgbImage image(int index) {
        return PngFile.read(file(index));
    }

    @Override
    public Chirp chirp(int index) {
        return labels.get(index);
    }

    @Override
    public double noiseLevel(int index) {
        return drawn == null ? Double.NaN : drawn.noiseLevel(index);
    }

    @Override
    public ChirpFigure figure() {
        return drawn == null ? ChirpFigure.released() : drawn.figure();
    }

    @Override
    public int groupSize() {
        return drawn == null ? 1 : drawn.groupSize();
    }

    @Override
    public FigureRegions regions(int index) {
        if (drawn != null) {
            return drawn.regions(index);
        }
        Caption caption = new Caption(firstNumber + index, chirp(index).shape(), 0);
        try {
            return ChirpFigure.released().regions(chirp(index), image(index), caption);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file(index) + ": " + e.getMessage(), e);
        }
    }
}
