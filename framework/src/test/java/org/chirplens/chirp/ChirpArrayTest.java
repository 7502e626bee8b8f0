package org.chirplens.chirp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChirpArrayTest {
    private static final int SIZE = ChirpArray.BINS * ChirpArray.BINS;

    // The last bit of pow differs between C libraries; at 128 bins that is about 3e-15 of the ridge's height.
    private static final double LAST_BIT = 5e-15;

    @Test
    void cleanArraysEqualTheRecordedOnes() throws IOException {
        List<Chirp> chirps = handPicked();
        double[] recorded = RecordedArray.read("chirp_clean/raw.npy");
        assertThat(recorded).hasSize(chirps.size() * SIZE);
        for (int i = 0; i < chirps.size(); i++) {
            assertClose(ChirpArray.clean(chirps.get(i)), slice(recorded, i), LAST_BIT, "chirp " + i);
        }
    }

    @Test
    void smoothedCleanArraysEqualTheRecordedOnes() throws IOException {
        List<Chirp> chirps = handPicked();
        double[] recorded = RecordedArray.read("chirp_clean/smooth.npy");
        for (int i = 0; i < chirps.size(); i++) {
            Spectrogram drawn = ChirpArray.noisy(chirps.get(i), 0, new double[SIZE]);
            assertClose(drawn.values(), slice(recorded, i), 1e-12, "chirp " + i);
        }
    }

    @Test
    void genuineSpectrogramsFollowFromTheirLabelsAndNoise() throws IOException {
        double[] levels = RecordedArray.read("chirp_genuine/noise_level.npy");
        double[] noise = RecordedArray.read("chirp_genuine/noise.npy");
        double[] before = RecordedArray.read("chirp_genuine/before_smoothing.npy");
        double[] after = RecordedArray.read("chirp_genuine/spectrogram.npy");
        List<Chirp> chirps = genuine();
        assertThat(chirps).hasSize(2);
        for (int i = 0; i < chirps.size(); i++) {
            Chirp chirp = chirps.get(i);
            double[] noisy = ChirpArray.beforeSmoothing(chirp, levels[i], slice(noise, i));
            assertClose(noisy, slice(before, i), LAST_BIT, "before smoothing " + i);
            Spectrogram smooth = ChirpArray.noisy(chirp, levels[i], slice(noise, i));
            assertClose(smooth.values(), slice(after, i), 1e-12, "spectrogram " + i);
        }
    }

    @Test
    void columnsBeyondTheTimeAxisAreLeftOut() {
        double[] values = ChirpArray.clean(new Chirp(59.8, 10, 50, 50, ChirpShape.LINEAR));
        for (int i = 0; i < SIZE; i++) {
            assertThat(values[i] > 0).isEqualTo(i % 128 == 127 && i / 128 >= 62 && i / 128 <= 66);
        }
    }

    @Test
    void noiseOfAnotherSizeIsRejected() {
        Chirp chirp = new Chirp(0, 1, 50, 50, ChirpShape.LINEAR);
        assertThatThrownBy(() -> ChirpArray.noisy(chirp, 0.1, new double[100]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("noise must have 16384 values")
                .hasMessageContaining("found 100");
    }

    private static void assertClose(double[] actual, double[] expected, double tolerance, String what) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        for (int i = 0; i < actual.length; i++) {
            largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).as("largest difference of %s", what).isLessThanOrEqualTo(tolerance);
    }

    private static double[] slice(double[] all, int index) {
        return Arrays.copyOfRange(all, index * SIZE, (index + 1) * SIZE);
    }

    private static List<Chirp> handPicked() throws IOException {
        List<Chirp> chirps = new ArrayList<>();
        try (InputStream in = resource("/reference/chirp_clean/parameters.json")) {
            for (JsonNode node : new ObjectMapper().readTree(in).get("parameters")) {
                chirps.add(new Chirp(
                        node.get("start_time").asDouble(),
                        node.get("duration").asDouble(),
                        node.get("start_freq").asDouble(),
                        node.get("end_freq").asDouble(),
                        shape(node.get("type").asText())));
            }
        }
        return chirps;
    }

    private static List<Chirp> genuine() throws IOException {
        List<Chirp> chirps = new ArrayList<>();
        try (InputStream in = resource("/reference/chirp_genuine/labels.csv")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line : text.lines().skip(1).toList()) {
                List<String> cells = List.of(line.split(",", -1));
                chirps.add(new Chirp(
                        Double.parseDouble(cells.get(0)),
                        Double.parseDouble(cells.get(3)),
                        Double.parseDouble(cells.get(1)),
                        Double.parseDouble(cells.get(2)),
                        shape(cells.get(4))));
            }
        }
        return chirps;
    }

    private static ChirpShape shape(String name) {
        return ChirpShape.valueOf(name.toUpperCase(Locale.ROOT));
    }

    private static InputStream resource(String path) {
        return Objects.requireNonNull(ChirpArrayTest.class.getResourceAsStream(path), path);
    }
}
