package org.chirplens.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.experiments.run.AttributeStage;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.VitConfig;
import org.chirplens.training.Schedule;
import org.chirplens.training.TrainingConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A config file's defaults are written in its records; these hold them to the library's released values. */
class ReleasedDefaultsTest {
    private final ExperimentConfig config;

    ReleasedDefaultsTest(@TempDir Path directory) throws IOException {
        // A file that states nothing but a backbone has every default.
        Path file = Files.writeString(directory.resolve("defaults.yaml"), "model: {backbone: .}\n");
        config = ConfigReader.read(file, List.of()).config();
    }

    @Test
    void trainingDefaultsAreTheReleasedOnes() {
        TrainingConfig released = TrainingConfig.released();
        TrainingSettings ours = config.training();
        assertThat(ours)
                .isEqualTo(new TrainingSettings(
                        TrainingSettings.Trained.valueOf(released.train().name()),
                        released.epochs(),
                        released.axesEpochs(),
                        released.batchSize(),
                        released.epochImages(),
                        released.learningRate(),
                        released.weightDecay(),
                        TrainingSettings.Schedule.PLATEAU,
                        released.warmupSteps(),
                        ours.plateauFactor(),
                        ours.plateauPatience(),
                        released.earlyStoppingPatience(),
                        released.clipNorm(),
                        released.secondBeta(),
                        released.matrixLearningRate(),
                        released.smoothL1(),
                        TrainingSettings.Precision.valueOf(released.precision().name()),
                        released.accumulate(),
                        new TrainingSettings.Pretext(0, 0, 0, 8)));
        Schedule.Plateau plateau = (Schedule.Plateau) released.schedule();
        assertThat(ours.plateauFactor()).isEqualTo(plateau.factor());
        assertThat(ours.plateauPatience()).isEqualTo(plateau.patience());
        assertThat(config.seed()).isEqualTo(released.seed());
    }

    @Test
    void modelDefaultsAreThoseOfThePaper() {
        ModelSettings model = config.model();
        VitConfig base = VitConfig.base16();
        assertThat(List.of(
                        model.imageSize(),
                        model.patchSize(),
                        model.hiddenSize(),
                        model.numLayers(),
                        model.numHeads(),
                        model.mlpSize()))
                .containsExactly(
                        base.imageSize(),
                        base.patchSize(),
                        base.hiddenSize(),
                        base.numLayers(),
                        base.numHeads(),
                        base.mlpSize());
        LoraConfig lora = LoraConfig.released(VitConfig.base16());
        LoraConfig.Adapter adapter = Objects.requireNonNull(lora.adapter(Parameters.projection(0, "query")));
        assertThat(model.lora())
                .isEqualTo(new ModelSettings.Lora(
                        adapter.rank(),
                        adapter.alpha(),
                        lora.dropout(),
                        LoraConfig.RELEASED_TARGETS,
                        adapter.rankStabilised()));
    }

    @Test
    void theSweepsDefaultsAreTheLibrarys() {
        assertThat(config.analysis().releasedBatch()).isEqualTo(SweepSettings.RELEASED_BATCH);
        assertThat(config.seed()).isEqualTo(SweepSettings.SEED);
        assertThat(config.analysis().pairHeads()).isEqualTo(AttributeStage.PAIR_HEADS);
        assertThat(config.analysis().patchingPairs()).isEqualTo(AttributeStage.PAIRS);
    }
}
