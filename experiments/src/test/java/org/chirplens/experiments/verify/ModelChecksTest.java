package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chirplens.experiments.verify.RecordedBundle.MODEL_A;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.Safetensors;
import org.chirplens.model.FloatArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelChecksTest {
    @TempDir
    private Path directory;

    @Test
    void everyFormOfTheModelIsTheSameBitsAndPredictsTheSame() throws IOException {
        List<Check> checks = copy(MODEL_A, directory, "model", "forward").verify("model");

        assertThat(checks)
                .extracting(Check::name)
                .containsExactly(
                        "model/best_vit_regression.pth (predictions)",
                        "model/best_vit_regression_legacy_peft.pth (predictions)",
                        "model/best_vit_regression_legacy_peft.pth (weights)",
                        "model/backbone_vitmodel/model.safetensors (predictions)",
                        "model/backbone_vitmodel/model.safetensors (weights)",
                        "model/backbone_classifier/model.safetensors (predictions)",
                        "model/backbone_classifier/model.safetensors (weights)",
                        "model/backbone_classifier/pytorch_model.bin (predictions)",
                        "model/backbone_classifier/pytorch_model.bin (weights)",
                        "model/best_vit_regression.keys.json");
        assertThat(checks)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    }

    @Test
    void oneChangedBitFailsItsForm() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        change("model/backbone_classifier/model.safetensors", "classifier.bias");
        change("model/backbone_vitmodel/model.safetensors", "pooler.dense.bias");

        List<Check> checks = bundle.verify("model");

        assertThat(failed(checks))
                .containsExactly(
                        "model/backbone_vitmodel/model.safetensors (weights)",
                        "model/backbone_classifier/pytorch_model.bin (weights)");
        assertThat(line(checks, "model/backbone_vitmodel/model.safetensors (weights)"))
                .satisfies(check -> assertThat(check.maxAbsError()).isPositive())
                .returns("pooler.dense.bias is not that of best_vit_regression.pth", Check::note);
    }

    @Test
    void aFileThatCannotBeReadFailsAloneAndTheOthersAreCompared() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.truncate("model/best_vit_regression.pth");
        bundle.replaceText("model/best_vit_regression.keys.json", "{", "[");

        List<Check> checks = bundle.verify("model");

        assertThat(failed(checks))
                .containsExactly("model/best_vit_regression.pth", "model/best_vit_regression.keys.json");
        assertThat(line(checks, "model/best_vit_regression.pth").note()).startsWith("model/best_vit_regression.pth: ");
        assertThat(checks)
                .extracting(Check::name)
                .contains("model/backbone_vitmodel/model.safetensors (weights)")
                .doesNotContain("model/best_vit_regression_legacy_peft.pth (weights)");
    }

    @Test
    void otherKeysThanTheRecordedOnesFail() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.replaceText("model/best_vit_regression.keys.json", "regression_head.0.bias", "regression_head.1.bias");

        Check keys = line(bundle.verify("model"), "model/best_vit_regression.keys.json");

        assertThat(keys.status()).isEqualTo(Check.Status.FAILED);
        assertThat(keys.note())
                .isEqualTo("other keys or shapes in best_vit_regression.pth: [regression_head.0.bias,"
                        + " regression_head.1.bias]");
    }

    @Test
    void aBundleWithNothingButTheReleasedFileIsChecked() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "forward");
        Files.createDirectory(directory.resolve("model"));
        Files.copy(
                MODEL_A.resolve("model/best_vit_regression.pth"), directory.resolve("model/best_vit_regression.pth"));
        Files.copy(MODEL_A.resolve("model/backbone_vitmodel/config.json"), directory.resolve("model/config.json"));

        List<Check> checks = bundle.verify();

        assertThat(line(checks, "model/best_vit_regression.pth (predictions)").status())
                .isEqualTo(Check.Status.OK);
        assertThat(checks)
                .filteredOn(check -> check.status() == Check.Status.OK)
                .extracting(Check::name)
                .contains(
                        "forward/predictions",
                        "forward/pooler_output",
                        "forward/backbone_attentions",
                        "forward/predictions_released_example_loading");
        assertThat(failed(checks)).isEmpty();
        assertThat(line(checks, "forward/backbone_classifier_logits").note())
                .isEqualTo("needs model/backbone_classifier");
    }

    /** Changes the last bit of the first value of a tensor. */
    private void change(String file, String tensor) {
        Map<String, FloatArray> tensors = new LinkedHashMap<>(Safetensors.read(directory.resolve(file)));
        float[] data = java.util.Objects.requireNonNull(tensors.get(tensor)).data();
        data[0] = Math.nextUp(data[0]);
        Safetensors.write(directory.resolve(file), tensors, Map.of());
    }
}
