package org.chirplens.dataset;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.chirplens.chirp.Chirp;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.FigureRegions;
import org.chirplens.figure.RgbImage;

/**
 * A data set on disk whose images are in TFRecord files, with {@code labels.csv} and {@code dataset.json} beside them.
 * Opening walks the headers of all records once; then any image is read from its place.
 */
public final class TfRecordImages implements ImageSet {
    private final TfRecordFiles files;
    private final int firstNumber;
    private final List<Chirp> labels;

    /** Where the records of each file begin. */
    private final long[][] offsets;

    private TfRecordImages(TfRecordFiles files, int firstNumber, List<Chirp> labels, long[][] offsets) {
        this.files = files;
        this.firstNumber = firstNumber;
        this.labels = labels;
        this.offsets = offsets;
    }

    /**
     * Opens a data set and checks its labels, and that its files hold as many records as there are rows.
     *
     * @throws IllegalArgumentException when it breaks the format, naming file and line or byte
     */
    static TfRecordImages open(Path directory, DatasetDescription description, TfRecordLayout layout) {
        List<Chirp> labels = DatasetDescription.labels(directory, Optional.of(description));
        TfRecordFiles files = new TfRecordFiles(directory, description, layout);
        long[][] offsets = new long[files.count()][];
        for (int file = 0; file < offsets.length; file++) {
            try (TfRecordFile records = TfRecordFile.open(files.path(file))) {
                offsets[file] = records.offsets(files.images(file));
            }
        }
        return new TfRecordImages(files, description.first(), labels, offsets);
    }

    @Override
    public int size() {
        return labels.size();
    }

    @Override
    public String name(int index) {
        return DatasetFiles.imageName(number(index));
    }

    @Override
    public RgbImage image(int index) {
        int number = number(index);
        int file = files.fileOf(number);
        long offset = offsets[file][number - files.first(file)];
        Path path = files.path(file);
        try (TfRecordFile records = TfRecordFile.open(path)) {
            String place = path + ": byte " + offset;
            return ChirpExample.decode(records.read(offset), number, labels.get(index), place);
        }
    }

    @Override
    public Chirp chirp(int index) {
        return labels.get(index);
    }

    @Override
    public double noiseLevel(int index) {
        return files.drawn().noiseLevel(index);
    }

    @Override
    public ChirpFigure figure() {
        return files.drawn().figure();
    }

    @Override
    public int groupSize() {
        return files.drawn().groupSize();
    }

    @Override
    public FigureRegions regions(int index) {
        return files.drawn().regions(index);
    }

    private int number(int index) {
        return firstNumber + Objects.checkIndex(index, size());
    }
}
