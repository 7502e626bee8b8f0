package org.chirplens.training;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;

/**
 * The weights that training starts from. A parameter's values depend on the seed and on its name alone, so that adding
 * an adapter changes no other weight.
 */
public final class InitialWeights {
    /** Standard deviation of a new backbone's weights. */
    public enum Spread {
        /** 0.02, as in Hugging Face's ViT. */
        NORMAL {
            @Override
            double of(int[] shape) {
                return STD;
            }
        },
        /** sqrt(2 / (inputs + outputs)) of a matrix (Glorot and Bengio 2010); 0.02 for the CLS token. */
        GLOROT {
            @Override
            double of(int[] shape) {
                int inputs = Arrays.stream(shape).skip(1).reduce(1, Math::multiplyExact);
                return shape[0] == 1 ? STD : Math.sqrt(2.0 / (shape[0] + inputs));
            }
        };

        private static final double STD = 0.02;

        abstract double of(int[] shape);
    }

    private InitialWeights() {}

    /**
     * A whole model from nothing: weights of the backbone from a normal distribution cut at two standard
     * deviations, zero biases, LayerNorms that change nothing; adapters and regression head as {@link #fineTuned} makes
     * them. Positions are two-dimensional sines and cosines of unit scale: patch embeddings are of order 1, and beside
     * them positions of 0.02 do not tell the encoder where a patch is, so that training stays at the mean.
     */
    public static Map<String, FloatArray> fromNothing(ModelConfig config, Spread spread, long seed) {
        Map<String, FloatArray> weights = new LinkedHashMap<>();
        Parameters.shapes(config)
                .forEach((name, shape) -> weights.put(name, parameter(config.vit(), spread, name, shape, seed)));
        return weights;
    }

    /** The same with weights of {@link Spread#NORMAL}. */
    public static Map<String, FloatArray> fromNothing(ModelConfig config, long seed) {
        return fromNothing(config, Spread.NORMAL, seed);
    }

    /**
     * A given backbone with new adapters and a new regression head. Adapters start without effect: A is Kaiming-uniform
     * with a = sqrt(5), which is U(-1/sqrt(in), 1/sqrt(in)), and B is zero (PEFT's default). The head has PyTorch's
     * default for linear layers, the same range for weights and biases.
     *
     * @param backbone every parameter of the backbone and no other
     * @throws IllegalArgumentException when the backbone does not fit the config
     */
    public static Map<String, FloatArray> fineTuned(ModelConfig config, Map<String, FloatArray> backbone, long seed) {
        var problems = Parameters.problems(ModelConfig.backbone(config.vit()), backbone);
        Check.that(problems.isEmpty(), "the backbone must fit the model", String.join("; ", problems));
        Map<String, FloatArray> weights = new LinkedHashMap<>();
        Parameters.shapes(config).forEach((name, shape) -> {
            FloatArray given = backbone.get(name);
            weights.put(name, given != null ? given : parameter(config.vit(), Spread.NORMAL, name, shape, seed));
        });
        return weights;
    }

    private static FloatArray parameter(VitConfig vit, Spread spread, String name, int[] shape, long seed) {
        if (name.endsWith(".lora_B.weight")) {
            return FloatArray.zeros(shape);
        }
        if (name.endsWith(".lora_A.weight")) {
            return uniform(shape, shape[1], seed, name);
        }
        if (Parameters.isRegressionHead(name)) {
            return uniform(shape, headInputs(vit, name, shape), seed, name);
        }
        if (name.equals(Parameters.POSITION_EMBEDDINGS)) {
            return positions(vit);
        }
        if (name.endsWith(".bias")) {
            return FloatArray.zeros(shape);
        }
        return name.contains("layernorm") ? ones(shape) : truncatedNormal(shape, spread.of(shape), seed, name);
    }

    /** Width of a head layer's input; a bias takes it from the weight that it belongs to. */
    private static int headInputs(VitConfig vit, String name, int[] shape) {
        if (shape.length == 2) {
            return shape[1];
        }
        String weight = name.replace(".bias", ".weight");
        int[] weightShape = Parameters.shapes(new ModelConfig(vit, null, ModelConfig.RELEASED_OUTPUTS))
                .get(weight);
        Check.that(weightShape != null, "a bias of the regression head must have a weight", name);
        return weightShape == null ? 1 : weightShape[1];
    }

    static FloatArray uniform(int[] shape, int inputs, long seed, String name) {
        UniformRandomProvider random = RandomStreams.of(seed, name);
        FloatArray array = FloatArray.zeros(shape);
        double bound = 1 / Math.sqrt(inputs);
        for (int i = 0; i < array.data().length; i++) {
            array.data()[i] = (float) random.nextDouble(-bound, bound);
        }
        return array;
    }

    private static FloatArray truncatedNormal(int[] shape, double std, long seed, String name) {
        SharedStateContinuousSampler normal = ZigguratSampler.NormalizedGaussian.of(RandomStreams.of(seed, name));
        FloatArray array = FloatArray.zeros(shape);
        for (int i = 0; i < array.data().length; i++) {
            double z = normal.sample();
            while (Math.abs(z) > 2) {
                z = normal.sample();
            }
            array.data()[i] = (float) (std * z);
        }
        return array;
    }

    private static FloatArray ones(int[] shape) {
        FloatArray array = FloatArray.zeros(shape);
        Arrays.fill(array.data(), 1);
        return array;
    }

    /**
     * Two-dimensional sine-cosine positions [1, T, D] (He et al. 2022, arXiv 2111.06377): a quarter of the width each
     * for sin and cos of the row and of the column, at frequencies {@code 10000^(-i / (D/4))}. The CLS token is nowhere:
     * its row is zero, and so are up to three last columns when D is not a multiple of 4.
     */
    private static FloatArray positions(VitConfig vit) {
        int width = vit.hiddenSize();
        int quarter = width / 4;
        FloatArray positions = FloatArray.zeros(1, vit.numTokens(), width);
        for (int patch = 0; patch < vit.numPatches(); patch++) {
            int row = patch / vit.patchGrid();
            int column = patch % vit.patchGrid();
            int offset = (patch + 1) * width;
            for (int i = 0; i < quarter; i++) {
                double frequency = Math.pow(10000, -(double) i / quarter);
                positions.data()[offset + i] = (float) Math.sin(row * frequency);
                positions.data()[offset + quarter + i] = (float) Math.cos(row * frequency);
                positions.data()[offset + 2 * quarter + i] = (float) Math.sin(column * frequency);
                positions.data()[offset + 3 * quarter + i] = (float) Math.cos(column * frequency);
            }
        }
        return positions;
    }
}
