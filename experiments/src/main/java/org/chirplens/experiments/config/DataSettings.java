package org.chirplens.experiments.config;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.dataset.ChirpTarget;
import org.chirplens.dataset.ImageLayout;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.config.Variants.Variant;
import org.jspecify.annotations.Nullable;

/** Where the images come from: drawn as they are needed, or read from a directory of the released or any layout. */
@Variants(
        key = "source",
        meaning =
                "generated draws images as they are needed; directory reads the released format from disk; images reads any"
                        + " directory of images with a CSV file of labels.")
public sealed interface DataSettings permits DataSettings.Generated, DataSettings.Images, DataSettings.Directory {
    /** Images of the test part: below 1 a fraction, from 1 on a count. */
    double test();

    /** Images that choose the best epoch: below 1 a fraction of the training part, from 1 on a count; 0: the test's. */
    double validation();

    /** Seed of the split. */
    int splitSeed();

    /** The images that the labels' mean and deviation are taken over. */
    Standardise standardise();

    /** Name of the preprocessing recipe. */
    Recipe preprocessing();

    /** The images that label mean and standard deviation are taken over. */
    enum Standardise {
        /** The training images, those of validation left out. */
        TRAINING,
        /** All images, the test ones too, as the released script does. */
        ALL
    }

    /** The preprocessing recipes, by their public names. */
    enum Recipe {
        /** Bicubic, values in [0, 1]. */
        TRAINING,
        /** Bilinear, ImageNet mean and deviation. */
        IMAGENET,
        /** Bilinear, values in [0, 1]. */
        ATTENTION
    }

    /** Image i is a function of the seed and i alone. */
    @Variant("generated")
    record Generated(
            @Setting(value = "Number of images.", byDefault = "40000", min = 2)
            int count,

            @Setting(value = "Seed of the images.", byDefault = "20250324")
            long seed,

            @Setting(
                    value =
                            "Each chirp is the shortest of so many that are drawn. Above 1 there are more short chirps, which"
                                    + " are hard to find, than the released generator's; images on disk are made with 1 only.",
                    byDefault = "1",
                    min = 1,
                    max = 100)
            int shortestOf,

            @Setting("How the images look; as the released generator draws them, unless told.")
            FigureSettings figure,

            @Setting(
                    value = "What the model learns to predict, in this order.",
                    byDefault = "[start_time, start_frequency, end_frequency]")
            List<ChirpTarget> targets,

            @Setting(value = TEST, byDefault = "0.2", above = 0)
            double test,

            @Setting(value = VALIDATION, byDefault = "0.1", min = 0)
            double validation,

            @Setting(value = SPLIT_SEED, byDefault = "42", min = 0, max = Integer.MAX_VALUE)
            int splitSeed,

            @Setting(value = STANDARDISE, byDefault = "training")
            Standardise standardise,

            @Setting(value = PREPROCESSING, byDefault = "training")
            Recipe preprocessing)
            implements DataSettings {}

    /** A data set on disk: labels.csv beside spectrogram_1.png, spectrogram_2.png, … or TFRecord files. */
    @Variant("directory")
    record Directory(
            @Setting(
                    "Directory with labels.csv and spectrogram_1.png, … or TFRecord files (relative to where the command is"
                            + " started).")
            Path directory,

            @Setting(value = TEST, byDefault = "0.2", above = 0)
            double test,

            @Setting(value = VALIDATION, byDefault = "0.1", min = 0)
            double validation,

            @Setting(value = SPLIT_SEED, byDefault = "42", min = 0, max = Integer.MAX_VALUE)
            int splitSeed,

            @Setting(value = STANDARDISE, byDefault = "training")
            Standardise standardise,

            @Setting(value = PREPROCESSING, byDefault = "training")
            Recipe preprocessing)
            implements DataSettings {}

    /** Any directory of images with a CSV file of labels. */
    @Variant("images")
    record Images(
            @Setting("Directory of the images (relative to where the command is started).")
            Path directory,

            @Setting(
                    value = "CSV file with a header and a row per image, relative to directory.",
                    byDefault = "labels.csv")
            String labels,

            @Setting(
                    value = "Column that holds each image's file name, relative to directory; or give filePattern.",
                    optional = true)
            @Nullable
            String fileColumn,

            @Setting(
                    value =
                            "File name of each image, relative to directory, such as spectrogram_{i}.png, where {i} is the"
                                    + " number of its row, from 1; or give fileColumn.",
                    optional = true)
            @Nullable
            String filePattern,

            @Setting("What the model learns to predict: one or more columns of numbers.")
            List<TargetColumn> targets,

            @Setting(value = TEST, byDefault = "0.2", above = 0)
            double test,

            @Setting(value = VALIDATION, byDefault = "0.1", min = 0)
            double validation,

            @Setting(value = SPLIT_SEED, byDefault = "42", min = 0, max = Integer.MAX_VALUE)
            int splitSeed,

            @Setting(value = STANDARDISE, byDefault = "training")
            Standardise standardise,

            @Setting(value = PREPROCESSING, byDefault = "training")
            Recipe preprocessing)
            implements DataSettings {
        /** Where the labels are, for reading them. */
        public ImageLayout layout() {
            List<ImageLayout.Column> columns = targets.stream()
                    .map(column -> new ImageLayout.Column(column.column(), column.target()))
                    .toList();
            return new ImageLayout(labels, fileColumn, filePattern, columns);
        }
    }

    /** A column of labels. */
    record TargetColumn(
            @Setting("Title of the column in the header of the CSV file.")
            String column,

            @Setting(
                    value = "Name in result files: small letters, digits and underscores. Default: made of the column's"
                            + " title.",
                    optional = true)
            @Nullable
            String name,

            @Setting(value = "Name in figures and tables for people. Default: the column's title.", optional = true)
            @Nullable
            String title,

            @Setting(value = "Unit of the numbers, such as Hz. Default: none.", optional = true) @Nullable
            String unit) {
        /** The name in result files. */
        String key() {
            return name != null ? name : Target.keyOf(column);
        }

        /** What the numbers are. */
        Target target() {
            return new Target(key(), title != null ? title : column, unit != null ? unit : "");
        }
    }

    /** Meaning of {@link #test}. */
    String TEST = "Test images: below 1 a fraction of all, from 1 on a count.";

    /** Meaning of {@link #validation}. */
    String VALIDATION =
            "Images of the training part that are not trained on: they choose the best epoch and decide when the learning"
                    + " rate falls and training stops. Below 1 a fraction of the training part, from 1 on a count. 0: the"
                    + " test images do this, as in the released script, which makes test results look better than they are.";

    /** Meaning of {@link #splitSeed}. */
    String SPLIT_SEED = "Seed of the split into training, validation and test images (as scikit-learn's random_state).";

    /** Meaning of {@link #standardise}. */
    String STANDARDISE = "Images that label mean and standard deviation are taken over; the released script uses all.";

    /** Meaning of {@link #preprocessing}. */
    String PREPROCESSING = "Recipe that turns an image into the model's input.";
}
