package org.chirplens.experiments.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.chirplens.checkpoint.ModelCard;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.DatasetDescription;
import org.chirplens.dataset.Datasets;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.ImageDirectory;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Split;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.experiments.config.ConfigReader;
import org.chirplens.experiments.config.DataSettings;
import org.chirplens.experiments.config.DataSettings.Standardise;
import org.chirplens.experiments.config.LoadedConfig;
import org.chirplens.figure.FigureStyle;
import org.chirplens.file.Sha256;

/**
 * The images of a run, opened and checked.
 *
 * @param images all of them
 * @param split into training, validation and test images
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
        Source all = Source.of(data);
        ImageSet images = all.images();
        Path finetuned = loaded.config().model().finetuned();
        if (finetuned != null) {
            return forModel(loaded, ModelDirectory.card(OpenModel.locate(finetuned)), all);
        }
        Split split = split(loaded, images, data);
        int[] standardised = data.standardise() == Standardise.ALL
                ? IntStream.range(0, images.size()).toArray()
                : split.train();
        return new RunData(
                images,
                split,
                scaling(loaded, images, standardised),
                Preprocessing.valueOf(data.preprocessing().name()),
                all.identity());
    }

    /** All images to test with, as a model sees them. */
    private static RunData forModel(LoadedConfig loaded, ModelCard card, Source all) {
        List<Target> targets = TargetsJson.of(card);
        List<Target> labelled = all.images().targets();
        if (card.labelMean().isEmpty()) {
            throw loaded.problem(
                    "model.finetuned", "must know mean and deviation of its labels, found none in its card");
        }
        if (!Target.agree(labelled, targets)) {
            throw loaded.problem(
                    "model.finetuned",
                    "must predict what the images are labelled with, " + Target.list(labelled) + ", found a model of "
                            + Target.list(targets));
        }
        Preprocessing recipe = loaded.states("data.preprocessing")
                ? Preprocessing.valueOf(loaded.config().data().preprocessing().name())
                : Preprocessing.of(card.preprocessing());
        return new RunData(
                all.images(), new Split(new int[0], new int[0], all.indices()), scaling(card), recipe, all.identity());
    }

    /** The scaling of a model's labels. */
    static TargetScaling scaling(ModelCard card) {
        return new TargetScaling(
                TargetsJson.of(card),
                card.labelMean().stream().mapToDouble(Double::doubleValue).toArray(),
                card.labelStd().stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static TargetScaling scaling(LoadedConfig loaded, ImageSet images, int[] indices) {
        try {
            return TargetScaling.over(images, indices);
        } catch (IllegalArgumentException e) {
            throw loaded.problem("data", "gives labels that do not differ: " + e.getMessage());
        }
    }

    private static Split split(LoadedConfig loaded, ImageSet images, DataSettings data) {
        int group = images.groupSize();
        String key = "data.test";
        try {
            Split split = Split.ofGroups(images.size(), group, data.test(), data.splitSeed());
            key = "data.validation";
            return split.withValidation(data.validation(), group, data.splitSeed());
        } catch (IllegalArgumentException e) {
            throw loaded.problem(key, "does not fit: " + e.getMessage());
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
        /**
         * All images of a data set on disk.
         *
         * @param data a directory of the released format, or a config file whose section {@code data} describes images
         */
        public static Source ofData(Path data) {
            if (!isConfig(data)) {
                return ofDirectory(data);
            }
            DataSettings settings =
                    ConfigReader.readData(data, List.of()).config().data();
            Source all = of(settings);
            return new Source(all.images, all.indices, all.identity + columns(settings));
        }

        /** Which columns the labels are: results of two columns that have one name must not be taken for each other. */
        private static String columns(DataSettings settings) {
            if (!(settings instanceof DataSettings.Images table)) {
                return "";
            }
            Stream<String> columns = table.targets().stream().map(DataSettings.TargetColumn::column);
            return ", columns " + columns.collect(Collectors.joining(", "));
        }

        /** Whether a path names a config file rather than a directory. */
        public static boolean isConfig(Path data) {
            String name = String.valueOf(data.getFileName());
            return Files.isRegularFile(data) && (name.endsWith(".yaml") || name.endsWith(".yml"));
        }

        private static Source ofDirectory(Path directory) {
            ImageSet images = Datasets.open(directory);
            return all(images, RunData.identity(directory, "labels.csv", look(directory, images), images));
        }

        /** All images that a config describes. */
        static Source of(DataSettings data) {
            if (data instanceof DataSettings.Directory directory) {
                return ofDirectory(directory.directory());
            }
            if (data instanceof DataSettings.Images settings) {
                ImageDirectory images = ImageDirectory.open(settings.directory(), settings.layout());
                images.verifyHeaders();
                String look = files(settings.directory(), images);
                return all(images, RunData.identity(settings.directory(), settings.labels(), look, images));
            }
            if (data instanceof DataSettings.Generated generated) {
                return generated(generated);
            }
            throw new IllegalStateException("unknown source of data " + data);
        }

        private static Source generated(DataSettings.Generated settings) {
            FigureStyle style = settings.figure().style();
            GeneratedChirps images = new GeneratedChirps(
                            Population.released(), style, List.of(), settings.seed(), 0, settings.count())
                    .labelled(settings.targets())
                    .shortestOf(settings.shortestOf());
            String chosen = settings.shortestOf() == 1 ? "" : ", each the shortest of " + settings.shortestOf();
            return all(
                    images,
                    "generated: released population, seed " + settings.seed() + ", " + settings.count() + " images"
                            + chosen + figureIdentity(style));
        }

        private static Source all(ImageSet images, String identity) {
            return new Source(images, IntStream.range(0, images.size()).toArray(), identity);
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
            LoadedConfig loaded = ConfigReader.readData(config, List.of());
            String columns = columns(loaded.config().data());
            if (loaded.config().model().finetuned() != null) {
                Source all = of(loaded.config().data());
                return new Source(all.images, all.indices, "test images of " + all.identity + columns);
            }
            RunData data = open(loaded);
            return new Source(data.images, data.split.test(), "test images of " + data.identity + columns);
        }
    }

    /** The number of images, SHA-256 over the label table, and what says how the images look. */
    private static String identity(Path directory, String labels, String look, ImageSet images) {
        Path table = directory.resolve(labels);
        return table.getFileName() + " sha256 " + Sha256.of(table) + ", " + look + ", " + images.size() + " images";
    }

    /** SHA-256 over the description that a data set was drawn from, or over its files where it has none. */
    private static String look(Path directory, ImageSet images) {
        Path description = directory.resolve(DatasetDescription.FILE_NAME);
        return Files.exists(description)
                ? DatasetDescription.FILE_NAME + " sha256 " + Sha256.of(description)
                : files(directory, images);
    }

    /** SHA-256 over names and sizes of the image files. */
    private static String files(Path directory, ImageSet images) {
        StringBuilder sizes = new StringBuilder();
        try {
            for (int i = 0; i < images.size(); i++) {
                String name = images.name(i);
                sizes.append(name)
                        .append(' ')
                        .append(Files.size(directory.resolve(name)))
                        .append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the data in " + directory, e);
        }
        return "files sha256 " + Sha256.of(sizes.toString());
    }

    private static String figureIdentity(FigureStyle style) {
        boolean released = style.equals(FigureStyle.released());
        return released ? "" : ", figure sha256 " + Sha256.of(style.toString());
    }

    /** The test images, the first {@code limit} of them; 0 stands for all. */
    public Selection test(int limit, int readers) {
        Selection all = new Selection(images, split.test(), recipe, scaling, readers);
        return limit == 0 ? all : all.first(limit);
    }
}
