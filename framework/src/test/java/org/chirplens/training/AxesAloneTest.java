package org.chirplens.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.training.RecordedTraining.get;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.PatchWindow;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;

/** A graph that sees a window of patches is a smaller model: one whose image is the window. */
class AxesAloneTest {
    private static final SessionOptions OPTIONS = new SessionOptions("cpu", 1);
    private static final int IMAGES = 3;
    private static final int GRID = 3;
    private static final double RATE = 1e-2;
    private static final double DECAY = 0.1;

    /** Rows 1 and 2, columns 0 and 1 of 3 x 3 patches. */
    private static final PatchWindow WINDOW = new PatchWindow(1, 0, 2, 2);

    private static final ModelConfig WHOLE = new ModelConfig(new VitConfig(24, 8, 20, 3, 4, 28, 1e-12), null, 2);
    private static final ModelConfig PART = new ModelConfig(new VitConfig(16, 8, 20, 3, 4, 28, 1e-12), null, 2);
    private static final TrainingConfig TRAINING = TrainingConfig.released()
            .with()
            .train(Trainable.BACKBONE)
            .weightDecay(DECAY)
            .build();
    private static final Map<String, FloatArray> WEIGHTS = RandomWeights.of(WHOLE, 7);
    private static final float[] PIXELS = RandomWeights.pixels(WHOLE.vit(), IMAGES, 8);

    /** The place of a token of the smaller model among the tokens of the whole one. */
    private static int place(int token) {
        int patch = token - 1;
        return token == 0 ? 0 : 1 + (WINDOW.top() + patch / 2) * GRID + WINDOW.left() + patch % 2;
    }

    private static Map<String, FloatArray> partWeights() {
        int d = WHOLE.vit().hiddenSize();
        FloatArray all = get(WEIGHTS, Parameters.POSITION_EMBEDDINGS);
        FloatArray own = FloatArray.zeros(1, PART.vit().numTokens(), d);
        for (int token = 0; token < PART.vit().numTokens(); token++) {
            System.arraycopy(all.data(), place(token) * d, own.data(), token * d, d);
        }
        Map<String, FloatArray> weights = new HashMap<>(WEIGHTS);
        weights.put(Parameters.POSITION_EMBEDDINGS, own);
        return weights;
    }

    private static float[] partPixels() {
        float[] part = new float[IMAGES * 3 * 16 * 16];
        for (int row = 0; row < IMAGES * 3 * 16; row++) {
            int plane = row / 16;
            System.arraycopy(
                    PIXELS, (plane * 24 + 8 * WINDOW.top() + row % 16) * 24 + 8 * WINDOW.left(), part, row * 16, 16);
        }
        return part;
    }

    @Test
    void itPredictsAsTheModelOfThatPartOfTheImage() {
        try (TrainingGraph graph = new TrainingGraph(WHOLE, TRAINING, WINDOW, OPTIONS);
                InferenceModel part = new InferenceModel(PART, partWeights(), OPTIONS)) {
            graph.start(WEIGHTS);
            float[][] seen = graph.predict(PIXELS, IMAGES);
            float[][] expected = part.predict(partPixels(), IMAGES);
            for (int image = 0; image < IMAGES; image++) {
                assertThat(seen[image]).containsExactly(expected[image], within(2e-5f)); // two orders of float32 sums
            }
        }
    }

    @Test
    void positionsOutsideTheWindowMoveByWeightDecayAlone() {
        float[] labels = {1, -1, 0.5f, 2, -2, 1};
        try (TrainingGraph graph = new TrainingGraph(WHOLE, TRAINING, WINDOW, OPTIONS)) {
            graph.start(WEIGHTS);
            graph.step(PIXELS, labels, null, RATE, 0);
            FloatArray before = get(WEIGHTS, Parameters.POSITION_EMBEDDINGS);
            FloatArray after = get(graph.parameters(), Parameters.POSITION_EMBEDDINGS);
            int d = WHOLE.vit().hiddenSize();
            for (int token = 0; token < WHOLE.vit().numTokens(); token++) {
                int row = token;
                boolean seen = IntStream.range(0, PART.vit().numTokens()).anyMatch(own -> place(own) == row);
                double most = 0;
                for (int i = token * d; i < (token + 1) * d; i++) {
                    most = Math.max(most, Math.abs(after.data()[i] - before.data()[i] * (1 - RATE * DECAY)));
                }
                if (seen) {
                    assertThat(most).as("token %d", token).isGreaterThan(RATE / 10);
                } else {
                    assertThat(most).as("token %d", token).isLessThan(1e-6); // a float's rounding
                }
            }
        }
    }

    /** Of 2 x 2 patches of 2 x 2 cells, row-major, the right column of patches has cells 2, 3, 6, 7, 10, 11, 14, 15. */
    @Test
    void theChirpIsWhereItIsInTheWindow() {
        PatchWindow right = new PatchWindow(0, 1, 2, 1);
        float[] ridge = new float[16];
        ridge[2] = 1;
        ridge[7] = 1;
        ridge[9] = 1;
        ChirpCells seen = new ChirpCells(ridge, 2, 15).within(right, 2, 2);
        assertThat(seen.ridge()).containsExactly(1, 0, 0, 1, 0, 0, 0, 0);
        assertThat(seen.start()).isZero();
        assertThat(seen.end()).isEqualTo(7);
        assertThatThrownBy(() -> new ChirpCells(ridge, 2, 9).within(right, 2, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a chirp must begin and end in the patches that the model sees")
                .hasMessageContaining("cell 9");
        assertThatThrownBy(() -> new ChirpCells(new float[9], 2, 3).within(right, 2, 2))
                .hasMessageContaining("an image must have 16 cells, found 9");
    }
}
