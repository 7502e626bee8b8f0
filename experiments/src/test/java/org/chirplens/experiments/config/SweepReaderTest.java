package org.chirplens.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepReaderTest {
    private static final String BASE = """
            training: {train: all}
            model: {hiddenSize: 8, numHeads: 2}
            """;

    private final Path file;

    SweepReaderTest(@TempDir Path directory) {
        this.file = directory.resolve("sweep.yaml");
    }

    private LoadedSweep read(String sweep, String... overrides) throws IOException {
        Files.writeString(file, BASE + "sweep:\n" + sweep.indent(2));
        return ConfigReader.readSweep(file, List.of(overrides));
    }

    private void refused(String sweep, String... problems) {
        assertThatThrownBy(() -> read(sweep))
                .isInstanceOf(ConfigException.class)
                .hasMessage(String.join("\n", problems).replace("FILE", file.toString()));
    }

    @Test
    void everyCombinationIsATrialAndTheLastAxisChangesFastest() throws IOException {
        LoadedSweep sweep = read("grid: {model.lora.rank: [1, 8], training.schedule: [plateau, cosine], seed: [3]}");
        assertThat(sweep.name()).isEqualTo("sweep");
        assertThat(sweep.axes()).containsExactly("model.lora.rank", "training.schedule", "seed");
        assertThat(sweep.trials())
                .extracting(LoadedSweep.Trial::name)
                .containsExactly(
                        "rank-1_schedule-plateau_seed-3",
                        "rank-1_schedule-cosine_seed-3",
                        "rank-8_schedule-plateau_seed-3",
                        "rank-8_schedule-cosine_seed-3");
        ExperimentConfig last = sweep.trials().get(3).config().config();
        assertThat(last.model().lora().rank()).isEqualTo(8);
        assertThat(last.training().schedule()).isEqualTo(TrainingSettings.Schedule.COSINE);
        assertThat(last.seed()).isEqualTo(3);
        assertThat(last.name()).isEqualTo("sweep.rank-8_schedule-cosine_seed-3");
        assertThat(sweep.settings().parallel()).isEqualTo(1);
    }

    @Test
    void axesThatEndInTheSameWordKeepTheirWholeKey() throws IOException {
        assertThat(read("grid: {seed: [1], data.seed: [2]}").trials().get(0).name())
                .isEqualTo("seed-1_data.seed-2");
    }

    @Test
    void aNumberHasOneNameHoweverItIsWritten() throws IOException {
        assertThat(read("grid: {training.learningRate: [1e-3, 0.00002, 2.50]}").trials())
                .extracting(LoadedSweep.Trial::name)
                .containsExactly("learningRate-0.001", "learningRate-2e-5", "learningRate-2.5");
        refused(
                "grid: {training.learningRate: [1e-3, 0.001]}",
                "FILE:4:40: sweep.grid.training.learningRate states 0.001 twice");
    }

    @Test
    void listsArePossibleValues() throws IOException {
        LoadedSweep sweep = read("grid: {analysis.protocols: [[head_mask], [head_mask, mean]]}");
        assertThat(sweep.trials().get(1).values()).containsExactly("[head_mask, mean]");
        assertThat(sweep.trials().get(1).config().config().analysis().protocols())
                .hasSize(2);
        assertThat(sweep.trials().get(1).name()).matches("protocols-[A-Za-z-]+-[0-9a-f]{8}");
    }

    @Test
    void anOverrideReplacesAnAxisOrAddsOne() throws IOException {
        LoadedSweep sweep =
                read("grid: {model.lora.rank: [1, 2]}", "sweep.grid.model.lora.rank=[4]", "sweep.grid.seed=[1,2,3]");
        assertThat(sweep.trials())
                .extracting(LoadedSweep.Trial::name)
                .containsExactly("rank-4_seed-1", "rank-4_seed-2", "rank-4_seed-3");
    }

    @Test
    void problemsOfTheGridAreAllNamedWithTheirPlaces() {
        refused(
                """
                grid:
                  model.lora.rnak: [1]
                  model.lora: [1]
                  runtime.threads: [1, 2]
                  seed: []
                  training.epochs: 3
                """,
                "FILE:5:22: sweep.grid: unknown key 'model.lora.rnak'; did you mean 'model.lora.rank'?",
                "FILE:6:17: sweep.grid.model.lora must be a setting, found a section; name the settings in it",
                "FILE:7:22: sweep.grid.runtime.threads must be a setting that changes results; runtime.threads does not",
                "FILE:8:11: sweep.grid.seed must hold at least one value, found none",
                "FILE:9:22: sweep.grid.training.epochs must be a list of values, found '3'");
        refused(
                "stages: [finetune]",
                "FILE:4:3: sweep.grid must be given: lists of values by the key of a setting, such as"
                        + " model.lora.rank: [1, 2, 4]");
    }

    @Test
    void aValueThatBreaksARuleIsNamedOnceWithItsTrials() {
        refused(
                "grid: {model.lora.rank: [1, 9, 0], seed: [1, 2]}",
                "FILE:4:31: model.lora.rank must be in [1, 8], found 9 (trial rank-9_seed-1 and 1 more)",
                "FILE:4:34: model.lora.rank must be in [1, 8], found 0 (trial rank-0_seed-1 and 1 more)");
    }

    @Test
    void aSettingOfTheGridIsStatedNowhereElse() {
        refused(
                "grid: {training.train: [all, lora]}",
                "FILE:4:26: sweep.grid.training.train is stated apart from the grid too, at FILE:1:19; leave one of the two"
                        + " out");
    }

    @Test
    void aRuleOfSeveralSettingsIsCheckedForEveryCombination() {
        refused(
                "grid: {model.imageSize: [32, 64], model.patchSize: [16, 64]}",
                "FILE:4:28: model.imageSize must be a multiple of model.patchSize 64, found 32 (trial"
                        + " imageSize-32_patchSize-64)");
        refused(
                "grid: {training.learningRate: [1e-3, 100], seed: [1, 2]}",
                "FILE:4:40: training.learningRate must be below 1 / training.weightDecay 0.01, found 100.0 (trial"
                        + " learningRate-100_seed-1 and 1 more)");
    }

    @Test
    void stagesNeedFineTuning() {
        refused(
                "grid: {seed: [1]}\nstages: [ablate, evaluate]",
                "FILE:5:11: sweep.stages must hold finetune, as the others need its model, found [evaluate, ablate]");
        refused(
                "grid: {seed: [1]}\nparalel: 2",
                "FILE:5:3: unknown key 'sweep.paralel'; did you mean 'sweep.parallel'?");
    }

    @Test
    void theSchemaOfASweepKnowsEveryAxisWithItsRange() {
        JsonNode schema = ConfigSchema.writeSweep();
        JsonNode sweep = schema.at("/properties/sweep/properties");
        JsonNode axes = sweep.at("/grid/properties");
        assertThat(axes.at("/model.lora.dropout/items/exclusiveMaximum").asInt())
                .isEqualTo(1);
        assertThat(axes.at("/training.schedule/items/enum"))
                .extracting(JsonNode::asText)
                .containsExactly("plateau", "cosine");
        assertThat(axes.fieldNames())
                .toIterable()
                .doesNotContain("name", "runtime.threads", "model.lora")
                .contains("seed", "data.count", "analysis.protocols");
        assertThat(sweep.at("/parallel/default").asInt()).isEqualTo(1);
        assertThat(schema.path("required")).extracting(JsonNode::asText).containsExactly("sweep");
        assertThat(ConfigSchema.write().at("/properties").has("sweep")).isFalse();
    }
}
