package org.chirplens.experiments.config;

import java.nio.file.Path;
import org.chirplens.experiments.config.Variants.Variant;

/** Where the images come from: drawn as they are needed, or read from a directory. */
@Variants(key = "source", meaning = "generated draws images as they are needed; directory reads them from disk.")
public sealed interface DataSettings {
    /** Images of the test part: below 1 a fraction, from 1 on a count. */
    double test();

    /** Seed of the split. */
    int splitSeed();

    /** The images that the labels' mean and deviation are taken over. */
    Standardise standardise();

    /** Name of the preprocessing recipe. */
    Recipe preprocessing();

    /** The images that label mean and standard deviation are taken over. */
    enum Standardise {
        /** The training images. */
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

            @Setting("How the images look; as the released generator draws them, unless told.")
            FigureSettings figure,

            @Setting(value = TEST, byDefault = "0.2", above = 0)
            double test,

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

            @Setting(value = SPLIT_SEED, byDefault = "42", min = 0, max = Integer.MAX_VALUE)
            int splitSeed,

            @Setting(value = STANDARDISE, byDefault = "training")
            Standardise standardise,

            @Setting(value = PREPROCESSING, byDefault = "training")
            Recipe preprocessing)
            implements DataSettings {}

    /** Meaning of {@link #test}. */
    String TEST = "Test images: below 1 a fraction of all, from 1 on a count.";

    /** Meaning of {@link #splitSeed}. */
    String SPLIT_SEED = "Seed of the split into training and test images (as scikit-learn's random_state).";

    /** Meaning of {@link #standardise}. */
    String STANDARDISE = "Images that label mean and standard deviation are taken over; the released script uses all.";

    /** Meaning of {@link #preprocessing}. */
    String PREPROCESSING = "Recipe that turns an image into the model's input.";
}
