package org.chirplens.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.chirplens.training.PreparedStep;
import org.chirplens.training.TrainingConfig;
import org.chirplens.training.TrainingGraph;
import org.junit.jupiter.api.Test;
import org.tensorflow.proto.NodeExecStats;
import org.tensorflow.proto.RunMetadata;
import org.tensorflow.proto.TensorShapeProto;
import org.tensorflow.types.TFloat32;

/**
 * The closed forms against the sizes of the products that TensorFlow was seen to compute. What these have beyond, the regression head
 * and what is done once for a batch, is at most 3 % here.
 */
class ModelWorkTest {
    private static final VitConfig VIT = new VitConfig(96, 12, 96, 3, 4, 192, 1e-12);
    private static final ModelConfig MODEL = ModelConfig.fineTuned(VIT, LoraConfig.released(VIT));
    private static final Map<String, FloatArray> WEIGHTS = InitialWeights.fromNothing(MODEL, 1);
    private static final int IMAGES = 16;
    private static final double PERCENT = 3;

    /** {@code [memory] name = Kind(input, input:1, ...)}. */
    private static final Pattern PRODUCT = Pattern.compile(" = \\w*MatMul\\w*\\(([^,:]+)(:\\d+)?, ([^,:)]+)");

    /** 17.563 billion multiply-adds take all tokens of ViT-B/16 through its 12 blocks, 12 (12 T D² + 2 T² D) + 196 D². */
    @Test
    void aForwardPassIsThatOfTheWholeModelLessWhatTheLastBlockLeavesOut() {
        double leftOut = 196 * (12 * 768.0 * 768 + 2 * 197 * 768) - 11 * 2 * 197 * 768;
        double expected = 2 * (17.563e9 - leftOut) / 1e9;
        assertThat(new ModelWork(new ModelConfig(VitConfig.base16(), null, 3)).forward())
                .isCloseTo(expected, within(0.01));
    }

    @Test
    void aForwardPassHasTheOperationsThatAreTraced() {
        try (InferenceModel inference = new InferenceModel(MODEL, WEIGHTS, SessionOptions.defaults());
                TFloat32 pixels = inference.pixels(pixels(), IMAGES)) {
            RunMetadata trace = inference.trace(Map.of(Fetches.PIXELS, pixels));
            assertThat(IMAGES * new ModelWork(MODEL).forward()).isCloseTo(gigaFlop(trace), withinPercentage(PERCENT));
        }
    }

    @Test
    void aStepHasTheOperationsThatAreTraced() {
        TrainingConfig training =
                TrainingConfig.released().with().batchSize(IMAGES).build();
        try (TrainingGraph graph = new TrainingGraph(MODEL, training, SessionOptions.defaults())) {
            graph.start(WEIGHTS);
            try (PreparedStep step = graph.prepare(pixels(), new float[3 * IMAGES], null, 1e-3, 0)) {
                assertThat(IMAGES * new ModelWork(MODEL).adapterStep())
                        .isCloseTo(gigaFlop(step.trace()), withinPercentage(PERCENT));
            }
        }
    }

    /** Heads of a layer differ in where they begin, not in what follows: what is behind them is traced for each layer. */
    @Test
    void aSweepHasTheOperationsThatAreTraced() {
        int last = VIT.numLayers() - 1;
        int variants = VIT.numHeads() * IMAGES;
        try (InferenceModel inference = new InferenceModel(MODEL, WEIGHTS, SessionOptions.defaults());
                TFloat32 pixels = inference.pixels(pixels(), IMAGES)) {
            double traced = gigaFlop(inference.trace(Map.of(Fetches.PIXELS, pixels)));
            for (int layer = 0; layer <= last; layer++) {
                int rows = layer == last ? 1 : VIT.numTokens();
                try (TFloat32 stream = InferenceModel.tensor(FloatArray.ones(variants, rows, VIT.hiddenSize()))) {
                    traced += gigaFlop(
                            inference.trace(Map.of(Fetches.behindHeadVariants(layer, VIT.numLayers()), stream)));
                }
                double outputs = (double) VIT.hiddenSize() * VIT.hiddenSize();
                double mlp = layer == last ? 0 : 2.0 * VIT.numHeads() * VIT.hiddenSize() * VIT.mlpSize();
                traced += 2e-9 * IMAGES * rows * (outputs + mlp);
            }
            assertThat(IMAGES * new ModelWork(MODEL).sweep()).isCloseTo(traced, withinPercentage(PERCENT));
        }
    }

    private static float[] pixels() {
        return FloatArray.ones(IMAGES, 3, VIT.imageSize(), VIT.imageSize()).data();
    }

    /**
     * Billions of operations of all matrix products. A product of c numbers from factors of a and b numbers, in n batches, has
     * {@code sqrt(a b c / n)} multiplications, whichever factor is transposed.
     */
    private static double gigaFlop(RunMetadata trace) {
        Map<String, List<Long>> shapes = new HashMap<>();
        List<NodeExecStats> nodes = trace.getStepStats().getDevStatsList().stream()
                .flatMap(device -> device.getNodeStatsList().stream())
                .toList();
        for (NodeExecStats node : nodes) {
            if (node.getOutputCount() > 0) {
                TensorShapeProto shape =
                        node.getOutput(0).getTensorDescription().getShape();
                shapes.put(
                        node.getNodeName(),
                        shape.getDimList().stream()
                                .map(TensorShapeProto.Dim::getSize)
                                .toList());
            }
        }
        double multiplications = 0;
        for (NodeExecStats node : nodes) {
            Matcher product = PRODUCT.matcher(node.getTimelineLabel());
            if (product.find()) {
                List<Long> result = shapes.getOrDefault(node.getNodeName(), List.of());
                double batches = size(result.subList(0, result.size() - 2));
                double a = size(shapes.getOrDefault(product.group(1), List.of(-1L)));
                double b = size(shapes.getOrDefault(product.group(3), List.of(-1L)));
                assertThat(Arrays.asList(a, b)).as(node.getTimelineLabel()).allMatch(size -> size > 0);
                multiplications += Math.sqrt(a * b * size(result) / batches);
            }
        }
        assertThat(multiplications).as("products that were traced").isPositive();
        return 2e-9 * multiplications;
    }

    private static double size(List<Long> shape) {
        return shape.stream().mapToDouble(Long::doubleValue).reduce(1, (x, y) -> x * y);
    }
}
