package org.chirplens.peers;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.chirplens.peers.OnnxGraph.Attribute;

/** A vision transformer with a regression head in ONNX, all tokens through all layers. Shapes as in the framework's own graph. */
final class OnnxVit {
    static final String PIXELS = "pixels";
    static final String PREDICTIONS = "predictions";

    private final VitConfig vit;
    private final Map<String, FloatArray> weights;
    private final OnnxGraph graph = new OnnxGraph();

    private OnnxVit(VitConfig vit, Map<String, FloatArray> weights) {
        this.vit = vit;
        this.weights = weights;
    }

    /** What an ONNX file holds. */
    static ByteString write(VitConfig vit, Map<String, FloatArray> weights) {
        return new OnnxVit(vit, weights).write();
    }

    private ByteString write() {
        String x = embeddings(); // [B, T, D]
        for (int l = 0; l < vit.numLayers(); l++) {
            x = graph.node("Add", List.of(x, attention(l, layerNorm(x, Parameters.layer(l) + ".layernorm_before"))));
            String z = layerNorm(x, Parameters.layer(l) + ".layernorm_after");
            z = graph.node("Gelu", List.of(linear(z, Parameters.intermediate(l))));
            x = graph.node("Add", List.of(x, linear(z, Parameters.mlpOutput(l))));
        }
        x = layerNorm(x, Parameters.FINAL_LAYER_NORM);
        x = graph.node("Slice", List.of(x, graph.integers(0), graph.integers(1), graph.integers(1))); // [B, 1, D]
        x = graph.node("Reshape", List.of(x, graph.integers(-1, vit.hiddenSize())));
        x = graph.node("Relu", List.of(linear(x, Parameters.REGRESSION_HEAD + ".0")));
        x = graph.node("Relu", List.of(linear(x, Parameters.REGRESSION_HEAD + ".2")));
        x = linear(x, Parameters.REGRESSION_HEAD + ".4");
        int[] input = {-1, VitConfig.CHANNELS, vit.imageSize(), vit.imageSize()};
        return graph.model(PIXELS, input, x, PREDICTIONS);
    }

    /** Patches behind an empty row, to which the CLS token is added together with the positions. */
    private String embeddings() {
        int p = vit.patchSize();
        String x = graph.node(
                "Conv",
                List.of(PIXELS, constant(Parameters.PATCH_WEIGHT), constant(Parameters.PATCH_BIAS)),
                Attribute.of("strides", List.of(p, p)),
                Attribute.of("kernel_shape", List.of(p, p))); // [B, D, P, P]
        x = graph.node("Reshape", List.of(x, graph.integers(0, vit.hiddenSize(), vit.numPatches())));
        x = transpose(x, 0, 2, 1); // [B, P P, D]
        x = graph.node("Pad", List.of(x, graph.integers(0, 1, 0, 0, 0, 0))); // [B, T, D]
        FloatArray positions = parameter(Parameters.POSITION_EMBEDDINGS);
        float[] table = positions.data().clone();
        float[] cls = parameter(Parameters.CLS_TOKEN).data();
        for (int i = 0; i < cls.length; i++) {
            table[i] += cls[i];
        }
        return graph.node("Add", List.of(x, graph.constant(table, positions.shape())));
    }

    private String attention(int l, String z) {
        String q = heads(linear(z, Parameters.projection(l, "query")), 0, 2, 1, 3); // [B, H, T, d]
        String k = heads(linear(z, Parameters.projection(l, "key")), 0, 2, 3, 1); // [B, H, d, T]
        String v = heads(linear(z, Parameters.projection(l, "value")), 0, 2, 1, 3); // [B, H, T, d]
        String scale = graph.constant(new float[] {(float) (1 / Math.sqrt(vit.headSize()))}, 1);
        String scores = graph.node("Mul", List.of(graph.node("MatMul", List.of(q, k)), scale));
        String probabilities = graph.node("Softmax", List.of(scores), Attribute.of("axis", -1));
        String context = transpose(graph.node("MatMul", List.of(probabilities, v)), 0, 2, 1, 3);
        context = graph.node("Reshape", List.of(context, graph.integers(0, vit.numTokens(), vit.hiddenSize())));
        return linear(context, Parameters.attentionOutput(l));
    }

    private String heads(String x, Integer... axes) {
        String split =
                graph.node("Reshape", List.of(x, graph.integers(0, vit.numTokens(), vit.numHeads(), vit.headSize())));
        return transpose(split, axes);
    }

    private String transpose(String x, Integer... axes) {
        return graph.node("Transpose", List.of(x), Attribute.of("perm", List.of(axes)));
    }

    private String layerNorm(String x, String prefix) {
        return graph.node(
                "LayerNormalization",
                List.of(x, constant(prefix + ".weight"), constant(prefix + ".bias")),
                Attribute.of("axis", -1),
                Attribute.of("epsilon", (float) vit.layerNormEps()));
    }

    /** {@code x W' + b}. */
    private String linear(String x, String prefix) {
        FloatArray weight = parameter(prefix + ".weight"); // [out, in]
        int out = weight.shape()[0];
        int in = weight.shape()[1];
        float[] transposed = new float[in * out];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                transposed[i * out + o] = weight.data()[o * in + i];
            }
        }
        String product = graph.node("MatMul", List.of(x, graph.constant(transposed, in, out)));
        return graph.node("Add", List.of(product, constant(prefix + ".bias")));
    }

    private String constant(String name) {
        FloatArray array = parameter(name);
        return graph.constant(array.data(), array.shape());
    }

    private FloatArray parameter(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }
}
