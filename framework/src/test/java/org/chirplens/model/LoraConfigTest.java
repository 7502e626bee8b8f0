package org.chirplens.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LoraConfigTest {
    private static final VitConfig VIT = new VitConfig(16, 8, 16, 3, 2, 32, 1e-12);

    /** The text of a config is part of a checkpoint's identity, which another process must find the same. */
    @Test
    void adaptersAreInTheOrderOfTheirNamesInEveryProcess() {
        LoraConfig lora = LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1);
        assertThat(List.copyOf(lora.adapters().keySet())).hasSize(6).isSorted();
        assertThat(lora.toString()).matches(".*layer.0.*query.*layer.0.*value.*layer.1.*query.*layer.2.*value.*");
    }

    @Test
    void adaptersCannotBeChanged() {
        LoraConfig lora = LoraConfig.onQueryAndValue(VIT, 2, 4, 0.1);
        assertThatThrownBy(() -> lora.adapters().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void rankZeroIsRefused() {
        assertThatThrownBy(() -> LoraConfig.onQueryAndValue(VIT, 0, 16, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("rank must be at least 1, found 0");
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void aRankAboveTheHiddenSizeIsRefusedForEveryChoiceOfTargets(List<LoraTarget> targets) {
        assertThat(LoraChoices.model(VIT, targets, 16, 0).lora()).isNotNull();
        assertThatThrownBy(() -> LoraChoices.model(VIT, targets, 17, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("rank must be in [1, 16], the hidden size, found 17");
    }

    @Test
    void noTargetIsRefused() {
        assertThatThrownBy(() -> LoraConfig.on(VIT, List.of(), new LoraConfig.Adapter(2, 4, false), 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must adapt at least one layer");
    }

    @Test
    void targetsAreTheLinearLayersOfEveryBlockAndNoOthers() {
        assertThat(LoraConfig.on(VIT, List.of(LoraTarget.values()), new LoraConfig.Adapter(2, 4, false), 0)
                        .adapters()
                        .keySet())
                .containsExactlyInAnyOrderElementsOf(Parameters.linearModules(3));
        assertThat(LoraConfig.on(VIT, List.of(LoraTarget.MLP_OUTPUT), new LoraConfig.Adapter(2, 4, false), 0)
                        .adapters()
                        .keySet())
                .containsExactly(
                        "encoder.layer.0.output.dense", "encoder.layer.1.output.dense", "encoder.layer.2.output.dense");
    }

    /**
     * With B = 0 an adapter adds exact zeros. What remains are last bits: the sum keeps TensorFlow from fusing the GELU
     * into the product before it, for example.
     */
    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void zeroLoraBPredictsAsTheBackboneForEveryChoiceOfTargets(List<LoraTarget> targets) {
        ModelConfig config = LoraChoices.model(VIT, targets, 2, 0.1);
        Map<String, FloatArray> adapted = RandomWeights.of(config, 4);
        adapted.replaceAll((name, array) -> name.contains("lora_B") ? FloatArray.zeros(array.shape()) : array);
        Map<String, FloatArray> bare = new LinkedHashMap<>(adapted);
        bare.keySet().removeIf(Parameters::isLora);

        float[][] with = predict(config, adapted);
        float[][] without = predict(new ModelConfig(VIT, null, 3), bare);

        for (int i = 0; i < with.length; i++) {
            assertThat(with[i]).as("image %d", i).containsExactly(without[i], within(1e-6f));
        }
    }

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#few")
    void everyTargetsAdapterChangesThePredictions(List<LoraTarget> targets) {
        ModelConfig config = LoraChoices.model(VIT, targets, 2, 0.1);
        Map<String, FloatArray> adapted = RandomWeights.of(config, 4);
        Map<String, FloatArray> bare = new LinkedHashMap<>(adapted);
        bare.keySet().removeIf(Parameters::isLora);

        float[][] with = predict(config, adapted);
        float[][] without = predict(new ModelConfig(VIT, null, 3), bare);

        assertThat(Math.abs(with[0][0] - without[0][0])).isGreaterThan(1e-4f);
    }

    private static float[][] predict(ModelConfig config, Map<String, FloatArray> weights) {
        try (InferenceModel model = new InferenceModel(config, weights, new SessionOptions("cpu", 1))) {
            return model.predict(RandomWeights.pixels(VIT, 4, 9), 4);
        }
    }
}
