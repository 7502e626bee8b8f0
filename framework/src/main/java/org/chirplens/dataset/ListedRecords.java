package org.chirplens.dataset;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.Finding.Kind;

/**
 * Many images in each of some TFRecord files. What can be reached of a damaged file is looked at.
 *
 * @param offsets where the records of each file begin, as far as the file can be followed
 */
record ListedRecords(TfRecordFiles files, DatasetDescription description, String mode, long[][] offsets)
        implements ListedImages {
    /**
     * Lists a directory.
     *
     * @param findings gets which files are missing, too many, or cannot be followed to their end
     */
    static ListedRecords of(
            Path directory, DatasetDescription description, TfRecordLayout layout, List<Finding> findings) {
        TfRecordFiles files = new TfRecordFiles(directory, description, layout);
        long[][] offsets = new long[files.count()][];
        for (int file = 0; file < offsets.length; file++) {
            offsets[file] = offsets(files, file, findings);
        }
        BitSet extra = DatasetFiles.recordsNumbers(directory);
        extra.clear(layout.file(description.first()), layout.file(description.last()) + 1);
        extra.stream()
                .forEach(number -> findings.add(new Finding(
                        Kind.EXTRA_IMAGE,
                        directory.resolve(DatasetFiles.recordsName(number)) + ": must hold images that "
                                + DatasetDescription.FILE_NAME + " counts, found a file beyond them")));
        String mode = "TFRecord, " + layout.encoding().name().toLowerCase(Locale.ROOT);
        return new ListedRecords(files, description, mode, offsets);
    }

    private static long[] offsets(TfRecordFiles files, int file, List<Finding> findings) {
        Path path = files.path(file);
        if (!Files.exists(path)) {
            int first = files.first(file);
            findings.add(new Finding(
                    Kind.MISSING_IMAGE,
                    path + ": must exist and hold images " + first + " to " + (first + files.images(file) - 1)));
            return new long[0];
        }
        try (TfRecordFile records = TfRecordFile.open(path)) {
            TfRecordFile.Walk walk = records.walk(files.images(file));
            if (walk.problem() != null) {
                findings.add(new Finding(Kind.UNREADABLE_IMAGE, walk.problem()));
            }
            return walk.offsets();
        }
    }

    private int number(int index) {
        return description.first() + index;
    }

    private int inFile(int index) {
        return number(index) - files.first(files.fileOf(number(index)));
    }

    @Override
    public int count() {
        return Arrays.stream(offsets).mapToInt(file -> file.length).sum();
    }

    @Override
    public boolean isPresent(int index) {
        return index < description.count() && inFile(index) < offsets[files.fileOf(number(index))].length;
    }

    @Override
    public String place(int index) {
        int file = files.fileOf(number(index));
        return files.path(file) + ": byte " + offsets[file][inFile(index)];
    }

    /** Decodes a record, which must have the number of its place and the labels that the seed gives. */
    @Override
    public Decoded read(int index) {
        int file = files.fileOf(number(index));
        try (TfRecordFile records = TfRecordFile.open(files.path(file))) {
            byte[] record = records.read(offsets[file][inFile(index)]);
            return new Decoded(
                    ChirpExample.decode(record, number(index), files.drawn().chirp(index), place(index)), mode);
        }
    }
}
