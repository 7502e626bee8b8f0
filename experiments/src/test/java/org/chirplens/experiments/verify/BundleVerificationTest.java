package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.chirplens.experiments.verify.RecordedBundle.MODEL_A;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;
import static org.chirplens.experiments.verify.RecordedBundle.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a bundle, and what becomes of its damaged parts; each part's own checks have their own tests. */
class BundleVerificationTest {
    private static final BundleVerification VERIFICATION = new BundleVerification(SessionOptions.defaults());

    @TempDir
    private Path directory;

    @Test
    void theRecordedBundleIsReproduced() {
        List<Check> checks = VERIFICATION.run(RecordedBundle.REFERENCE);
        assertThat(checks)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
        assertThat(checks).extracting(Check::name).doesNotHaveDuplicates();
        for (String part : List.of("config_a/forward", "config_a/training", "chirp_clean", "chirp_genuine", "resize")) {
            assertThat(checks).extracting(Check::name).anyMatch(name -> name.startsWith(part + "/"));
        }
    }

    @Test
    void everyArrayOfTheForwardPassIsReproduced() throws IOException {
        assertThat(copy(MODEL_A, directory, "model", "forward").verify("forward"))
                .hasSize(16)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    }

    /** Another size, of another author: more heads (6) than rows per head (2), 13 images in batches of 4. */
    @Test
    void aBundleOfPlainPyTorchIsReproduced() {
        List<Check> checks = VERIFICATION.run(RecordedBundle.PLAIN_PYTORCH);
        assertThat(checks).hasSizeGreaterThan(90).allSatisfy(check -> assertThat(check.status())
                .as(check.toString())
                .isEqualTo(Check.Status.OK));
        assertThat(checks).extracting(Check::name).contains("forward/attention_maps_batch4");
    }

    /** bfloat16 errs by more than float32 may, and by less than is admitted for it. */
    @Test
    void bfloat16HoldsItsOwnTolerances() throws IOException {
        Path bundle = copy(MODEL_A, directory, "model", "forward", "ablation").root();
        List<Check> checks = new BundleVerification(new SessionOptions("cpu", 0, Precision.BFLOAT16, 0)).run(bundle);
        assertThat(checks)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
        assertThat(line(checks, "forward/predictions").maxAbsError()).isGreaterThan(1e-3);
    }

    @Test
    void oneChangedValueFailsItsArrayAndNoOther() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward", "ablation");
        bundle.addInAll("forward", "last_hidden_state", 1e-4);
        bundle.addInAll("ablation", "head_mask_predictions", 1e-4);
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).contains("forward/last_hidden_state").allSatisfy(name -> assertThat(name)
                .matches("forward/last_hidden_state|ablation/head_mask_predictions.*"));
        assertThat(failed(checks)).anyMatch(name -> name.startsWith("ablation/head_mask_predictions"));
        assertThat(line(checks, "forward/last_hidden_state").note()).startsWith("largest at [0, 0, 0]: recorded ");
    }

    @Test
    void anArrayThatIsInTwoPlacesMustBeTheSameInBoth() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "predictions", "attentions", "hidden_states");
        assertThat(failed(bundle.verify())).isEmpty();
        // Far below every tolerance, and each in only one of the two places.
        bundle.addInNpy("forward", "predictions", 1, 1e-7);
        bundle.addInAll("forward", "attentions", 1e-8);
        List<Check> checks = bundle.verify("forward");
        assertThat(failed(checks)).containsExactly("forward/attentions", "forward/predictions");
        assertThat(line(checks, "forward/predictions").note())
                .startsWith("all.safetensors and predictions.npy differ: ")
                .endsWith(" at [0, 0]");
        assertThat(names(checks, Check.Status.OK)).hasSize(14);
    }

    @Test
    void arraysOfBothPlacesAreCompared() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "input", "predictions");
        bundle.delete("forward/all.safetensors");
        List<Check> checks = bundle.verify("forward");
        assertThat(checks).extracting(Check::name).containsExactly("forward/predictions");
        assertThat(failed(checks)).isEmpty();
    }

    @Test
    void aDamagedArrayFailsAloneAndTheOthersAreCompared() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "attentions");
        bundle.truncate("forward/attentions.npy");
        List<Check> checks = bundle.verify("forward");
        assertThat(failed(checks)).containsExactly("forward/attentions");
        assertThat(line(checks, "forward/attentions").note())
                .startsWith("forward/attentions.npy: ")
                .contains("bytes");
        assertThat(names(checks, Check.Status.OK)).hasSize(15);
    }

    @Test
    void aDamagedCollectionFailsAndItsNpyFilesAreCompared() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "input", "predictions");
        bundle.truncate("forward/all.safetensors");
        List<Check> checks = bundle.verify("forward");
        assertThat(failed(checks)).containsExactly("forward/all.safetensors");
        assertThat(names(checks, Check.Status.OK)).containsExactly("forward/predictions");
    }

    @Test
    void aModelThatCannotBeReadFailsAndTheOtherPartsAreCompared() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        copy(RecordedBundle.REFERENCE, directory, "split");
        bundle.truncate("model/adapter/adapter_model.safetensors");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).contains("forward/the fine-tuned model").noneMatch(name -> name.contains("split"));
        assertThat(line(checks, "forward/predictions"))
                .returns(Check.Status.NOT_CHECKED, Check::status)
                .returns("not reached, see forward/the fine-tuned model", Check::note);
        assertThat(names(checks, Check.Status.OK)).contains("forward/backbone_attentions", "split/split_10.json train");
    }

    @Test
    void aMissingModelLeavesItsArraysUnchecked() throws IOException {
        List<Check> checks = copy(MODEL_A, directory, "forward").verify();
        assertThat(checks).allMatch(check -> check.status() == Check.Status.NOT_CHECKED);
        assertThat(line(checks, "forward/predictions").note()).isEqualTo("needs model");
    }

    @Test
    void aMissingInputFailsAndItsArraysAreUnchecked() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "predictions");
        bundle.delete("forward/all.safetensors");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("forward/input");
        assertThat(line(checks, "forward/predictions").note()).isEqualTo("needs forward/input");
    }

    @Test
    void anInputThatDiffersInItsTwoPlacesIsNotUsed() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "input");
        bundle.addInNpy("forward", "input", 1, 1e-6);
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("forward/input");
        assertThat(line(checks, "forward/predictions").note()).isEqualTo("needs forward/input, which FAILED");
    }

    @Test
    void anInputThatIsNotFiniteFailsItsPart() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.addInAll("forward", "input", Double.NaN);
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("forward");
        assertThat(line(checks, "forward").note())
                .contains("forward/input must hold finite values, found NaN at [0, 0, 0, 0]");
    }

    /** Its tolerance is of the largest value, which an infinite one must not be. */
    @Test
    void oneInfiniteValueFailsItsArray() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.addInAll("forward", "predictions", Double.POSITIVE_INFINITY);
        assertThat(failed(bundle.verify("forward"))).containsExactly("forward/predictions");
    }

    @Test
    void anUnknownArrayIsListedAndNeverPassed() throws IOException {
        RecordedBundle bundle = copy(MODEL_A, directory, "model", "forward");
        bundle.writeAsNpy("forward", "predictions");
        Files.move(directory.resolve("forward/predictions.npy"), directory.resolve("forward/surprise.npy"));
        assertThat(line(bundle.verify(), "forward/surprise"))
                .returns(Check.Status.NOT_CHECKED, Check::status)
                .returns("unknown array", Check::note);
    }

    @Test
    void whatIsNoBundleIsRefused() throws IOException {
        assertThatThrownBy(() -> VERIFICATION.run(directory))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(directory.toString());
        assertThatThrownBy(() -> VERIFICATION.run(directory.resolve("nowhere")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no such directory");
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThatThrownBy(() -> VERIFICATION.run(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("found a file");
    }

    @Test
    void anEmptyPartIsListed() throws IOException {
        Files.createDirectories(directory.resolve("some/split"));
        assertThat(new RecordedBundle(directory).verify())
                .containsExactly(Check.notChecked("some/split", "holds nothing that is compared"));
    }
}
