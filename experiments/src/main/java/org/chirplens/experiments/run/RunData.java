package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.Datasets;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Split;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.chirplens.experiments.config.DataSettings.Standardise;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.figure.FigureStyle;

/**
 * The images of a run, opened and checked.
 *
 * @param images all of them
 * @param split into training and test images
 * @param scaling of the labels
 * @param recipe of preprocessing
 * @param identity what the images are: a hash for files, population and seed for generated ones
 */
public record RunData(ImageSet images, Split split, TargetScaling scaling, Preprocessing recipe, String identity) {
    /**
     * Opens the images that a config describes.
     *
     * @throws IllegalArgumentException when labels or image files are not as they must be
     */
    public static RunData open(LoadedConfig loaded) {
        DataSettings data = loaded.config().data();
        ImageSet images;
        String identity;
        if (data instanceof DataSettings.Directory directory) {
            images = Datasets.open(directory.directory());
            identity = identity(directory.directory(), images);
        } else if (data instanceof DataSettings.Generated generated) {
            images = new GeneratedChirps(
                    Population.released(),
                    generated.figure().style(),
                    List.of(),
                    generated.seed(),
                    0,
                    generated.count());
            identity = "generated: released population, seed " + generated.seed() + ", " + generated.count() + " images"
                    + figureIdentity(generated.figure().style());
        } else {
            throw new IllegalStateException("unknown source of data " + data);
        }
        Split split = split(loaded, images, data);
        int[] standardised = data.standardise() == Standardise.ALL
                ? IntStream.range(0, images.size()).toArray()
                : split.train();
        return new RunData(
                images,
                split,
                TargetScaling.over(images, standardised),
                Preprocessing.valueOf(data.preprocessing().name()),
                identity);
    }

    private static Split split(LoadedConfig loaded, ImageSet images, DataSettings data) {
        try {
            return Split.of(images.size(), data.test(), data.splitSeed());
        } catch (IllegalArgumentException e) {
            throw loaded.problem("data.test", "does not fit: " + e.getMessage());
        }
    }

    /**
     * Images for a command to work on.
     *
     * @param images the set that they are of
     * @param indices which of them, in this order
     * @param identity what they are: see {@link RunData#identity}
     */
    public record Source(ImageSet images, int[] indices, String identity) {
        /** All images of a data set on disk. */
        public static Source ofDirectory(Path directory) {
            ImageSet images = Datasets.open(directory);
            int[] all = IntStream.range(0, images.size()).toArray();
            return new Source(images, all, RunData.identity(directory, images));
        }

        /**
         * The test images of a run, as its config says.
         *
         * @throws IllegalArgumentException when the directory holds no run
         */
        public static Source ofRun(Path directory) {
            Path config = new RunFiles(directory).config();
            if (!Files.isRegularFile(config)) {
                throw new IllegalArgumentException(directory
                        + ": --data must be given, as this is no run directory, whose test images could be taken: found"
                        + " no config.yaml");
            }
            RunData data = open(ConfigReader.read(config, List.of()));
            return new Source(data.images, data.split.test(), "test images of " + data.identity);
        }
    }

    /** SHA-256 over the label table, and the number of images. */
    public static String identity(Path directory, ImageSet images) {
        try {
            byte[] labels = Files.readAllBytes(directory.resolve("labels.csv"));
            return "labels.csv sha256 " + sha256(labels) + ", " + images.size() + " images";
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the labels of " + directory, e);
        }
    }

    private static String figureIdentity(FigureStyle style) {
        boolean released = style.equals(FigureStyle.released());
        return released ? "" : ", figure sha256 " + sha256(style.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** The test images, the first {@code limit} of them; 0 stands for all. */
    public Selection test(int limit, int readers) {
        Selection all = new Selection(images, split.test(), recipe, scaling, readers);
        return limit == 0 ? all : all.first(limit);
    }
}
