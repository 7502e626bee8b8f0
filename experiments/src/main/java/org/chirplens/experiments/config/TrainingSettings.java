package org.chirplens.experiments.config;

/** Fine-tuning; the defaults are those of the released training script. */
public record TrainingSettings(
        @Setting(
                value =
                        "What is trained: lora (adapters and regression head, the backbone frozen), all (every parameter) or"
                                + " backbone (every parameter of a model without adapters).",
                byDefault = "lora")
        Trained train,

        @Setting(value = "Most epochs.", byDefault = "100", min = 1)
        int epochs,

        @Setting(
                value =
                        "In so many of the first epochs the model sees only the patches of the data area, where the heat map is, as if there"
                                + " were no others: quicker, and nothing is lost where figures are empty around it. Below epochs.",
                byDefault = "0",
                min = 0)
        int axesEpochs,

        @Setting(value = "Images of a step.", byDefault = "32", min = 1)
        int batchSize,

        @Setting(
                value = "Images of an epoch, drawn in turn from the training images; 0: all of them.",
                byDefault = "0",
                min = 0)
        int epochImages,

        @Setting(value = "AdamW's learning rate, its peak under cosine.", byDefault = "1e-4", above = 0)
        double learningRate,

        @Setting(value = "AdamW's decoupled weight decay.", byDefault = "0.01", min = 0)
        double weightDecay,

        @Setting(
                value =
                        "plateau divides the rate when the validation loss stands still; cosine lowers it to 0 at the last epoch.",
                byDefault = "plateau")
        Schedule schedule,

        @Setting(value = "Steps over which the rate rises from 0.", byDefault = "0", min = 0)
        int warmupSteps,

        @Setting(value = "Factor of the plateau schedule.", byDefault = "0.1", above = 0, below = 1)
        double plateauFactor,

        @Setting(value = "Epochs without improvement that the plateau schedule accepts.", byDefault = "3", min = 0)
        int plateauPatience,

        @Setting(value = "Epochs without improvement that end training; 0: never.", byDefault = "4", min = 0)
        int earlyStoppingPatience,

        @Setting(value = "Gradients are scaled down to this global norm; 0: never.", byDefault = "0", min = 0)
        double clipNorm,

        @Setting(value = "Decay rate of AdamW's second moment.", byDefault = "0.999", min = 0, below = 1)
        double secondBeta,

        @Setting(
                value =
                        "Learning rate of Muon, which then trains the matrices of the encoder and the patch embedding; it"
                                + " follows the schedule. 0: AdamW trains these too.",
                byDefault = "0",
                min = 0)
        double matrixLearningRate,

        @Setting(
                value = "Error, in standard deviations of a target, from which on the regression's loss grows linearly"
                        + " (smooth L1); 0: all errors are squared.",
                byDefault = "0",
                min = 0)
        double smoothL1,

        @Setting(
                value = "Numbers that matrices are multiplied with: float32, bfloat16 or float16. Weights, softmax,"
                        + " LayerNorm, loss and optimizer are float32 always; float16 has a dynamic loss scale.",
                byDefault = "float32")
        Precision precision,

        @Setting(
                value =
                        "Parts that the images of a step go through the model in, so that less memory is needed; each has"
                                + " batchSize / accumulate images, rounded up, the last one what is left. At most batchSize.",
                byDefault = "1",
                min = 1)
        int accumulate,

        @Setting(
                "Dense tasks beside the regression, which a backbone from nothing needs; the layer that answers them is no"
                        + " part of the model.")
        Pretext pretext) {
    /** The dense tasks that every patch token is given, each by the weight of its loss. */
    public record Pretext(
            @Setting(
                    value = "Weight of: through which cells does the chirp's ridge pass? 0: not asked.",
                    byDefault = "0",
                    min = 0)
            double ridge,

            @Setting(
                    value = "Weight of: in which cells does the chirp begin and end? 0: not asked.",
                    byDefault = "0",
                    min = 0)
            double ends,

            @Setting(
                    value = "Weight of: what are the image's labels? Asked of patches on the ridge. 0: not asked.",
                    byDefault = "0",
                    min = 0)
            double labels,

            @Setting(
                    value = "Side of the cells of ridge and ends, pixels; divides model.patchSize.",
                    byDefault = "8",
                    min = 1)
            int cellSize) {
        /** Whether any task is given. */
        boolean isOn() {
            return ridge > 0 || ends > 0 || labels > 0;
        }
    }

    /** Which parameters are trained. */
    public enum Trained {
        /** Adapters and regression head. */
        LORA,
        /** Every parameter. */
        ALL,
        /** Every parameter of a model without adapters. */
        BACKBONE
    }

    /** What matrices are multiplied with. */
    public enum Precision {
        /** Single precision. */
        FLOAT32,
        /** Eight bits of significand and the range of float32. */
        BFLOAT16,
        /** Half precision. */
        FLOAT16
    }

    /** How the learning rate moves. */
    public enum Schedule {
        /** PyTorch's ReduceLROnPlateau. */
        PLATEAU,
        /** Half a cosine from the peak to 0. */
        COSINE
    }
}
