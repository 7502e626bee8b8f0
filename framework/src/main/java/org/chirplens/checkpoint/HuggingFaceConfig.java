package org.chirplens.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.VitConfig;

/**
 * Hugging Face's {@code config.json} of a ViT ({@code ViTConfig}). Sizes must be given; a field that we do not model
 * must be absent or have the one value that our graph computes; dropouts are training's business and not read.
 */
public final class HuggingFaceConfig {
    /** Fields that change what the model computes, with the value that we support; ViTConfig's default in each case. */
    private static final Map<String, JsonNode> SUPPORTED = new LinkedHashMap<>();

    static {
        SUPPORTED.put("model_type", TextNode.valueOf("vit"));
        SUPPORTED.put("hidden_act", TextNode.valueOf("gelu"));
        SUPPORTED.put("qkv_bias", BooleanNode.TRUE);
        SUPPORTED.put("num_channels", IntNode.valueOf(VitConfig.CHANNELS));
        SUPPORTED.put("is_decoder", BooleanNode.FALSE);
        SUPPORTED.put("add_cross_attention", BooleanNode.FALSE);
        SUPPORTED.put("pruned_heads", JsonNodeFactory.instance.objectNode());
    }

    private HuggingFaceConfig() {}

    /**
     * Reads a {@code config.json}.
     *
     * @throws IllegalArgumentException when a size is missing or a setting is not supported; the message names both
     * @throws java.io.UncheckedIOException when the file cannot be read
     */
    public static VitConfig read(Path file) {
        JsonFile json = JsonFile.read(file);
        if (json.get("model_type") == null) {
            throw json.error("model_type", "must be \"vit\"", null);
        }
        SUPPORTED.forEach((field, supported) -> {
            JsonNode found = json.get(field);
            if (found != null && !found.equals(supported)) {
                throw json.error(field, "must be " + supported + ", other values are not supported", found);
            }
        });
        int imageSize = json.requireInt("image_size");
        int patchSize = json.requireInt("patch_size");
        int hiddenSize = json.requireInt("hidden_size");
        int numLayers = json.requireInt("num_hidden_layers");
        int numHeads = json.requireInt("num_attention_heads");
        int mlpSize = json.requireInt("intermediate_size");
        double epsilon = json.number("layer_norm_eps").orElse(VitConfig.DEFAULT_LAYER_NORM_EPS);
        try {
            return new VitConfig(imageSize, patchSize, hiddenSize, numLayers, numHeads, mlpSize, epsilon);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    /** Writes a {@code config.json} that transformers reads as a {@code ViTModel}'s. */
    public static void write(Path file, VitConfig vit, DType format) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add("ViTModel");
        json.put("attention_probs_dropout_prob", 0.0);
        json.put("encoder_stride", vit.patchSize());
        json.put("hidden_act", "gelu");
        json.put("hidden_dropout_prob", 0.0);
        json.put("hidden_size", vit.hiddenSize());
        json.put("image_size", vit.imageSize());
        json.put("initializer_range", 0.02);
        json.put("intermediate_size", vit.mlpSize());
        json.put("layer_norm_eps", vit.layerNormEps());
        json.put("model_type", "vit");
        json.put("num_attention_heads", vit.numHeads());
        json.put("num_channels", VitConfig.CHANNELS);
        json.put("num_hidden_layers", vit.numLayers());
        json.put("patch_size", vit.patchSize());
        json.put("qkv_bias", true);
        json.put("torch_dtype", format == DType.F16 ? "float16" : "float32");
        JsonFile.write(file, json);
    }
}
