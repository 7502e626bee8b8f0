package org.chirplens.checkpoint;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.chirplens.file.WholeDirectory;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.jspecify.annotations.Nullable;

/**
 * The model that the released training script saves: backbone, adapters and regression head in one file of tensors,
 * {@code best_vit_regression.pth}. It is read from PyTorch's format and from safetensors, with the names of PEFT 0.7
 * and later or of older ones, and with any prefix of the backbone; written as safetensors with the names of PEFT 0.7.
 */
public final class ReleasedCheckpoint {
    /** The file of tensors that is written. */
    public static final String WEIGHTS_FILE = "best_vit_regression.safetensors";

    private static final String PREFIX = "vit.base_model.model.";
    private static final String POOLER = "pooler.dense";

    private ReleasedCheckpoint() {}

    /**
     * Whether the tensors in a file or directory are of this kind, rather than a backbone's alone.
     *
     * @throws IllegalArgumentException when there are none, or the file breaks its format
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static boolean isOne(Path path) {
        return TensorFiles.readModel(path).tensors().keySet().stream()
                .anyMatch(name ->
                        Parameters.isRegressionHead(name) || name.contains(".lora_A.") || name.contains(".lora_B."));
    }

    /**
     * Reads a model.
     *
     * @param path the file of tensors
     * @param configFile a {@code config.json}; null for the one beside the file, or for ViT-B/16, the released model,
     *     when there is none and all shapes are its
     * @param adapterConfig an {@code adapter_config.json}, which says how adapters scale; null for the one beside the
     *     file if there is one
     * @param alpha numerator of the adapters' scaling, when there is no {@code adapter_config.json}; default 16
     * @throws IllegalArgumentException when the model's size is not known, a setting is not supported or said twice, or
     *     tensors are missing, unexpected, misshapen or not finite; all are listed
     * @throws java.io.UncheckedIOException when a file cannot be read
     */
    public static TrainedModel read(
            Path path, @Nullable Path configFile, @Nullable Path adapterConfig, OptionalDouble alpha) {
        TensorFiles.ModelTensors found = TensorFiles.readModel(path);
        Path file = found.path();
        Map<String, FloatArray> tensors = found.tensors();
        ParameterNames names = ParameterNames.ofModel(file, tensors.keySet());
        VitConfig vit = size(file, configFile, tensors, names);
        Path beside = file.resolveSibling(PeftSettings.FILE_NAME);
        Path settings = adapterConfig != null || !Files.isRegularFile(beside) ? adapterConfig : beside;
        LoraConfig lora = adapters(file, tensors, names, vit, settings, alpha);
        ModelConfig config;
        try {
            config = new ModelConfig(vit, lora, ModelConfig.RELEASED_OUTPUTS);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
        Set<String> ignored =
                new HashSet<>(Set.of(names.inFile(Parameters.loraA(POOLER)), names.inFile(Parameters.loraB(POOLER))));
        Backbone.NOT_READ.forEach(name -> ignored.add(names.inFile(name)));
        Map<String, FloatArray> weights =
                StrictTensors.take(file, tensors, Parameters.shapes(config), names::inFile, ignored);
        return new TrainedModel(config, weights, ModelCard.bare());
    }

    private static VitConfig size(
            Path file, @Nullable Path configFile, Map<String, FloatArray> tensors, ParameterNames names) {
        Path beside = file.resolveSibling(Backbone.CONFIG_FILE);
        if (configFile != null || Files.isRegularFile(beside)) {
            return HuggingFaceConfig.read(configFile != null ? configFile : beside);
        }
        VitConfig released = VitConfig.base16();
        Map<String, int[]> shapes = Parameters.shapes(ModelConfig.backbone(released));
        String last = Parameters.mlpOutput(released.numLayers() - 1) + ".weight";
        boolean fits = names.parameters().contains(last)
                && names.parameters().stream().allMatch(name -> {
                    int[] shape = shapes.get(name);
                    FloatArray tensor = tensors.get(names.inFile(name));
                    return shape == null || tensor == null || Arrays.equals(shape, tensor.shape());
                })
                && names.parameters().stream()
                        .noneMatch(name -> name.startsWith(Parameters.layer(released.numLayers()) + "."));
        if (!fits) {
            throw new IllegalArgumentException(file + ": a model that is not ViT-B/16 at 224 pixels needs its "
                    + Backbone.CONFIG_FILE + ", as the number of heads cannot be seen in the tensors; put it beside the"
                    + " file");
        }
        return released;
    }

    private static @Nullable LoraConfig adapters(
            Path file,
            Map<String, FloatArray> tensors,
            ParameterNames names,
            VitConfig vit,
            @Nullable Path settings,
            OptionalDouble alpha) {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        for (String module : Parameters.linearModules(vit.numLayers())) {
            FloatArray a = tensors.get(names.inFile(Parameters.loraA(module)));
            FloatArray b = tensors.get(names.inFile(Parameters.loraB(module)));
            if (a != null || b != null) {
                ranks.put(module, a != null ? dimension(a, 0) : dimension(b, 1));
            }
        }
        if (alpha.isPresent() && (ranks.isEmpty() || settings != null)) {
            throw new IllegalArgumentException(file + ": alpha must not be given "
                    + (ranks.isEmpty() ? "for a model without adapters" : "as " + settings + " says it") + ", found "
                    + alpha.getAsDouble());
        }
        if (ranks.isEmpty()) {
            return null;
        }
        if (settings != null) {
            return new PeftModules(PeftSettings.read(settings), names).adapters(vit);
        }
        // Neither alpha nor dropout can be seen in the tensors.
        Map<String, LoraConfig.Adapter> adapters = new LinkedHashMap<>();
        ranks.forEach((module, rank) ->
                adapters.put(module, new LoraConfig.Adapter(rank, alpha.orElse(LoraConfig.RELEASED_ALPHA), false)));
        return new LoraConfig(adapters, LoraConfig.RELEASED_DROPOUT);
    }

    /** A dimension of a matrix; of anything else 1, and its shape is complained of later. */
    private static int dimension(@Nullable FloatArray matrix, int index) {
        return matrix != null && matrix.shape().length == 2 ? Math.max(1, matrix.shape()[index]) : 1;
    }

    /**
     * Writes a model as {@link #WEIGHTS_FILE}, {@code config.json} and, for the scaling of its adapters,
     * {@code adapter_config.json}; whole or not at all. Earlier files of that kind are replaced.
     *
     * @throws IllegalArgumentException when the model has no regression head, or the place is taken by anything else
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public static void write(Path directory, TrainedModel model) {
        if (!model.config().regressionHead()) {
            throw new IllegalArgumentException(
                    "the released layout must have a regression head, found a model without one");
        }
        Set<String> files = Set.of(WEIGHTS_FILE, Backbone.CONFIG_FILE, PeftSettings.FILE_NAME);
        WholeDirectory.requireReplaceable(directory, "released checkpoint", WEIGHTS_FILE, files::contains);
        WholeDirectory.write(directory, partial -> {
            VitConfig vit = model.config().vit();
            LoraConfig lora = model.config().lora();
            HuggingFaceConfig.write(partial.resolve(Backbone.CONFIG_FILE), vit, DType.F32);
            if (lora != null) {
                PeftSettingsWriter.write(partial.resolve(PeftSettings.FILE_NAME), lora, vit.numLayers());
            }
            Map<String, FloatArray> tensors = new LinkedHashMap<>();
            model.weights().forEach((name, value) -> tensors.put(released(name, model.config()), value));
            Safetensors.write(partial.resolve(WEIGHTS_FILE), tensors, Map.of());
        });
    }

    private static String released(String parameter, ModelConfig config) {
        if (Parameters.isRegressionHead(parameter)) {
            return parameter;
        }
        int dot = parameter.lastIndexOf('.');
        String module = parameter.substring(0, dot);
        boolean wrapped = config.adapter(module) != null;
        String layer = Parameters.isLora(parameter) ? ".default" : wrapped ? ".base_layer" : "";
        return PREFIX + module + layer + parameter.substring(dot);
    }
}
