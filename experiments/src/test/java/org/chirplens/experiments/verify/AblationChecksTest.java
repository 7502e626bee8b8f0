package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chirplens.experiments.verify.RecordedBundle.PLAIN_PYTORCH;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AblationChecksTest {
    @TempDir
    private Path directory;

    private static final List<String> ARRAYS = List.of(
            "baseline_predictions",
            "head_mask_predictions",
            "zero_qkv_base_loss",
            "zero_qkv_base_lora_predictions",
            "zero_qkv_base_lora_bias_loss_batch_mean",
            "mean_context",
            "mean_context_per_position",
            "mean_ablation_predictions",
            "mean_ablation_per_position_loss",
            "row_only_predictions",
            "released_predictions",
            "released_loss",
            "released_loss_sample_weighted",
            "released_predictions_after_whole_loop");

    @Test
    void changedValuesFailTheirOwnLines() throws IOException {
        RecordedBundle bundle = copy(PLAIN_PYTORCH, directory, "model", "ablation");
        for (String array : ARRAYS) {
            bundle.addInAll("ablation", array, 1e-3);
        }
        Set<String> failed = failed(bundle.verify()).stream()
                .map(name -> name.replaceFirst(" \\((shared|naive)\\)$", ""))
                .collect(Collectors.toSet());
        assertThat(failed)
                .containsExactlyInAnyOrderElementsOf(
                        ARRAYS.stream().map(array -> "ablation/" + array).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"labels_raw", "label_std"})
    void labelsThatDoNotFitEachOtherFail(String array) throws IOException {
        RecordedBundle bundle = copy(PLAIN_PYTORCH, directory, "model", "ablation");
        bundle.addInAll("ablation", array, 1e-3);
        assertThat(failed(bundle.verify())).containsExactly("ablation/labels_standardised");
    }

    @Test
    void aChangedFactBesideTheArraysFailsItsOwnLine() throws IOException {
        RecordedBundle bundle = copy(RecordedBundle.MODEL_A, directory, "model", "ablation");
        bundle.replaceText("ablation/summary.json", "10.361566772866032", "10.37");
        bundle.replaceText("ablation/released_csv/baseline.csv", "1.8191959", "1.8192959");
        bundle.replaceText("ablation/released_csv/ablation_results.csv", "10.736410140991211", "10.7374");
        assertThat(failed(bundle.verify()))
                .containsExactlyInAnyOrder(
                        "ablation/summary.json loss_sample_weighted",
                        "ablation/released_csv/baseline.csv",
                        "ablation/released_csv/ablation_results.csv");
    }

    @Test
    void aTableThatIsCutOffOrDamagedFailsAloneAndTheOthersAreCompared() throws IOException {
        RecordedBundle bundle = copy(RecordedBundle.MODEL_A, directory, "model", "ablation");
        Path tables = directory.resolve("ablation/released_csv");
        Path heads = tables.resolve("ablation_results.csv");
        Files.write(heads, Files.readAllLines(heads).subList(0, 4));
        bundle.replaceText("ablation/released_csv/baseline_ablation_results.csv", ".", "x");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks))
                .containsExactly(
                        "ablation/released_csv/ablation_results.csv",
                        "ablation/released_csv/baseline_ablation_results.csv");
        assertThat(line(checks, "ablation/released_csv/ablation_results.csv").note())
                .isEqualTo("must have 12 rows, found 3");
        assertThat(line(checks, "ablation/released_csv/scenario_layer_2_head_3.csv")
                        .status())
                .isEqualTo(Check.Status.OK);
    }

    @Test
    void withoutTheBatchSizeWhatDependsOnItIsNotChecked() throws IOException {
        RecordedBundle bundle = copy(PLAIN_PYTORCH, directory, "model", "ablation");
        Files.delete(directory.resolve("ablation/setup.json"));
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).isEmpty();
        for (String array : List.of("released_loss", "head_mask_loss_batch_mean")) {
            assertThat(line(checks, "ablation/" + array))
                    .returns(Check.Status.NOT_CHECKED, Check::status)
                    .returns("needs batch_size of ablation/setup.json", Check::note);
        }
        assertThat(line(checks, "ablation/head_mask_loss (shared)").status()).isEqualTo(Check.Status.OK);
        assertThat(line(checks, "ablation/released_predictions_after_whole_loop")
                        .status())
                .isEqualTo(Check.Status.OK);
    }
}
