package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chirplens.experiments.verify.RecordedBundle.MODEL_A;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;
import static org.chirplens.experiments.verify.RecordedBundle.names;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingChecksTest {
    @TempDir
    private Path directory;

    @Test
    void everyRecordedStepIsReproduced() throws IOException {
        assertThat(bundle().verify())
                .filteredOn(check -> check.name().startsWith("training/"))
                // 18 gradients, 2 of them in double too; 18 parameters; losses in four places; predictions; the frozen
                .hasSize(18 + 2 + 18 + 4 + 1 + 1)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    }

    @Test
    void oneChangedValueFailsItsLineAndNoOther() throws IOException {
        RecordedBundle bundle = bundle();
        bundle.addInAll("training", "final.regression_head.2.bias", 1e-5);
        bundle.addInAll("training", "grad_step1.regression_head.4.weight", 1e-2);
        bundle.addInAll("training", "final_predictions", 1e-3);
        bundle.addInAll("training", "losses", 1e-3);
        bundle.replaceText("training/training.json", "12.778490553544103", "12.79");
        assertThat(failed(bundle.verify()))
                .containsExactly(
                        "training/grad_step1.regression_head.4.weight",
                        "training/losses",
                        "training/training.json losses_f64",
                        "training/final.regression_head.2.bias",
                        "training/final_predictions");
    }

    /** Steps are taken in float32 whatever inference rounds to. */
    @Test
    void thePrecisionOfInferenceLoosensNoToleranceOfTraining() throws IOException {
        RecordedBundle bundle = bundle();
        bundle.addInAll("training", "final.regression_head.2.bias", 1e-3);
        List<Check> checks = new BundleVerification(new SessionOptions("cpu", 0, Precision.BFLOAT16, 0)).run(directory);
        assertThat(failed(checks)).contains("training/final.regression_head.2.bias");
    }

    @Test
    void withoutTheImagesNothingIsChecked() throws IOException {
        List<Check> checks = copy(MODEL_A, directory, "model", "training").verify();
        assertThat(checks).allSatisfy(check -> {
            assertThat(check.status()).isEqualTo(Check.Status.NOT_CHECKED);
            assertThat(check.note()).isEqualTo("needs ablation/input");
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"eps\": 1e-08 | \"eps\": 1e-06 | eps must be 1.0E-8, others are not supported, found 1.0E-6",
                "\"amsgrad\": false | \"amsgrad\": true | amsgrad must be false, true is not supported, found true",
                "\"optimizer\": \"AdamW\" | \"optimizer\": \"SGD\" | optimizer must be \"AdamW\", others are not",
                "\"steps\": 5 | \"steps\": 6 | steps times batch must be at most the 40 images of ablation/input, found 48",
                "\"batch\": 8 | \"batch\": 0 | batch must be at least 1, found 0",
                "\"lr\": 0.001 | \"rate\": 0.001 | lr must be given, found nothing",
            })
    void settingsThatAreNotOursFailWithTheReason(String ours, String other, String reason) throws IOException {
        RecordedBundle bundle = bundle();
        bundle.replaceText("training/training.json", ours, other);
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("training");
        assertThat(line(checks, "training").note()).startsWith("training/training.json: " + reason);
        assertThat(line(checks, "training/losses").note()).isEqualTo("not reached, see training");
    }

    @Test
    void fewerStepsOfASmallerBatchAreReadFromTheSettings() throws IOException {
        RecordedBundle bundle = bundle();
        bundle.replaceText("training/training.json", "\"steps\": 5", "\"steps\": 1");
        List<Check> checks = bundle.verify();
        assertThat(line(checks, "training/losses").note()).isEqualTo("recorded F64[5] has 5 values, computed are 1");
        assertThat(names(checks, Check.Status.OK)).contains("training/grad_step1.regression_head.0.bias");
    }

    /** The images alone: the ablation's own arrays would be checked, too. */
    private RecordedBundle bundle() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "training", "ablation");
        bundle.writeAsNpy("ablation", "input", "labels_standardised");
        bundle.delete("ablation/all.safetensors");
        return bundle;
    }
}
