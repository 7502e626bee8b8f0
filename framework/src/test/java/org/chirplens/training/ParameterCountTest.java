package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.LoraTarget;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterCountTest {
    /** Hidden size 16, 3 blocks, an MLP of 40: no two widths are alike. */
    private static final VitConfig VIT = new VitConfig(16, 8, 16, 3, 2, 40, 1e-12);

    @ParameterizedTest
    @MethodSource("org.chirplens.model.LoraChoices#all")
    void trainableParametersAreTheClosedFormForEveryRankAndChoiceOfTargets(List<LoraTarget> targets) {
        long backbone = ParameterCount.of(ModelConfig.backbone(VIT), Trainable.ALL::trains)
                .total();
        for (int rank = 1; rank <= VIT.hiddenSize(); rank++) {
            for (int outputs : new int[] {1, 3, 5}) {
                LoraConfig.Adapter adapter = new LoraConfig.Adapter(rank, 16, false);
                ModelConfig model = new ModelConfig(VIT, LoraConfig.on(VIT, targets, adapter, 0), outputs);
                long trainable = adapters(VIT, targets, rank) + head(VIT, outputs);
                assertThat(ParameterCount.of(model, Trainable.LORA::trains))
                        .as("rank %d, %d outputs", rank, outputs)
                        .isEqualTo(new ParameterCount(trainable, backbone + trainable));
                assertThat(ParameterCount.of(model, Trainable.ALL::trains).trainable())
                        .isEqualTo(backbone + trainable);
            }
        }
    }

    @Test
    void theReleasedModelTrainsItsAdaptersAndHeadAtEveryRank() {
        VitConfig vit = VitConfig.base16();
        for (int rank = 1; rank <= 768; rank++) {
            ModelConfig model = ModelConfig.fineTuned(vit, LoraConfig.onQueryAndValue(vit, rank, 16, 0.1));
            // 12 blocks of two adapters with A [rank, 768] and B [768, rank]; the head has 230,147
            assertThat(ParameterCount.of(model, Trainable.LORA::trains).trainable())
                    .as("rank %d", rank)
                    .isEqualTo(12L * 2 * 2 * 768 * rank + 230_147);
        }
        assertThat(adapters(vit, LoraConfig.RELEASED_TARGETS, 8)).isEqualTo(294_912);
        assertThat(adapters(vit, List.of(LoraTarget.values()), 8)).isEqualTo(1_327_104);
        ModelConfig released = ModelConfig.fineTuned(vit, LoraConfig.released(vit));
        assertThat(ParameterCount.of(released, Trainable.LORA::trains))
                .hasToString("525,059 of 86,323,715 (0.61 %)")
                .isEqualTo(new ParameterCount(294_912 + 230_147, 85_798_656 + 294_912 + 230_147));
    }

    @Test
    void aCountThatCannotBeIsRefused() {
        assertThatThrownBy(() -> new ParameterCount(11, 10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("trainable parameters must be in [0, 10], found 11");
    }

    /** An adapter of rank r on a layer from {@code in} to {@code out} has r (in + out) numbers. */
    private static long adapters(VitConfig vit, List<LoraTarget> targets, int rank) {
        long inAndOut = 0;
        for (LoraTarget target : targets) {
            inAndOut += target == LoraTarget.INTERMEDIATE || target == LoraTarget.MLP_OUTPUT
                    ? vit.hiddenSize() + vit.mlpSize()
                    : 2L * vit.hiddenSize();
        }
        return inAndOut * rank * vit.numLayers();
    }

    /** Linear(hidden, 256), Linear(256, 128), Linear(128, outputs), with biases. */
    private static long head(VitConfig vit, int outputs) {
        return (vit.hiddenSize() + 1) * 256L + 257L * 128 + 129L * outputs;
    }
}
