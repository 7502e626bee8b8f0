package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** Properties that hold for any weights; recorded numbers are compared by the command verify and its tests. */
class VisionTransformerTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1));
    private static final int IMAGES = 3;
    /** Two orders of the same float32 sums, values of order 1. */
    private static final float ROUNDING = 2e-5f;

    private static Map<String, FloatArray> weights;
    private static float[] pixels;
    private static InferenceModel model;

    @BeforeAll
    static void open() {
        weights = RandomWeights.of(CONFIG, 7);
        pixels = RandomWeights.pixels(VIT, IMAGES, 8);
        model = new InferenceModel(CONFIG, weights, SessionOptions.defaults());
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void attentionRowsSumToOne() {
        for (int layer = 0; layer < VIT.numLayers(); layer++) {
            float[] probabilities = fetch(Fetches.attentionProbabilities(layer)).data();
            for (int row = 0; row < probabilities.length; row += VIT.numTokens()) {
                double sum = 0;
                for (int key = 0; key < VIT.numTokens(); key++) {
                    sum += probabilities[row + key];
                }
                assertThat(sum).isCloseTo(1, within(1e-6));
            }
        }
    }

    @Test
    void attentionMapsAreTheMeanOverPatchQueriesWithoutTheClsToken() {
        int tokens = VIT.numTokens();
        float[] maps = fetch(Fetches.ATTENTION_MAPS).data();
        float[] probabilities = fetch(Fetches.attentionProbabilities(1)).data();
        int image = 2;
        int head = 3;
        for (int key = 0; key < VIT.numPatches(); key++) {
            double sum = 0;
            for (int query = 1; query < tokens; query++) {
                sum += probabilities[((image * VIT.numHeads() + head) * tokens + query) * tokens + key + 1];
            }
            int at = ((image * VIT.numLayers() + 1) * VIT.numHeads() + head) * VIT.numPatches() + key;
            assertThat(maps[at]).isCloseTo((float) (sum / VIT.numPatches()), within(1e-6f));
        }
    }

    @Test
    void predictionsReadTheClsTokenOfTheLastHiddenState() {
        FloatArray state = fetch(Fetches.LAST_HIDDEN_STATE);
        float[][] predictions = model.predict(pixels, IMAGES);
        for (int image = 0; image < IMAGES; image++) {
            int from = image * VIT.numTokens() * VIT.hiddenSize();
            float[] x = Arrays.copyOfRange(state.data(), from, from + VIT.hiddenSize());
            x = relu(linear(x, "regression_head.0"));
            x = relu(linear(x, "regression_head.2"));
            assertThat(predictions[image]).containsExactly(linear(x, "regression_head.4"), within(ROUNDING));
        }
    }

    @Test
    void anAllOnesHeadMaskChangesNothing() {
        FloatArray ones = FloatArray.zeros(1, VIT.numLayers(), VIT.numHeads());
        Arrays.fill(ones.data(), 1);
        assertThat(predict(Map.of(Fetches.HEAD_MASK, ones))).isDeepEqualTo(model.predict(pixels, IMAGES));
    }

    @Test
    void aRowMaskThatKeepsEveryRowChangesNothing() {
        assertThat(predict(Map.of(Fetches.QKV_ROW_MASK, new QkvRowMask(VIT).array())))
                .isDeepEqualTo(model.predict(pixels, IMAGES));
    }

    @Test
    void aMaskedRowIsAZeroRowOfTheWeights() {
        int layer = 1;
        int row = 3;
        Map<String, FloatArray> zeroed = new LinkedHashMap<>(weights);
        for (String which : List.of("query", "key", "value")) {
            String module = Parameters.projection(layer, which);
            zeroed.put(module + ".weight", withoutRow(weight(module + ".weight"), row));
            zeroed.put(module + ".bias", withoutRow(weight(module + ".bias"), row));
            if (CONFIG.adapter(module) != null) {
                zeroed.put(Parameters.loraB(module), withoutRow(weight(Parameters.loraB(module)), row));
            }
        }
        QkvRowMask mask = new QkvRowMask(VIT);
        for (QkvRowMask.Rows rows : QkvRowMask.Rows.values()) {
            mask.zero(rows, layer, row, row + 1);
        }
        try (InferenceModel other = new InferenceModel(CONFIG, zeroed, SessionOptions.defaults())) {
            assertClose(predict(Map.of(Fetches.QKV_ROW_MASK, mask.array())), other.predict(pixels, IMAGES), ROUNDING);
        }
    }

    private static FloatArray withoutRow(FloatArray array, int row) {
        float[] data = array.data().clone();
        int width = data.length / array.shape()[0];
        Arrays.fill(data, row * width, (row + 1) * width, 0);
        return new FloatArray(array.shape(), data);
    }

    @Test
    void aHeadWithoutOutputWeightsCanBeMaskedWithoutEffect() {
        Map<String, FloatArray> silent = new LinkedHashMap<>(weights);
        int layer = 1;
        int head = 2;
        String name = Parameters.attentionOutput(layer) + ".weight";
        float[] output = weight(name).data().clone();
        for (int row = 0; row < VIT.hiddenSize(); row++) {
            int from = row * VIT.hiddenSize() + head * VIT.headSize();
            Arrays.fill(output, from, from + VIT.headSize(), 0);
        }
        silent.put(name, new FloatArray(weight(name).shape(), output));
        try (InferenceModel other = new InferenceModel(CONFIG, silent, SessionOptions.defaults())) {
            float[][] whole = other.predict(pixels, IMAGES);
            float[][] masked = predict(other, Map.of(Fetches.HEAD_MASK, mask(layer, head)));
            assertClose(masked, whole, 1e-6f);
        }
    }

    @Test
    void aMaskPerImageEqualsOneMaskAtATime() {
        FloatArray perImage = FloatArray.zeros(IMAGES, VIT.numLayers(), VIT.numHeads());
        Arrays.fill(perImage.data(), 1);
        int size = VIT.numLayers() * VIT.numHeads();
        for (int image = 0; image < IMAGES; image++) {
            perImage.data()[image * size + image * VIT.numHeads() + image] = 0;
        }
        float[][] together = predict(Map.of(Fetches.HEAD_MASK, perImage));
        for (int image = 0; image < IMAGES; image++) {
            float[][] alone = predict(Map.of(Fetches.HEAD_MASK, mask(image, image)));
            assertThat(together[image]).containsExactly(alone[image], within(ROUNDING));
        }
    }

    @Test
    void resumingFromAHeadVariantEqualsMaskingTheHead() {
        for (int layer = 0; layer < VIT.numLayers(); layer++) {
            float[][] resumed = resumed(layer);
            for (int head = 0; head < VIT.numHeads(); head++) {
                float[][] masked = predict(Map.of(Fetches.HEAD_MASK, mask(layer, head)));
                assertClose(Arrays.copyOfRange(resumed, head * IMAGES, (head + 1) * IMAGES), masked, ROUNDING);
            }
        }
    }

    @Test
    void replacingAHeadsContextByItselfChangesNothing() {
        int layer = 0;
        int head = 1;
        FloatArray context = fetch(Fetches.context(layer)); // [B, H, T, d]
        FloatArray replacement =
                FloatArray.zeros(IMAGES, VIT.numLayers(), VIT.numHeads(), VIT.numTokens(), VIT.headSize());
        int perLayer = VIT.numHeads() * VIT.numTokens() * VIT.headSize();
        for (int image = 0; image < IMAGES; image++) {
            System.arraycopy(
                    context.data(), image * perLayer, replacement.data(), image * VIT.numLayers() * perLayer, perLayer);
        }
        float[][] patched =
                predict(Map.of(Fetches.HEAD_MASK, mask(layer, head), Fetches.CONTEXT_REPLACEMENT, replacement));
        assertClose(patched, model.predict(pixels, IMAGES), 1e-6f);
    }

    @Test
    void zeroLoraBLeavesTheBackboneUnchanged() {
        Map<String, FloatArray> zero = new LinkedHashMap<>(weights);
        zero.replaceAll((name, array) -> name.contains("lora_B") ? FloatArray.zeros(array.shape()) : array);
        Map<String, FloatArray> bare = new LinkedHashMap<>(weights);
        bare.keySet().removeIf(Parameters::isLora);
        try (InferenceModel adapted = new InferenceModel(CONFIG, zero, SessionOptions.defaults());
                InferenceModel base =
                        new InferenceModel(new ModelConfig(VIT, null, 3), bare, SessionOptions.defaults())) {
            assertClose(adapted.predict(pixels, IMAGES), base.predict(pixels, IMAGES), 1e-6f);
        }
    }

    @Test
    void weightsOfAnotherShapeAreRefusedByName() {
        Map<String, FloatArray> wrong = new LinkedHashMap<>(weights);
        wrong.put(Parameters.CLS_TOKEN, FloatArray.zeros(1, 1, 3));
        assertThatThrownBy(() -> new InferenceModel(CONFIG, wrong, SessionOptions.defaults()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Parameters.CLS_TOKEN)
                .hasMessageContaining("[1, 1, 3]");
    }

    @Test
    void parameterCountsOfVitBaseAreTheKnownOnes() {
        // Hugging Face's ViT-B/16 ViTModel has 86,389,248, of which 590,592 are its pooler's.
        assertThat(count(ModelConfig.backbone(VitConfig.base16()))).isEqualTo(85_798_656);
        ModelConfig fineTuned = ModelConfig.fineTuned(VitConfig.base16(), LoraConfig.released(VitConfig.base16()));
        assertThat(count(fineTuned) - 85_798_656).isEqualTo(294_912 + 230_147);
    }

    private static long count(ModelConfig config) {
        return Parameters.shapes(config).values().stream()
                .mapToLong(FloatArray::size)
                .sum();
    }

    private static float[][] resumed(int layer) {
        try (TFloat32 input = model.pixels(pixels, IMAGES);
                Result variants = model.run(Map.of(Fetches.PIXELS, input), List.of(Fetches.headVariants(layer)));
                Result result = model.run(
                        Map.of(Fetches.behindHeadVariants(layer, VIT.numLayers()), variants.get(0)),
                        List.of(Fetches.PREDICTIONS))) {
            return InferenceModel.rows((TFloat32) result.get(0));
        }
    }

    private static FloatArray mask(int layer, int head) {
        FloatArray mask = FloatArray.zeros(1, VIT.numLayers(), VIT.numHeads());
        Arrays.fill(mask.data(), 1);
        mask.data()[layer * VIT.numHeads() + head] = 0;
        return mask;
    }

    private static float[][] predict(Map<String, FloatArray> interventions) {
        return predict(model, interventions);
    }

    private static float[][] predict(InferenceModel model, Map<String, FloatArray> interventions) {
        Map<String, Tensor> feeds = new LinkedHashMap<>();
        interventions.forEach((name, array) -> feeds.put(name, InferenceModel.tensor(array)));
        feeds.put(Fetches.PIXELS, model.pixels(pixels, IMAGES));
        try (Result result = model.run(feeds, List.of(Fetches.PREDICTIONS))) {
            return InferenceModel.rows((TFloat32) result.get(0));
        } finally {
            feeds.values().forEach(Tensor::close);
        }
    }

    private static FloatArray fetch(String name) {
        try (TFloat32 input = model.pixels(pixels, IMAGES);
                Result result = model.run(Map.of(Fetches.PIXELS, input), List.of(name))) {
            return InferenceModel.copy((TFloat32) result.get(0));
        }
    }

    private static float[] linear(float[] x, String prefix) {
        float[] weight = weight(prefix + ".weight").data();
        float[] bias = weight(prefix + ".bias").data();
        float[] y = new float[bias.length];
        for (int out = 0; out < y.length; out++) {
            double sum = bias[out];
            for (int in = 0; in < x.length; in++) {
                sum += (double) weight[out * x.length + in] * x[in];
            }
            y[out] = (float) sum;
        }
        return y;
    }

    private static FloatArray weight(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private static float[] relu(float[] x) {
        float[] y = x.clone();
        for (int i = 0; i < y.length; i++) {
            y[i] = Math.max(0, y[i]);
        }
        return y;
    }

    private static void assertClose(float[][] actual, float[][] expected, float tolerance) {
        assertThat(actual).hasDimensions(expected.length, expected[0].length);
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual[i]).containsExactly(expected[i], within(tolerance));
        }
    }
}
