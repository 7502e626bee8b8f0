package org.chirplens.training;

import org.chirplens.model.Parameters;
import org.chirplens.model.Precision;

/**
 * How a model is trained. {@link #released()} is the one place of the defaults, which are those of the released script;
 * {@link #with} changes some of them.
 *
 * @param train which parameters move
 * @param fixedPatches whether the patch embedding's weights keep every bit, as {@link PatchWhitening} makes them
 * @param epochs at most this many, at least 1
 * @param axesEpochs in so many of the first epochs the model sees only those patches of an image that the axes are in; below epochs
 * @param batchSize images per step, at least 1
 * @param epochImages images per epoch, taken from an endless stream of shuffled passes over the training images, so
 *     that a long pass is validated and saved more than once; 0 makes an epoch one pass
 * @param learningRate full rate, above 0
 * @param weightDecay decoupled decay of every trained parameter, at least 0
 * @param schedule how the rate moves from epoch to epoch
 * @param warmupSteps steps over which the rate rises linearly from 0, at least 0
 * @param earlyStoppingPatience training ends after this many epochs in a row without a new best validation loss; 0
 *     never ends it early
 * @param clipNorm upper bound of the gradient's global norm; 0 does not clip
 * @param secondBeta decay rate of AdamW's second moment, in [0, 1)
 * @param matrixLearningRate full rate of {@link Muon}, which then trains the backbone's matrices; 0 leaves them to AdamW
 * @param smoothL1 error, in standard deviations, from which on the regression's loss grows linearly; 0 squares all
 * @param pretext dense tasks beside the regression
 * @param precision of the matrix products; everything else is float32
 * @param accumulate parts that a step's images go through the graph in, in [1, batchSize]; each has
 *     {@code ceil(batchSize / accumulate)} images, the last one what is left
 * @param seed of shuffling, of dropout and of the pretext layer's initial values
 */
public record TrainingConfig(
        Trainable train,
        boolean fixedPatches,
        int epochs,
        int axesEpochs,
        int batchSize,
        int epochImages,
        double learningRate,
        double weightDecay,
        Schedule schedule,
        int warmupSteps,
        int earlyStoppingPatience,
        double clipNorm,
        double secondBeta,
        double matrixLearningRate,
        double smoothL1,
        Pretext pretext,
        Precision precision,
        int accumulate,
        long seed) {
    public TrainingConfig {
        Check.that(epochs >= 1, "epochs must be at least 1", epochs);
        Check.that(
                axesEpochs >= 0 && axesEpochs < epochs,
                "axesEpochs must be in [0, " + epochs + "), the number of epochs",
                axesEpochs);
        Check.that(batchSize >= 1, "batchSize must be at least 1", batchSize);
        Check.that(epochImages >= 0, "epochImages must be at least 0", epochImages);
        Check.that(
                learningRate > 0 && Double.isFinite(learningRate),
                "learningRate must be above 0 and finite",
                learningRate);
        Check.that(
                Check.nonNegative(weightDecay) && weightDecay * learningRate < 1,
                "weightDecay must be at least 0 and below 1 / learningRate",
                weightDecay);
        Check.that(warmupSteps >= 0, "warmupSteps must be at least 0", warmupSteps);
        Check.that(earlyStoppingPatience >= 0, "earlyStoppingPatience must be at least 0", earlyStoppingPatience);
        Check.that(Check.nonNegative(clipNorm), "clipNorm must be at least 0 and finite", clipNorm);
        Check.that(secondBeta >= 0 && secondBeta < 1, "secondBeta must be in [0, 1)", secondBeta);
        Check.that(
                Check.nonNegative(matrixLearningRate) && weightDecay * matrixLearningRate < 1,
                "matrixLearningRate must be at least 0 and below 1 / weightDecay",
                matrixLearningRate);
        Check.that(Check.nonNegative(smoothL1), "smoothL1 must be at least 0 and finite", smoothL1);
        Check.that(
                accumulate >= 1 && accumulate <= batchSize,
                "accumulate must be in [1, " + batchSize + "], the batch size",
                accumulate);
    }

    /** The values of the released training script; warm-up, clipping and pretext tasks, which it lacks, are off. */
    public static TrainingConfig released() {
        return new TrainingConfig(
                Trainable.LORA,
                false,
                100,
                0,
                32,
                0,
                1e-4,
                0.01,
                Schedule.plateau(),
                0,
                4,
                0,
                0.999,
                0,
                0,
                Pretext.none(),
                Precision.FLOAT32,
                1,
                42);
    }

    /** A builder that starts from this config. */
    public Builder with() {
        return new Builder(this);
    }

    /** Whether the parameter of this name is trained. */
    public boolean trains(String parameter) {
        return train.trains(parameter) && !(fixedPatches && parameter.equals(Parameters.PATCH_WEIGHT));
    }

    /** Images of an epoch when there are so many to train on. */
    int imagesPerEpoch(int trainImages) {
        return epochImages == 0 ? trainImages : epochImages;
    }

    /** The most images that go through the graph together. */
    int partSize() {
        return (batchSize + accumulate - 1) / accumulate;
    }

    /** Steps of an epoch; its last batch may be smaller than the others. */
    int stepsPerEpoch(int trainImages) {
        return (imagesPerEpoch(trainImages) + batchSize - 1) / batchSize;
    }

    /** Changes some values of a config; each setter is named after the component that it sets. */
    public static final class Builder {
        private Trainable train;
        private boolean fixedPatches;
        private int epochs;
        private int axesEpochs;
        private int batchSize;
        private int epochImages;
        private double learningRate;
        private double weightDecay;
        private Schedule schedule;
        private int warmupSteps;
        private int earlyStoppingPatience;
        private double clipNorm;
        private double secondBeta;
        private double matrixLearningRate;
        private double smoothL1;
        private Pretext pretext;
        private Precision precision;
        private int accumulate;
        private long seed;

        private Builder(TrainingConfig start) {
            train = start.train;
            fixedPatches = start.fixedPatches;
            epochs = start.epochs;
            axesEpochs = start.axesEpochs;
            batchSize = start.batchSize;
            epochImages = start.epochImages;
            learningRate = start.learningRate;
            weightDecay = start.weightDecay;
            schedule = start.schedule;
            warmupSteps = start.warmupSteps;
            earlyStoppingPatience = start.earlyStoppingPatience;
            clipNorm = start.clipNorm;
            secondBeta = start.secondBeta;
            matrixLearningRate = start.matrixLearningRate;
            smoothL1 = start.smoothL1;
            pretext = start.pretext;
            precision = start.precision;
            accumulate = start.accumulate;
            seed = start.seed;
        }

        public Builder train(Trainable value) {
            train = value;
            return this;
        }

        public Builder fixedPatches(boolean value) {
            fixedPatches = value;
            return this;
        }

        public Builder epochs(int value) {
            epochs = value;
            return this;
        }

        public Builder axesEpochs(int value) {
            axesEpochs = value;
            return this;
        }

        public Builder batchSize(int value) {
            batchSize = value;
            return this;
        }

        public Builder epochImages(int value) {
            epochImages = value;
            return this;
        }

        public Builder learningRate(double value) {
            learningRate = value;
            return this;
        }

        public Builder weightDecay(double value) {
            weightDecay = value;
            return this;
        }

        public Builder schedule(Schedule value) {
            schedule = value;
            return this;
        }

        public Builder warmupSteps(int value) {
            warmupSteps = value;
            return this;
        }

        public Builder earlyStoppingPatience(int value) {
            earlyStoppingPatience = value;
            return this;
        }

        public Builder clipNorm(double value) {
            clipNorm = value;
            return this;
        }

        public Builder secondBeta(double value) {
            secondBeta = value;
            return this;
        }

        public Builder matrixLearningRate(double value) {
            matrixLearningRate = value;
            return this;
        }

        public Builder smoothL1(double value) {
            smoothL1 = value;
            return this;
        }

        public Builder pretext(Pretext value) {
            pretext = value;
            return this;
        }

        public Builder precision(Precision value) {
            precision = value;
            return this;
        }

        public Builder accumulate(int value) {
            accumulate = value;
            return this;
        }

        public Builder seed(long value) {
            seed = value;
            return this;
        }

        /** The changed config. */
        public TrainingConfig build() {
            return new TrainingConfig(
                    train,
                    fixedPatches,
                    epochs,
                    axesEpochs,
                    batchSize,
                    epochImages,
                    learningRate,
                    weightDecay,
                    schedule,
                    warmupSteps,
                    earlyStoppingPatience,
                    clipNorm,
                    secondBeta,
                    matrixLearningRate,
                    smoothL1,
                    pretext,
                    precision,
                    accumulate,
                    seed);
        }
    }
}
