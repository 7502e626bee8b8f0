package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chirplens.experiments.verify.RecordedBundle.REFERENCE;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;
import static org.chirplens.experiments.verify.RecordedBundle.names;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link ResizeChecks} and {@link SplitChecks}. */
class DataChecksTest {
    @TempDir
    private Path directory;

    @Test
    void everyRecordedImageAndSplitIsReproduced() throws IOException {
        assertThat(copy(REFERENCE, directory, "resize", "split").verify())
                .hasSize(11)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    }

    @Test
    void oneChangedValueFailsItsLineAndNoOther() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "resize", "split");
        bundle.addInNpy("resize", "training_tensor", 1, 1 / 255.0);
        bundle.addInNpy("resize", "torchvision_resize_64", 1, 2);
        bundle.replaceText("split/split_10.json", "[5, 0,", "[0, 5,");
        assertThat(failed(bundle.verify()))
                .containsExactly("resize/torchvision_resize_64", "resize/training_tensor", "split/split_10.json train");
    }

    @Test
    void oneInAThousandPixelsMayDifferByOneButNoMore() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "resize");
        // 32 x 32 x 3 = 3072 values
        bundle.addInNpy("resize", "torchvision_resize_32", 3, 1);
        assertThat(failed(bundle.verify())).isEmpty();
        bundle.addInNpy("resize", "torchvision_resize_32", 3, -1);
        bundle.addInNpy("resize", "torchvision_resize_32", 4, 1);
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("resize/torchvision_resize_32");
        assertThat(line(checks, "resize/torchvision_resize_32").note())
                .isEqualTo("4 of 3072 values differ; at most 0.100 % may");
    }

    @Test
    void arraysOfAnyNumberedSizeAreFoundByTheirName() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "resize");
        Files.move(
                directory.resolve("resize/torchvision_resize_32.npy"),
                directory.resolve("resize/torchvision_resize_7.npy"));
        assertThat(line(bundle.verify(), "resize/torchvision_resize_7").status())
                .isEqualTo(Check.Status.OK);
    }

    @Test
    void aMissingSourceImageFailsAndLeavesTheArraysUnchecked() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "resize");
        bundle.delete("resize/source.png");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("resize/source.png");
        assertThat(names(checks, Check.Status.NOT_CHECKED)).hasSize(7);
    }

    @Test
    void aSplitMaySayItsOwnSizeAndSeed() throws IOException {
        Path split = Files.createDirectory(directory.resolve("split"));
        // train_test_split(range(5), test_size=2, random_state=0)
        Files.writeString(
                split.resolve("split_5.json"),
                "{\"n\": 5, \"test_size\": 2, \"random_state\": 0, \"test\": [2, 0], \"train\": [1, 3, 4]}");
        assertThat(names(new RecordedBundle(directory).verify(), Check.Status.OK))
                .containsExactly("split/split_5.json train", "split/split_5.json test");
    }

    @Test
    void aDamagedSplitFailsAlone() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "split");
        bundle.truncate("split/split_600.json");
        Files.writeString(directory.resolve("split/split_x.json"), "{\"n\": 1, \"train\": [0]}");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("split/split_600.json", "split/split_x.json");
        assertThat(line(checks, "split/split_600.json").note()).startsWith("split/split_600.json: is not valid JSON");
        assertThat(names(checks, Check.Status.OK)).hasSize(2);
    }
}
