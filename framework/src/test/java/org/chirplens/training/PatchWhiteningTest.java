package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.chirp.Population;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.GeneratedChirps;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.FloatArray;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

class PatchWhiteningTest {
    private static final VitConfig VIT = new VitConfig(48, 8, 24, 1, 2, 8, 1e-12);
    private static final int IMAGES = 20;
    private static final GeneratedChirps CHIRPS = new GeneratedChirps(Population.released(), 3, 0, IMAGES);

    private static TrainingData data() {
        int[] all = IntStream.range(0, IMAGES).toArray();
        return new TrainingData(
                CHIRPS, all, all, Preprocessing.TRAINING, TargetScaling.over(CHIRPS, all), null, null, 2, 0);
    }

    private static Map<String, FloatArray> whitened(VitConfig vit, Map<String, FloatArray> weights) {
        return PatchWhitening.of(vit, data(), weights, 1);
    }

    /** The patches of all images, [images * 36][3 * 8 * 8]. */
    private static List<double[]> patches() {
        try (BatchReader reader =
                new BatchReader(CHIRPS, IntStream.range(0, IMAGES).toArray(), IMAGES, Preprocessing.TRAINING, 48, 1)) {
            float[] pixels = reader.next().pixels();
            return IntStream.range(0, IMAGES * 36)
                    .mapToObj(p -> IntStream.range(0, 192)
                            .mapToDouble(i -> {
                                int plane = p / 36 * 3 + i / 64;
                                int y = p % 36 / 6 * 8 + i % 64 / 8;
                                return pixels[(plane * 48 + y) * 48 + p % 6 * 8 + i % 8];
                            })
                            .toArray())
                    .toList();
        }
    }

    private static double[] embedding(Map<String, FloatArray> weights, double[] patch) {
        float[] weight = get(weights, Parameters.PATCH_WEIGHT).data();
        float[] bias = get(weights, Parameters.PATCH_BIAS).data();
        return IntStream.range(0, bias.length)
                .mapToDouble(d -> bias[d]
                        + IntStream.range(0, 192)
                                .mapToDouble(i -> weight[d * 192 + i] * patch[i])
                                .sum())
                .toArray();
    }

    /** Embeddings have mean 0 and no covariance, and those of strong components a variance of 0.49. */
    @Test
    void componentsOfPatchesAreIndependentAndEquallyStrong() {
        Map<String, FloatArray> weights = whitened(VIT, Map.of());
        List<double[]> tokens =
                patches().stream().map(patch -> embedding(weights, patch)).toList();
        for (int a = 0; a < 24; a++) {
            int first = a;
            assertThat(tokens.stream().mapToDouble(t -> t[first]).average().orElseThrow())
                    .isCloseTo(0, within(1e-4));
            for (int b = 0; b <= a; b++) {
                int second = b;
                double covariance = tokens.stream()
                        .mapToDouble(t -> t[first] * t[second])
                        .average()
                        .orElseThrow();
                if (a != b) {
                    // Weights are float32, and strong components are a thousand times as strong as weak ones.
                    assertThat(covariance).as(a + " " + b).isCloseTo(0, within(1e-3));
                } else if (a < 3) {
                    assertThat(covariance).isBetween(0.48, 0.4901);
                } else {
                    assertThat(covariance).isBetween(0.05, 0.4901);
                }
            }
        }
    }

    @Test
    void otherWeightsAreKept() {
        ModelConfig model = new ModelConfig(VIT, null, 3);
        Map<String, FloatArray> before = InitialWeights.fromNothing(model, 5);
        Map<String, FloatArray> after = new HashMap<>(whitened(VIT, before));
        assertThat(get(after, Parameters.PATCH_WEIGHT).shape()).containsExactly(24, 3, 8, 8);
        assertThat(get(after, Parameters.PATCH_BIAS).shape()).containsExactly(24);
        after.keySet().removeAll(List.of(Parameters.PATCH_WEIGHT, Parameters.PATCH_BIAS));
        Map<String, FloatArray> others = new HashMap<>(before);
        others.keySet().removeAll(List.of(Parameters.PATCH_WEIGHT, Parameters.PATCH_BIAS));
        assertThat(after).isEqualTo(others);
    }

    @Test
    void aPatchHasNoMoreComponentsThanValues() {
        VitConfig wide = new VitConfig(48, 4, 64, 1, 2, 8, 1e-12);
        assertThatThrownBy(() -> whitened(wide, Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("to whiten patches the hidden size must be at most their 48 values, found 64");
    }
}
