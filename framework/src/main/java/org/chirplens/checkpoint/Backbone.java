package org.chirplens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/**
 * A backbone as Hugging Face stores it: {@code config.json} and {@code model.safetensors}, with the names of
 * {@code ViTModel} or of {@code ViTForImageClassification} (prefix {@code vit.}). A pooler is allowed and not read.
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

    private static final String CLASSIFICATION_PREFIX = "vit.";
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
     * Reads a backbone.
     *
     * @param path a directory, or a {@code .safetensors} file with its {@code config.json} beside it
     * @throws IllegalArgumentException when a file is missing, a setting is not supported, or tensors are missing,
     *     unexpected, misshapen or not finite; all are listed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static Backbone read(Path path) {
        boolean isFile = Files.isRegularFile(path);
        Path file = isFile ? path : path.resolve(WEIGHTS_FILE);
        VitConfig config = HuggingFaceConfig.read(requireFile(file.resolveSibling(CONFIG_FILE), path));
        Map<String, FloatArray> tensors = Safetensors.read(requireFile(file, path));
        String prefix = tensors.keySet().stream().anyMatch(name -> name.startsWith(CLASSIFICATION_PREFIX))
                ? CLASSIFICATION_PREFIX
                : "";
        Set<String> ignored = new HashSet<>(Set.of(prefix + "pooler.dense.weight", prefix + "pooler.dense.bias"));
        Classifier classifier = null;
        if (!prefix.isEmpty()) {
            ignored.addAll(Set.of(CLASSIFIER_WEIGHT, CLASSIFIER_BIAS));
            classifier = classifier(file, tensors, config.hiddenSize());
        }
        Map<String, int[]> shapes = Parameters.shapes(ModelConfig.backbone(config));
        Map<String, FloatArray> weights = StrictTensors.take(file, tensors, shapes, name -> prefix + name, ignored);
        return new Backbone(config, weights, classifier);
    }

    private static @Nullable Classifier classifier(Path file, Map<String, FloatArray> tensors, int hiddenSize) {
        FloatArray weight = tensors.get(CLASSIFIER_WEIGHT);
        FloatArray bias = tensors.get(CLASSIFIER_BIAS);
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

    private static Path requireFile(Path file, Path model) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(model + " is not a model: " + file + " does not exist; a model directory"
                    + " has " + CONFIG_FILE + " and " + WEIGHTS_FILE);
        }
        return file;
    }
}
