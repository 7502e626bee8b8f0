package org.chirplens.peers;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.convolutional.Conv2d;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.chirplens.experiments.bench.Peer;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/** PyTorch's own operations, one after the other, as its eager mode runs them; through DJL. */
public final class PytorchPeer implements Peer {
    private static final String ENGINE = "PyTorch";

    @Override
    public String key() {
        return "pytorch";
    }

    @Override
    public String version() {
        return engine(0).getVersion();
    }

    /** The engine reads its settings once, when it is first asked for. */
    private static Engine engine(int threads) {
        System.setProperty("ai.djl.offline", "true");
        if (threads > 0) {
            System.setProperty("ai.djl.pytorch.num_threads", Integer.toString(threads));
        }
        return Engine.getEngine(ENGINE);
    }

    @Override
    public Session open(ModelConfig model, Map<String, FloatArray> weights, int threads) {
        NDManager manager = engine(threads).newBaseManager(Device.cpu());
        Map<String, NDArray> parameters = new HashMap<>();
        weights.forEach((name, array) -> parameters.put(name, manager.create(array.data(), shape(array.shape()))));
        return new Running(manager, model.vit(), parameters);
    }

    private static Shape shape(int[] sizes) {
        long[] shape = new long[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            shape[i] = sizes[i];
        }
        return new Shape(shape);
    }

    /** Shapes as in the framework's own graph; all tokens go through all layers. */
    private record Running(NDManager manager, VitConfig vit, Map<String, NDArray> parameters) implements Session {
        @Override
        public float[][] predict(float[] pixels, int images) {
            try (NDManager own = manager.newSubManager()) {
                Shape shape = new Shape(images, VitConfig.CHANNELS, vit.imageSize(), vit.imageSize());
                NDArray x = embeddings(own.create(pixels, shape), images); // [B, T, D]
                for (int l = 0; l < vit.numLayers(); l++) {
                    x = x.add(attention(l, layerNorm(x, Parameters.layer(l) + ".layernorm_before"), images));
                    NDArray z = layerNorm(x, Parameters.layer(l) + ".layernorm_after");
                    z = Activation.gelu(linear(z, Parameters.intermediate(l)));
                    x = x.add(linear(z, Parameters.mlpOutput(l)));
                }
                x = layerNorm(x, Parameters.FINAL_LAYER_NORM).get(":, 0"); // [B, D]
                x = Activation.relu(linear(x, Parameters.REGRESSION_HEAD + ".0"));
                x = Activation.relu(linear(x, Parameters.REGRESSION_HEAD + ".2"));
                float[] flat = linear(x, Parameters.REGRESSION_HEAD + ".4").toFloatArray();
                float[][] predictions = new float[images][flat.length / images];
                for (int i = 0; i < flat.length; i++) {
                    predictions[i / predictions[0].length][i % predictions[0].length] = flat[i];
                }
                return predictions;
            }
        }

        private NDArray embeddings(NDArray pixels, int images) {
            int d = vit.hiddenSize();
            Shape stride = new Shape(vit.patchSize(), vit.patchSize());
            NDArray patches = Conv2d.conv2d(
                            pixels,
                            parameter(Parameters.PATCH_WEIGHT),
                            parameter(Parameters.PATCH_BIAS),
                            stride,
                            new Shape(0, 0),
                            new Shape(1, 1))
                    .singletonOrThrow(); // [B, D, P, P]
            patches = patches.reshape(images, d, vit.numPatches()).transpose(0, 2, 1); // [B, P P, D]
            NDArray cls = parameter(Parameters.CLS_TOKEN).broadcast(images, 1, d);
            return cls.concat(patches, 1).add(parameter(Parameters.POSITION_EMBEDDINGS));
        }

        private NDArray attention(int l, NDArray z, int images) {
            NDArray q = heads(linear(z, Parameters.projection(l, "query")), images); // [B, H, T, d]
            NDArray k = heads(linear(z, Parameters.projection(l, "key")), images);
            NDArray v = heads(linear(z, Parameters.projection(l, "value")), images);
            NDArray scores = q.mul(1 / Math.sqrt(vit.headSize())).matMul(k.transpose(0, 1, 3, 2));
            NDArray context = scores.softmax(-1).matMul(v).transpose(0, 2, 1, 3);
            context = context.reshape(images, vit.numTokens(), vit.hiddenSize());
            return linear(context, Parameters.attentionOutput(l));
        }

        private NDArray heads(NDArray x, int images) {
            return x.reshape(images, vit.numTokens(), vit.numHeads(), vit.headSize())
                    .transpose(0, 2, 1, 3);
        }

        private NDArray layerNorm(NDArray x, String prefix) {
            return LayerNorm.layerNorm(
                            x,
                            new Shape(vit.hiddenSize()),
                            parameter(prefix + ".weight"),
                            parameter(prefix + ".bias"),
                            (float) vit.layerNormEps())
                    .singletonOrThrow();
        }

        private NDArray linear(NDArray x, String prefix) {
            NDList result = Linear.linear(x, parameter(prefix + ".weight"), parameter(prefix + ".bias"));
            return result.singletonOrThrow();
        }

        private NDArray parameter(String name) {
            return Objects.requireNonNull(parameters.get(name), name);
        }

        @Override
        public void close() {
            manager.close();
        }
    }
}
