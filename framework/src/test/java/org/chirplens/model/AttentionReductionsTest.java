package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.types.TFloat32;

/** What the graph reduces attention to, against the same sums of its attention probabilities, taken here. */
class AttentionReductionsTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 3, 4, 28, 1e-12);
    private static final ModelConfig CONFIG = new ModelConfig(VIT, null, 3);
    private static final int IMAGES = 2;
    private static final int TOKENS = VIT.numTokens();
    private static final int PATCHES = VIT.numPatches();

    /** Sums of some hundred float32 products differ by their order. */
    private static final double ROUNDING = 2e-6;

    private static Map<String, FloatArray> weights;
    private static InferenceModel model;
    private static float[] pixels;

    @BeforeAll
    static void build() {
        weights = RandomWeights.of(CONFIG, 5);
        model = new InferenceModel(CONFIG, weights, SessionOptions.defaults());
        pixels = RandomWeights.pixels(VIT, IMAGES, 6);
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void rowsAreWeightedSumsOfTheQueriesAttention() {
        FloatArray queries = FloatArray.zeros(2, TOKENS);
        queries.data()[0] = 1; // the CLS row
        queries.data()[TOKENS + 3] = 0.25f;
        queries.data()[TOKENS + 7] = 0.75f;
        float[] rows = fetch(Fetches.ATTENTION_ROWS, Map.of(Fetches.ATTENTION_QUERIES, queries));
        forEachHead((image, layer, head, attention) -> {
            for (int key = 0; key < TOKENS; key++) {
                int at = at(image, layer, head) * 2 * TOKENS + key;
                assertThat((double) rows[at]).isCloseTo(attention[0][key], within(ROUNDING));
                assertThat((double) rows[at + TOKENS])
                        .isCloseTo(0.25 * attention[3][key] + 0.75 * attention[7][key], within(ROUNDING));
            }
        });
    }

    @Test
    void rowsAreTheMeanOverThePatchesUnlessOthersAreAskedFor() {
        float[] rows = fetch(Fetches.ATTENTION_ROWS, Map.of());
        float[] maps = fetch(Fetches.ATTENTION_MAPS, Map.of());
        for (int head = 0; head < IMAGES * VIT.numLayers() * VIT.numHeads(); head++) {
            for (int patch = 0; patch < PATCHES; patch++) {
                assertThat((double) rows[head * TOKENS + 1 + patch])
                        .isCloseTo(maps[head * PATCHES + patch], within(ROUNDING));
            }
        }
    }

    @Test
    void theSummaryIsOfThePatchesRows() {
        float[] summary = fetch(Fetches.ATTENTION_SUMMARY, Map.of());
        forEachHead((image, layer, head, attention) -> {
            double self = 0;
            double distance = 0;
            double entropy = 0;
            for (int query = 0; query < PATCHES; query++) {
                double near = 0;
                double mass = 0;
                self += attention[query + 1][query + 1] / PATCHES;
                for (int key = 0; key < TOKENS; key++) {
                    double p = attention[query + 1][key];
                    entropy -= p * Math.log(p) / PATCHES;
                    if (key > 0) {
                        int rows = query / VIT.patchGrid() - (key - 1) / VIT.patchGrid();
                        int columns = query % VIT.patchGrid() - (key - 1) % VIT.patchGrid();
                        near += p * Math.sqrt(rows * rows + columns * columns);
                        mass += p;
                    }
                }
                distance += near / mass / PATCHES;
            }
            int at = at(image, layer, head) * 3;
            assertThat((double) summary[at]).isCloseTo(self, within(ROUNDING));
            assertThat((double) summary[at + 1]).isCloseTo(distance, within(ROUNDING));
            assertThat((double) summary[at + 2]).isCloseTo(entropy, within(ROUNDING));
        });
    }

    @Test
    void valueNormsAreTheLengthsOfWhatAFullyAttendedTokenWrites() {
        int layer = 0;
        int token = 4;
        double[] normalised = layerNorm(fetch(Fetches.residual(layer), Map.of()), token);
        double[] value = product(
                weight(Parameters.projection(layer, "value") + ".weight"),
                normalised,
                weight(Parameters.projection(layer, "value") + ".bias"));
        float[] norms = fetch(Fetches.VALUE_NORMS, Map.of());
        for (int head = 0; head < VIT.numHeads(); head++) {
            double[] ofHead = new double[VIT.hiddenSize()];
            System.arraycopy(value, head * VIT.headSize(), ofHead, head * VIT.headSize(), VIT.headSize());
            double[] written =
                    product(weight(Parameters.attentionOutput(layer) + ".weight"), ofHead, new float[VIT.hiddenSize()]);
            double norm = Math.sqrt(Arrays.stream(written).map(x -> x * x).sum());
            assertThat((double) norms[at(0, layer, head) * TOKENS + token]).isCloseTo(norm, within(1e-5));
        }
    }

    /** LayerNorm before the first block of one token of image 0. */
    private static double[] layerNorm(float[] residual, int token) {
        float[] x = Arrays.copyOfRange(residual, token * VIT.hiddenSize(), (token + 1) * VIT.hiddenSize());
        double mean =
                IntStream.range(0, x.length).mapToDouble(i -> x[i]).average().orElseThrow();
        double variance = IntStream.range(0, x.length)
                .mapToDouble(i -> Math.pow(x[i] - mean, 2))
                .average()
                .orElseThrow();
        float[] weight = weight(Parameters.layer(0) + ".layernorm_before.weight");
        float[] bias = weight(Parameters.layer(0) + ".layernorm_before.bias");
        return IntStream.range(0, x.length)
                .mapToDouble(i -> (x[i] - mean) / Math.sqrt(variance) * weight[i] + bias[i])
                .toArray();
    }

    /** {@code W x + b}. */
    private static double[] product(float[] weight, double[] x, float[] bias) {
        double[] product = new double[bias.length];
        for (int i = 0; i < product.length; i++) {
            product[i] = bias[i];
            for (int j = 0; j < x.length; j++) {
                product[i] += weight[i * x.length + j] * x[j];
            }
        }
        return product;
    }

    private static float[] weight(String name) {
        return Objects.requireNonNull(weights.get(name), name).data();
    }

    @Test
    void theRolloutIsTheProductOfMeansWithSkips() {
        float[] rollout = fetch(Fetches.ATTENTION_ROLLOUT, Map.of());
        for (int image = 0; image < IMAGES; image++) {
            double[][] product = null;
            for (int layer = 0; layer < VIT.numLayers(); layer++) {
                double[][] mixed = new double[TOKENS][TOKENS];
                for (int head = 0; head < VIT.numHeads(); head++) {
                    double[][] attention = attention(image, layer, head);
                    for (int i = 0; i < TOKENS; i++) {
                        for (int j = 0; j < TOKENS; j++) {
                            mixed[i][j] += attention[i][j] / VIT.numHeads() / 2;
                        }
                    }
                }
                for (int i = 0; i < TOKENS; i++) {
                    mixed[i][i] += 0.5;
                }
                product = product == null ? mixed : product(mixed, product);
                for (int key = 0; key < TOKENS; key++) {
                    assertThat((double) rollout[(image * VIT.numLayers() + layer) * TOKENS + key])
                            .isCloseTo(product[0][key], within(ROUNDING));
                }
            }
        }
    }

    private static double[][] product(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < b[0].length; j++) {
                for (int k = 0; k < b.length; k++) {
                    product[i][j] += a[i][k] * b[k][j];
                }
            }
        }
        return product;
    }

    private interface OfHead {
        void check(int image, int layer, int head, double[][] attention);
    }

    private static void forEachHead(OfHead check) {
        for (int image = 0; image < IMAGES; image++) {
            for (int layer = 0; layer < VIT.numLayers(); layer++) {
                for (int head = 0; head < VIT.numHeads(); head++) {
                    check.check(image, layer, head, attention(image, layer, head));
                }
            }
        }
    }

    private static int at(int image, int layer, int head) {
        return (image * VIT.numLayers() + layer) * VIT.numHeads() + head;
    }

    private static double[][] attention(int image, int layer, int head) {
        float[] all = fetch(Fetches.attentionProbabilities(layer), Map.of());
        double[][] attention = new double[TOKENS][TOKENS];
        int from = (image * VIT.numHeads() + head) * TOKENS * TOKENS;
        for (int i = 0; i < TOKENS * TOKENS; i++) {
            attention[i / TOKENS][i % TOKENS] = all[from + i];
        }
        return attention;
    }

    private static float[] fetch(String name, Map<String, FloatArray> feeds) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(Fetches.PIXELS, model.pixels(pixels, IMAGES));
        feeds.forEach((feed, array) -> tensors.put(feed, InferenceModel.tensor(array)));
        try (Result result = model.run(tensors, List.of(name))) {
            return InferenceModel.copy((TFloat32) result.get(0)).data();
        } finally {
            tensors.values().forEach(Tensor::close);
        }
    }
}
