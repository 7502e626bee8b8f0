package org.chirplens.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.chirplens.training.InitialWeights;
import org.chirplens.training.TrainingConfig;
import org.junit.jupiter.api.Test;

class TrainingBenchTest {
    @Test
    void theWholeOfAStepIsMoreThanItsArithmeticAndThatMoreThanAForwardPass() {
        VitConfig vit = new VitConfig(56, 14, 48, 3, 3, 96, 1e-12);
        ModelConfig model = ModelConfig.fineTuned(vit, LoraConfig.released(vit));
        TrainingConfig training =
                TrainingConfig.released().with().batchSize(16).accumulate(2).build();
        TrainingBench.Costs costs = TrainingBench.run(
                model, InitialWeights.fromNothing(model, 1), training, new SessionOptions("cpu", 1), 1, 1.0);
        assertThat(costs.whole().images())
                .isEqualTo(costs.step().images())
                .isEqualTo(costs.forward().images());
        assertThat(costs.forwards()).isGreaterThan(1);
        TrainingBench.Quartiles surroundings = costs.surroundings();
        assertThat(surroundings.median())
                .as("drawing outweighs so small a model")
                .isBetween(0.1, 1.0)
                .isBetween(surroundings.lower(), surroundings.upper());
        assertThat(costs.turns()).hasSizeGreaterThanOrEqualTo(TrainingBench.LEAST_TURNS);
        assertThat(costs.dataShare()).isBetween(0.05, 1.5);
        assertThat(costs.gigaFlops() * costs.step().cpuMillis()).isCloseTo(1e3 * costs.gigaFlop(), within(1e-9));
        assertThat(costs.profile().kinds()).anyMatch(kind -> kind.name().contains("MatMul"));
        assertThat(costs.peakMib().isEmpty() || costs.peakMib().getAsDouble() > 50)
                .isTrue();
    }
}
