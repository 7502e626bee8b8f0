package org.chirplens.experiments.config;

import java.nio.file.Path;
import java.util.List;
import org.chirplens.model.LoraTarget;
import org.jspecify.annotations.Nullable;

/**
 * The vision transformer: a backbone from disk, or one of the given size with random weights.
 *
 * @param backbone null for a backbone from nothing
 * @param finetuned null for a model that the run trains
 */
public record ModelSettings(
        @Setting(
                value =
                        "Pretrained backbone: a directory with config.json and tensors (safetensors or PyTorch's, in one file or"
                                + " several), or a file of tensors beside its config.json. Absent: random weights in"
                                + " the size below.",
                optional = true)
        @Nullable
        Path backbone,

        @Setting(
                value =
                        "A fine-tuned model, as a model directory or a run directory with one: the run trains nothing and"
                                + " analyses this model on all images of its data.",
                optional = true)
        @Nullable
        Path finetuned,

        @Setting(
                value = "Side of the square input image, pixels; a multiple of patchSize. A backbone has its own unless"
                        + " this is stated; its position embeddings are then interpolated.",
                byDefault = "224",
                min = 1)
        int imageSize,

        @Setting(value = "Side of a patch, pixels.", byDefault = "16", min = 1)
        int patchSize,

        @Setting(value = "Width of the residual stream; a multiple of numHeads.", byDefault = "768", min = 1)
        int hiddenSize,

        @Setting(value = "Encoder blocks.", byDefault = "12", min = 1)
        int numLayers,

        @Setting(value = "Attention heads of each block.", byDefault = "12", min = 1)
        int numHeads,

        @Setting(value = "Width of a block's hidden layer.", byDefault = "3072", min = 1)
        int mlpSize,

        @Setting(
                value =
                        "What a backbone from nothing draws its weights from: normal, of standard deviation 0.02 as Hugging"
                                + " Face's; or glorot, the same of variance 2 / (inputs + outputs), for narrow models.",
                byDefault = "normal")
        Initial initialWeights,

        @Setting(
                value =
                        "Patch embedding of a backbone from nothing: learned as all else is; or whitened, which makes the"
                                + " principal components of the training images' patches equally strong and is not trained.",
                byDefault = "learned")
        PatchEmbedding patchEmbedding,

        @Setting(
                value = "Number format of the trained backbone's tensors on disk; float16 halves the file.",
                byDefault = "float32")
        Storage storage,

        @Setting("Low-rank adapters on linear layers of every block.")
        Lora lora) {
    /** The key of {@link #imageSize}. */
    public static final String IMAGE_SIZE = "model.imageSize";

    /** Distributions of initial weights. */
    public enum Initial {
        /** Standard deviation 0.02. */
        NORMAL,
        /** Variance 2 / (inputs + outputs). */
        GLOROT
    }

    /** Where a patch embedding's weights come from. */
    public enum PatchEmbedding {
        /** From training. */
        LEARNED,
        /** From the patches' covariance. */
        WHITENED
    }

    /** Number formats of tensors on disk. */
    public enum Storage {
        /** As the model is trained. */
        FLOAT32,
        /** Every value rounded to half precision. */
        FLOAT16
    }

    /** The adapters, as released by default. */
    public record Lora(
            @Setting(
                    value = "Rows of A and columns of B; at most the hidden size.",
                    byDefault = "8",
                    min = 1,
                    ruled = true)
            int rank,

            @Setting(value = "Numerator of the scaling alpha / rank.", byDefault = "16", above = 0)
            double alpha,

            @Setting(value = "Dropout before A, in training only.", byDefault = "0.1", min = 0, below = 1)
            double dropout,

            @Setting(
                    value = "Adapted layers of every block. PEFT's names of the last three are attention.output.dense,"
                            + " intermediate.dense and output.dense.",
                    byDefault = "[query, value]")
            List<LoraTarget> targets,

            @Setting(value = "Whether the scaling is alpha / sqrt(rank) instead (rsLoRA).", byDefault = "false")
            boolean rankStabilised) {
        public Lora {
            targets = List.copyOf(targets);
        }
    }
}
