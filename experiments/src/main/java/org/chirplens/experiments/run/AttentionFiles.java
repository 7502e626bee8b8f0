package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.analysis.MapReading;
import org.chirplens.checkpoint.Npy;
import org.chirplens.figure.RgbImage;
import org.chirplens.file.Sha256;
import org.chirplens.file.WholeFile;
import org.chirplens.model.FloatArray;

/**
 * Attention maps on disk: {@code NAME.npy}, float32 [layers, heads, P, P], beside the image {@code NAME.png}; those of other readings
 * than the published one in a folder of the reading's key, where a rollout has one map a layer, [layers, 1, P, P].
 */
public final class AttentionFiles {
    private static final int LONGEST = 100;
    private static final Pattern PLAIN_PNG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}\\.png");
    private static final Pattern PLAIN_OTHER =
            Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_-]{0,99}(\\.[A-Za-z0-9_-]{1,20}){1,5}");

    private AttentionFiles() {}

    /** Where the maps of a reading are. */
    static Path directory(Path directory, MapReading reading) {
        return reading.equals(MapReading.PATCH_QUERIES) ? directory : directory.resolve(reading.key());
    }

    /** Writes the raw maps of an image by a reading. */
    static void write(Path directory, MapReading reading, AttentionMaps maps) {
        float[][][] all = maps.maps();
        int layers = all.length;
        int heads = all[0].length;
        int size = maps.grid() * maps.grid();
        FloatArray array = FloatArray.zeros(layers, heads, maps.grid(), maps.grid());
        for (int l = 0; l < layers; l++) {
            for (int h = 0; h < heads; h++) {
                System.arraycopy(all[l][h], 0, array.data(), (l * heads + h) * size, size);
            }
        }
        NpyFile.write(directory(directory, reading).resolve(stem(maps.image()) + ".npy"), array);
    }

    /** Writes an image beside its maps. */
    static void writeImage(Path directory, String name, RgbImage image) {
        writeImage(directory.resolve(stem(name) + ".png"), image);
    }

    static void writeImage(Path file, RgbImage image) {
        WholeFile.write(file, out -> ImageIO.write(image.toBufferedImage(), "png", out));
    }

    static RgbImage readImage(Path file) {
        try {
            return RgbImage.of(ImageIO.read(file.toFile()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** The names of the images whose maps by a reading a directory holds, without ending, in natural order. */
    static List<String> names(Path directory, MapReading reading) {
        return files(directory(directory, reading), ".npy").stream()
                .map(name -> name.substring(0, name.lastIndexOf('.')))
                .toList();
    }

    /** The readings that a directory holds the maps of all these images by, but for rollout, which has no heads. */
    static List<MapReading> readings(Path directory, List<String> names) {
        return Stream.of(MapReading.PATCH_QUERIES, MapReading.CLS)
                .filter(reading -> names.stream()
                        .allMatch(name ->
                                Files.exists(directory(directory, reading).resolve(name + ".npy"))))
                .toList();
    }

    /** The names of the files of an ending, shorter names first so that number 2 comes before 10. */
    static List<String> files(Path directory, String ending) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names = new ArrayList<>(files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> name.endsWith(ending) && !name.startsWith("."))
                    .toList());
            Collections.sort(names, (a, b) -> a.length() != b.length() ? a.length() - b.length() : a.compareTo(b));
            return names;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    static AttentionMaps read(Path directory, MapReading reading, String name) {
        FloatArray array =
                Npy.read(directory(directory, reading).resolve(name + ".npy")).toFloatArray();
        int layers = array.shape()[0];
        int heads = array.shape()[1];
        int grid = array.shape()[2];
        float[][][] maps = new float[layers][heads][];
        for (int l = 0; l < layers; l++) {
            for (int h = 0; h < heads; h++) {
                int from = (l * heads + h) * grid * grid;
                maps[l][h] = Arrays.copyOfRange(array.data(), from, from + grid * grid);
            }
        }
        return new AttentionMaps(name + ".png", grid, maps);
    }

    static RgbImage image(Path directory, String name) {
        return readImage(directory.resolve(name + ".png"));
    }

    /**
     * What an image's files are called without their ending: {@code spectrogram_1} for {@code spectrogram_1.png}. Of a
     * name with another ending all is kept, and one that is no plain file name is made one, with a hash of all of it,
     * so that two images never share a file.
     */
    static String stem(String name) {
        if (PLAIN_PNG.matcher(name).matches()) {
            return name.substring(0, name.length() - ".png".length());
        }
        if (PLAIN_OTHER.matcher(name).matches()) {
            return name;
        }
        String plain = name.replaceAll("[^A-Za-z0-9_-]+", "_");
        return plain.substring(0, Math.min(plain.length(), LONGEST)) + "-"
                + Sha256.of(name).substring(0, 12);
    }
}
