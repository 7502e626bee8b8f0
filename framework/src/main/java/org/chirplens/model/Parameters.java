package org.chirplens.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The names and shapes of a model's parameters. They are the names of Hugging Face's {@code ViTModel} and are used
 * unchanged for the graph's variables, so that a weight has one name from file to graph. Linear weights are
 * {@code [out, in]}, as in PyTorch.
 */
public final class Parameters {
    public static final String CLS_TOKEN = "embeddings.cls_token";
    public static final String POSITION_EMBEDDINGS = "embeddings.position_embeddings";
    public static final String PATCH_WEIGHT = "embeddings.patch_embeddings.projection.weight";
    public static final String PATCH_BIAS = "embeddings.patch_embeddings.projection.bias";
    /** Prefix of the final LayerNorm. */
    public static final String FINAL_LAYER_NORM = "layernorm";
    /** Prefix of the regression head's tensors; its linear layers are numbers 0, 2 and 4. */
    public static final String REGRESSION_HEAD = "regression_head";

    /** Widths of the regression head's two hidden layers. */
    static final int[] HEAD_HIDDEN = {256, 128};

    private static final List<String> PROJECTIONS = List.of("query", "key", "value");

    private Parameters() {}

    /** The prefix of an encoder block: {@code encoder.layer.3}. */
    public static String layer(int layer) {
        return "encoder.layer." + layer;
    }

    /** The prefix of one of a block's projections, {@code query}, {@code key} or {@code value}. */
    public static String projection(int layer, String which) {
        return layer(layer) + ".attention.attention." + which;
    }

    /** The prefix of a block's attention output projection. */
    public static String attentionOutput(int layer) {
        return layer(layer) + ".attention.output.dense";
    }

    /** The prefix of the first layer of a block's MLP. */
    public static String intermediate(int layer) {
        return layer(layer) + ".intermediate.dense";
    }

    /** The prefix of the second layer of a block's MLP. */
    public static String mlpOutput(int layer) {
        return layer(layer) + ".output.dense";
    }

    /** The prefixes of all linear layers of the encoder, which may have adapters, in the order of the forward pass. */
    public static List<String> linearModules(int numLayers) {
        List<String> modules = new ArrayList<>();
        for (int l = 0; l < numLayers; l++) {
            for (LoraTarget target : LoraTarget.values()) {
                modules.add(target.module(l));
            }
        }
        return modules;
    }

    /** The name of a layer's A, {@code [rank, in]}. */
    public static String loraA(String module) {
        return module + ".lora_A.weight";
    }

    /** The name of a layer's B, {@code [out, rank]}. */
    public static String loraB(String module) {
        return module + ".lora_B.weight";
    }

    /** Whether a parameter belongs to an adapter. */
    public static boolean isLora(String name) {
        return name.endsWith(".lora_A.weight") || name.endsWith(".lora_B.weight");
    }

    /** Whether a parameter belongs to the regression head. */
    public static boolean isRegressionHead(String name) {
        return name.startsWith(REGRESSION_HEAD + ".");
    }

    /** Whether a parameter of two dimensions or more is a matrix of the backbone: the patch embedding's or a linear layer's. */
    public static boolean isBackboneMatrix(String name) {
        boolean ofLayer = name.startsWith("encoder.layer.") && name.endsWith(".weight") && !isLora(name);
        return ofLayer || name.equals(PATCH_WEIGHT);
    }

    /** Name and shape of every parameter of a model, in the order of the forward pass. */
    public static Map<String, int[]> shapes(ModelConfig config) {
        Map<String, int[]> shapes = new LinkedHashMap<>();
        VitConfig vit = config.vit();
        int d = vit.hiddenSize();
        shapes.put(CLS_TOKEN, new int[] {1, 1, d});
        shapes.put(POSITION_EMBEDDINGS, new int[] {1, vit.numTokens(), d});
        shapes.put(PATCH_WEIGHT, new int[] {d, VitConfig.CHANNELS, vit.patchSize(), vit.patchSize()});
        shapes.put(PATCH_BIAS, new int[] {d});
        for (int l = 0; l < vit.numLayers(); l++) {
            putBlock(shapes, config, l);
        }
        putLayerNorm(shapes, FINAL_LAYER_NORM, d);
        if (config.regressionHead()) {
            putLinear(shapes, REGRESSION_HEAD + ".0", HEAD_HIDDEN[0], d);
            putLinear(shapes, REGRESSION_HEAD + ".2", HEAD_HIDDEN[1], HEAD_HIDDEN[0]);
            putLinear(shapes, REGRESSION_HEAD + ".4", config.outputs(), HEAD_HIDDEN[1]);
        }
        return shapes;
    }

    private static void putBlock(Map<String, int[]> shapes, ModelConfig config, int l) {
        int d = config.vit().hiddenSize();
        int mlp = config.vit().mlpSize();
        putLayerNorm(shapes, layer(l) + ".layernorm_before", d);
        PROJECTIONS.forEach(which -> putAdapted(shapes, config, projection(l, which), d, d));
        putAdapted(shapes, config, attentionOutput(l), d, d);
        putLayerNorm(shapes, layer(l) + ".layernorm_after", d);
        putAdapted(shapes, config, intermediate(l), mlp, d);
        putAdapted(shapes, config, mlpOutput(l), d, mlp);
    }

    private static void putAdapted(Map<String, int[]> shapes, ModelConfig config, String module, int out, int in) {
        putLinear(shapes, module, out, in);
        LoraConfig.Adapter adapter = config.adapter(module);
        if (adapter != null) {
            shapes.put(loraA(module), new int[] {adapter.rank(), in});
            shapes.put(loraB(module), new int[] {out, adapter.rank()});
        }
    }

    private static void putLinear(Map<String, int[]> shapes, String prefix, int out, int in) {
        shapes.put(prefix + ".weight", new int[] {out, in});
        shapes.put(prefix + ".bias", new int[] {out});
    }

    private static void putLayerNorm(Map<String, int[]> shapes, String prefix, int width) {
        shapes.put(prefix + ".weight", new int[] {width});
        shapes.put(prefix + ".bias", new int[] {width});
    }

    /**
     * Compares tensors with what a model needs.
     *
     * @return one line for every missing, unexpected, misshapen or non-finite tensor; empty when all is well
     */
    public static List<String> problems(ModelConfig config, Map<String, FloatArray> weights) {
        Map<String, int[]> shapes = shapes(config);
        List<String> problems = new ArrayList<>();
        shapes.forEach((name, shape) -> {
            FloatArray found = weights.get(name);
            if (found == null) {
                problems.add("missing " + name + " " + Arrays.toString(shape));
            } else if (!Arrays.equals(shape, found.shape())) {
                problems.add("misshapen " + name + ": expected " + Arrays.toString(shape) + ", found "
                        + Arrays.toString(found.shape()));
            } else if (hasNonFinite(found.data())) {
                problems.add("not finite " + name);
            }
        });
        weights.keySet().stream()
                .filter(name -> !shapes.containsKey(name))
                .forEach(name -> problems.add("unexpected " + name));
        return problems;
    }

    private static boolean hasNonFinite(float[] values) {
        for (float value : values) {
            if (!Float.isFinite(value)) {
                return true;
            }
        }
        return false;
    }
}
