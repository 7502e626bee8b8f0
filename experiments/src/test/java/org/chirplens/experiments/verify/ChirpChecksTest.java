package org.chirplens.experiments.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.chirplens.experiments.verify.RecordedBundle.REFERENCE;
import static org.chirplens.experiments.verify.RecordedBundle.copy;
import static org.chirplens.experiments.verify.RecordedBundle.failed;
import static org.chirplens.experiments.verify.RecordedBundle.line;
import static org.chirplens.experiments.verify.RecordedBundle.names;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChirpChecksTest {
    @TempDir
    private Path directory;

    @Test
    void everyRecordedChirpIsReproduced() throws IOException {
        assertThat(copy(REFERENCE, directory, "chirp_clean", "chirp_genuine").verify())
                .hasSize(11)
                .allSatisfy(
                        check -> assertThat(check.status()).as(check.toString()).isEqualTo(Check.Status.OK));
    }

    @Test
    void oneChangedValueFailsItsLineAndNoOther() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "chirp_clean", "chirp_genuine");
        bundle.addInNpy("chirp_clean", "smooth", 1, 1e-9);
        bundle.replaceText("chirp_clean/parameters.json", "\"last_column\": 37", "\"last_column\": 38");
        bundle.replaceText("chirp_clean/parameters.json", "30.069642131427283", "30.0696421324");
        bundle.replaceText("chirp_clean/raw_nonzero.json", "0.36787944117144233", "0.36787944118");
        bundle.addInNpy("chirp_genuine", "before_smoothing", 1, 1e-9);
        addToPixel("chirp_genuine/spectrogram_2.png", 200, 300);
        assertThat(failed(bundle.verify()))
                .containsExactly(
                        "chirp_clean/smooth",
                        "chirp_clean/parameters.json raw_sum",
                        "chirp_clean/parameters.json last_column",
                        "chirp_clean/raw_nonzero.json",
                        "chirp_genuine/before_smoothing",
                        "chirp_genuine/spectrogram_2.png");
    }

    @Test
    void settingsOfAnotherGeneratorFailWithTheReason() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "chirp_clean");
        bundle.replaceText("chirp_clean/parameters.json", "\"num_time_bins\": 128", "\"num_time_bins\": 64");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("chirp_clean");
        assertThat(line(checks, "chirp_clean").note())
                .isEqualTo("chirp_clean/parameters.json: settings num_time_bins must be 128.0, others are not"
                        + " supported, found 64");
        assertThat(names(checks, Check.Status.NOT_CHECKED)).containsExactly("chirp_clean/raw", "chirp_clean/smooth");
    }

    @Test
    void anyOfTheArraysMayBeLeftOut() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "chirp_clean", "chirp_genuine");
        bundle.delete("chirp_clean/raw.npy");
        bundle.delete("chirp_clean/raw_nonzero.json");
        bundle.delete("chirp_genuine/noise.npy");
        bundle.delete("chirp_genuine/spectrogram_1.png");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).isEmpty();
        assertThat(names(checks, Check.Status.NOT_CHECKED))
                .containsExactly("chirp_genuine/before_smoothing", "chirp_genuine/spectrogram");
        assertThat(line(checks, "chirp_genuine/spectrogram").note()).isEqualTo("needs chirp_genuine/noise");
        assertThat(names(checks, Check.Status.OK)).contains("chirp_genuine/spectrogram_2.png", "chirp_clean/smooth");
    }

    @Test
    void aDamagedImageFailsAlone() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "chirp_genuine");
        bundle.truncate("chirp_genuine/spectrogram_1.png");
        List<Check> checks = bundle.verify();
        assertThat(failed(checks)).containsExactly("chirp_genuine/spectrogram_1.png");
        assertThat(names(checks, Check.Status.OK)).contains("chirp_genuine/spectrogram_2.png");
    }

    /** The labels say what is in the title, so no figure can be drawn without them. */
    @Test
    void aDamagedLabelTableFailsWhatIsMadeFromIt() throws IOException {
        RecordedBundle bundle = copy(REFERENCE, directory, "chirp_genuine");
        bundle.replaceText("chirp_genuine/labels.csv", "exponential", "quadratic");
        assertThat(failed(bundle.verify()))
                .containsExactly(
                        "chirp_genuine/arrays of labels and noise",
                        "chirp_genuine/spectrogram_1.png",
                        "chirp_genuine/spectrogram_2.png");
    }

    private void addToPixel(String file, int x, int y) throws IOException {
        Path path = directory.resolve(file);
        BufferedImage image = ImageIO.read(path.toFile());
        image.setRGB(x, y, image.getRGB(x, y) ^ 0x80);
        ImageIO.write(image, "png", path.toFile());
    }
}
