package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.LinkedHashMap;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
    private static final VitConfig VIT = new VitConfig(32, 8, 64, 2, 4, 128, 1e-12);
    private static final ModelConfig CONFIG = ModelConfig.fineTuned(VIT, LoraConfig.released(VIT));

    @Test
    void everyParameterIsThereAndFinite() {
        assertThat(Parameters.problems(CONFIG, InitialWeights.fromNothing(CONFIG, 1)))
                .isEmpty();
    }

    @Test
    void valuesDependOnSeedAndNameAlone() {
        Map<String, FloatArray> whole = InitialWeights.fromNothing(CONFIG, 1);
        Map<String, FloatArray> backbone = InitialWeights.fromNothing(ModelConfig.backbone(VIT), 1);
        backbone.forEach((name, value) -> assertThat(value.data())
                .as(name)
                .containsExactly(get(whole, name).data()));
        String query = Parameters.projection(0, "query") + ".weight";
        String key = Parameters.projection(0, "key") + ".weight";
        assertThat(get(whole, query).data()).isNotEqualTo(get(whole, key).data());
        assertThat(get(InitialWeights.fromNothing(CONFIG, 2), query).data())
                .isNotEqualTo(get(whole, query).data());
    }

    @Test
    void adaptersStartWithoutEffectAndTheHeadUniform() {
        Map<String, FloatArray> weights = InitialWeights.fromNothing(CONFIG, 1);
        assertThat(get(weights, Parameters.loraB(Parameters.projection(0, "query")))
                        .data())
                .containsOnly(0f);
        assertUniform(get(weights, Parameters.loraA(Parameters.projection(1, "value"))), 1 / Math.sqrt(64));
        assertUniform(get(weights, "regression_head.0.weight"), 1 / Math.sqrt(64));
        assertUniform(get(weights, "regression_head.0.bias"), 1 / Math.sqrt(64));
        assertUniform(get(weights, "regression_head.2.bias"), 1 / Math.sqrt(256));
    }

    private static void assertUniform(FloatArray array, double bound) {
        double square = 0;
        for (float value : array.data()) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo((float) bound);
            square += (double) value * value / array.data().length;
        }
        assertThat(Math.sqrt(square)).isCloseTo(bound / Math.sqrt(3), within(0.15 * bound));
    }

    @Test
    void backboneWeightsAreNormalCutAtTwoStandardDeviations() {
        float[] values = get(InitialWeights.fromNothing(CONFIG, 1), Parameters.PATCH_WEIGHT)
                .data();
        double square = 0;
        for (float value : values) {
            assertThat(Math.abs(value)).isLessThanOrEqualTo(0.04f);
            square += (double) value * value / values.length;
        }
        // A normal distribution cut at two standard deviations keeps 0.88 of its own.
        assertThat(Math.sqrt(square)).isCloseTo(0.02 * 0.88, within(0.0005));
    }

    @Test
    void positionsTellEveryPatchFromEveryOtherAndHaveUnitScale() {
        FloatArray positions = get(InitialWeights.fromNothing(CONFIG, 1), Parameters.POSITION_EMBEDDINGS);
        int d = VIT.hiddenSize();
        for (int a = 1; a < VIT.numTokens(); a++) {
            double norm = 0;
            for (int i = 0; i < d; i++) {
                norm += Math.pow(positions.data()[a * d + i], 2);
            }
            assertThat(norm).as("sin^2 + cos^2 over half the width").isCloseTo(d / 2.0, within(1e-3));
            for (int b = 1; b < a; b++) {
                double distance = 0;
                for (int i = 0; i < d; i++) {
                    distance += Math.pow(positions.data()[a * d + i] - positions.data()[b * d + i], 2);
                }
                assertThat(distance).as("patches %d and %d", a, b).isGreaterThan(1);
            }
        }
    }

    @Test
    void aGivenBackboneIsKeptAsItIs() {
        Map<String, FloatArray> backbone = InitialWeights.fromNothing(ModelConfig.backbone(VIT), 5);
        Map<String, FloatArray> weights = InitialWeights.fineTuned(CONFIG, backbone, 1);
        assertThat(Parameters.problems(CONFIG, weights)).isEmpty();
        assertThat(weights).containsAllEntriesOf(backbone);
        Map<String, FloatArray> incomplete = new LinkedHashMap<>(backbone);
        incomplete.remove(Parameters.CLS_TOKEN);
        assertThatThrownBy(() -> InitialWeights.fineTuned(CONFIG, incomplete, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("missing " + Parameters.CLS_TOKEN);
    }
}
