package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.chirplens.analysis.AttentionMaps;
import org.chirplens.checkpoint.Npy;
import org.chirplens.figure.RgbImage;
import org.chirplens.model.FloatArray;

/** Attention maps on disk: {@code NAME.npy}, float32 [layers, heads, P, P], beside the image {@code NAME.png}. */
public final class AttentionFiles {
    private AttentionFiles() {}

    /** Writes the raw maps of an image, and the image. */
    public static void write(Path directory, AttentionMaps maps, RgbImage image) {
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
        writeImage(directory.resolve(stem(maps.image()) + ".png"), image);
        NpyFile.write(directory.resolve(stem(maps.image()) + ".npy"), array);
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

    /** The names of the images whose maps a directory holds, without ending, in natural order. */
    static List<String> names(Path directory) {
        return files(directory, ".npy").stream().map(AttentionFiles::stem).toList();
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

    static AttentionMaps read(Path directory, String name) {
        FloatArray array = Npy.read(directory.resolve(name + ".npy")).toFloatArray();
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

    private static String stem(String name) {
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }
}
