package org.chirplens.experiments.verify;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.chirp.Chirp;
import org.chirplens.chirp.ChirpArray;
import org.chirplens.chirp.Spectrogram;
import org.chirplens.dataset.LabelTable;
import org.chirplens.dataset.PngFile;
import org.chirplens.figure.Caption;
import org.chirplens.figure.ChirpFigure;
import org.chirplens.figure.RgbImage;

/** Compares {@code chirp_genuine/}: arrays with recorded noise, and figures drawn of the recorded arrays. */
final class GenuineChirpChecks {
    /** In 1/255 per channel: a value on the border of two colours may fall to either side of it. */
    private static final Tolerance PIXEL = Tolerance.absolute(3);

    private static final String BEFORE = "before_smoothing";
    private static final String SPECTROGRAM = "spectrogram";
    private static final String LEVEL = "noise_level";
    private static final String NOISE = "noise";
    private static final Pattern IMAGE = Pattern.compile("spectrogram_([1-9]\\d{0,8})\\.png");
    private static final int SIZE = ChirpArray.BINS * ChirpArray.BINS;

    private final Section section;

    GenuineChirpChecks(Section section) {
        this.section = section;
    }

    void run() {
        section.inputs(LEVEL, NOISE);
        section.attempt("arrays of labels and noise", Set.of(BEFORE, SPECTROGRAM), () -> {
            double[] before = beforeSmoothing(
                    LabelTable.read(section.inputFile(LabelTable.FILE_NAME)),
                    section.input(LEVEL),
                    section.input(NOISE));
            section.compare(BEFORE, before, ChirpChecks.ARRAY);
            section.compare(SPECTROGRAM, ChirpChecks.smooth(before), ChirpChecks.ARRAY);
        });
        for (String image : images()) {
            section.attempt(image, Set.of(image), () -> compareFigure(image));
        }
    }

    private static double[] beforeSmoothing(List<Chirp> chirps, NumericArray level, NumericArray noise) {
        int images = chirps.size();
        if (level.data().length != images || noise.data().length != (long) images * SIZE) {
            throw new IllegalArgumentException("labels.csv, noise_level and noise must be of the same images, found "
                    + images + " rows, " + level + " and " + noise);
        }
        List<double[]> arrays = new ArrayList<>();
        for (int i = 0; i < images; i++) {
            double[] own = Arrays.copyOfRange(noise.data(), i * SIZE, (i + 1) * SIZE);
            arrays.add(ChirpArray.beforeSmoothing(chirps.get(i), level.data()[i], own));
        }
        return ChirpChecks.concatenated(arrays);
    }

    private List<String> images() {
        try (Stream<Path> files = Files.list(section.file(""))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> IMAGE.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(section.file("") + ": cannot be listed", e);
        }
    }

    /** The whole figure, drawn of the recorded array and of what its title says. */
    private void compareFigure(String image) {
        List<Chirp> chirps = LabelTable.read(section.inputFile(LabelTable.FILE_NAME));
        int number = number(image);
        if (number > chirps.size()) {
            throw new IllegalArgumentException(
                    LabelTable.FILE_NAME + " must have a row for " + image + ", found " + chirps.size() + " rows");
        }
        Caption caption = new Caption(number, chirps.get(number - 1).shape(), 0);
        RgbImage recorded = PngFile.read(section.file(image));
        RgbImage drawn = ChirpFigure.released().draw(spectrogram(image), caption);
        section.compareValues(image, values(recorded.rgb()), values(drawn.rgb()), PIXEL);
    }

    private static int number(String image) {
        Matcher matcher = IMAGE.matcher(image);
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private Spectrogram spectrogram(String image) {
        int number = number(image);
        NumericArray all = section.input(SPECTROGRAM);
        int[] shape = all.shape();
        if (shape.length != 3 || shape[1] != shape[2]) {
            throw new IllegalArgumentException("spectrogram must be [images, bins, bins], found " + all);
        }
        if (number > shape[0]) {
            throw new IllegalArgumentException("spectrogram must hold the array of image " + number + ", found " + all);
        }
        int size = shape[1] * shape[2];
        return new Spectrogram(shape[1], Arrays.copyOfRange(all.data(), (number - 1) * size, number * size));
    }

    /** Bytes as numbers from 0 to 255. */
    static double[] values(byte[] bytes) {
        double[] values = new double[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            values[i] = bytes[i] & 0xff;
        }
        return values;
    }
}
