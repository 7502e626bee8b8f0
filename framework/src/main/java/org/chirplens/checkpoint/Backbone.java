package org.chirplens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/**
 * A backbone as Hugging Face stores it: {@code config.json}, and tensors in safetensors or PyTorch's format, in one file
 * or several, with the names of {@code ViTModel} or of {@code ViTForImageClassification} (prefix {@code vit.}) in
 * transformers 4 or 5. A pooler and a mask token are allowed and not read.
 *
 * @param config the backbone's size
 * @param weights its parameters by our names, which are ViTModel's
 * @param classifier the classifier on token 0 of the last hidden state, or null when there is none
 */
public record Backbone(
        VitConfig config,
        Map<String, FloatArray> weights,
        @Nullable Classifier classifier) {
    static final String CONFIG_FILE = "config.json";
    static final String WEIGHTS_FILE = "model.safetensors";

    /** Parameters of {@code ViTModel} that a backbone may have and that nothing here computes with. */
    static final List<String> NOT_READ = List.of("pooler.dense.weight", "pooler.dense.bias", "embeddings.mask_token");

    private static final String CLASSIFIER_WEIGHT = "classifier.weight";
    private static final String CLASSIFIER_BIAS = "classifier.bias";

    /**
     * A linear layer.
     *
     * @param weight [classes, hiddenSize]
     * @param bias [classes]
     */
    public record Classifier(FloatArray weight, FloatArray bias) {
        /** {@code logits = W x + b} of one row of the last hidden state [hiddenSize]. */
        public float[] logits(float[] row) {
            float[] logits = new float[bias.data().length];
            for (int i = 0; i < logits.length; i++) {
                double sum = bias.data()[i];
                for (int j = 0; j < row.length; j++) {
                    sum += (double) weight.data()[i * row.length + j] * row[j];
                }
                logits[i] = (float) sum;
            }
            return logits;
        }
    }

    /**
     * Reads a backbone with the {@code config.json} in its directory.
     *
     * @param path a directory, or a file of tensors
     * @throws IllegalArgumentException when a file is missing, a setting is not supported, or tensors are missing,
     *     unexpected, misshapen or not finite; all are listed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static Backbone read(Path path) {
        return read(path, besideTensors(path));
    }

    /**
     * Reads the size of a backbone, and not its tensors.
     *
     * @param path a directory, or a file of tensors
     * @throws IllegalArgumentException when its {@code config.json} is missing or a setting is not supported
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static VitConfig readSize(Path path) {
        return readSize(path, besideTensors(path));
    }

    private static VitConfig readSize(Path path, Path configFile) {
        if (!Files.isRegularFile(configFile)) {
            throw new IllegalArgumentException(path + " is not a model: " + configFile + " does not exist; a model"
                    + " directory has " + CONFIG_FILE + " and one of " + String.join(", ", TensorFiles.MODEL_FILES));
        }
        return HuggingFaceConfig.read(configFile);
    }

    /** Reads a backbone with a {@code config.json} from elsewhere. */
    public static Backbone read(Path path, Path configFile) {
        VitConfig config = readSize(path, configFile);
        TensorFiles.ModelTensors found = TensorFiles.readModel(path);
        Path file = found.path();
        Map<String, FloatArray> tensors = found.tensors();
        ParameterNames names = ParameterNames.ofModel(file, tensors.keySet());
        Set<String> ignored = new HashSet<>();
        NOT_READ.forEach(name -> ignored.add(names.inFile(name)));
        Classifier classifier = null;
        if (names.isClassification()) {
            ignored.addAll(Set.of(names.besideBackbone(CLASSIFIER_WEIGHT), names.besideBackbone(CLASSIFIER_BIAS)));
            classifier = classifier(file, tensors, names, config.hiddenSize());
        }
        Map<String, int[]> shapes = Parameters.shapes(ModelConfig.backbone(config));
        return new Backbone(config, StrictTensors.take(file, tensors, shapes, names::inFile, ignored), classifier);
    }

    /** The {@code config.json} that belongs to a directory or file. */
    static Path besideTensors(Path path) {
        return Files.isRegularFile(path) ? path.resolveSibling(CONFIG_FILE) : path.resolve(CONFIG_FILE);
    }

    /**
     * The same backbone for images of another size, its position embeddings interpolated bicubically as Hugging Face
     * does.
     *
     * @throws IllegalArgumentException when the size is not a multiple of the patch size
     */
    public Backbone withImageSize(int imageSize) {
        VitConfig resized = PositionEmbeddings.withImageSize(config, imageSize);
        return new Backbone(resized, PositionEmbeddings.resized(weights, config, resized), classifier);
    }

    private static @Nullable Classifier classifier(
            Path file, Map<String, FloatArray> tensors, ParameterNames names, int hiddenSize) {
        FloatArray weight = tensors.get(names.besideBackbone(CLASSIFIER_WEIGHT));
        FloatArray bias = tensors.get(names.besideBackbone(CLASSIFIER_BIAS));
        if (weight == null && bias == null) {
            return null;
        }
        boolean fits = weight != null
                && bias != null
                && bias.shape().length == 1
                && weight.shape().length == 2
                && weight.shape()[0] == bias.shape()[0]
                && weight.shape()[1] == hiddenSize
                && StrictTensors.isFinite(weight)
                && StrictTensors.isFinite(bias);
        if (!fits || weight == null || bias == null) {
            throw new IllegalArgumentException(file + ": classifier.weight [classes, " + hiddenSize
                    + "] and classifier.bias [classes] must fit together and be finite, found " + weight + " and "
                    + bias);
        }
        return new Classifier(weight, bias);
    }
}
