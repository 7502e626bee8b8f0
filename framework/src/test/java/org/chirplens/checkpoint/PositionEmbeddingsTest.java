package org.chirplens.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.chirplens.checkpoint.Recorded.get;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.chirplens.model.FloatArray;
import org.chirplens.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionEmbeddingsTest {
    /**
     * PyTorch computes positions and weights in float32, whose rounding at position 14 is about 1e-6; values here are
     * normal, so at most about 4.
     */
    private static final double TOLERANCE = 1e-5;

    private static final Map<String, FloatArray> RECORDED =
            Safetensors.read(Path.of("src/test/resources/torch/position_embeddings.safetensors"));
    private static final Path BACKBONE = Recorded.path("config_a/model/backbone_vitmodel");

    @ParameterizedTest
    @CsvSource({"4,7", "7,4", "14,24", "14,1", "1,3"})
    void resizingGivesWhatPyTorchRecorded(int from, int to) {
        String name = "from" + from + "_to" + to;
        FloatArray expected = get(RECORDED, name + ".output");

        FloatArray resized = PositionEmbeddings.resize(get(RECORDED, name + ".input"), from, to);

        assertThat(resized.shape()).isEqualTo(expected.shape());
        for (int i = 0; i < expected.data().length; i++) {
            assertThat((double) resized.data()[i])
                    .as(name + ", value " + i)
                    .isCloseTo(expected.data()[i], within(TOLERANCE));
        }
    }

    @Test
    void aConstantPictureStaysConstant() {
        FloatArray ones = FloatArray.zeros(1, 17, 2);
        Arrays.fill(ones.data(), 1);

        for (float value : PositionEmbeddings.resize(ones, 4, 9).data()) {
            assertThat((double) value).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void onlyThePatchesPositionsChangeWithTheImageSize() {
        Backbone small = Backbone.read(BACKBONE);

        Backbone large = small.withImageSize(56);

        assertThat(large.config().imageSize()).isEqualTo(56);
        assertThat(large.config().numTokens()).isEqualTo(50);
        small.weights().forEach((name, weight) -> {
            if (!name.equals(Parameters.POSITION_EMBEDDINGS)) {
                assertThat(get(large.weights(), name)).as(name).isSameAs(weight);
            }
        });
        FloatArray before = get(small.weights(), Parameters.POSITION_EMBEDDINGS);
        FloatArray after = get(large.weights(), Parameters.POSITION_EMBEDDINGS);
        assertThat(after.shape()).containsExactly(1, 50, 48);
        assertThat(Arrays.copyOf(after.data(), 48)).as("the CLS token").isEqualTo(Arrays.copyOf(before.data(), 48));
    }

    @Test
    void theSameSizeChangesNothing() {
        Backbone backbone = Backbone.read(BACKBONE);

        assertThat(backbone.withImageSize(32)).isEqualTo(backbone);
    }

    @Test
    void theSizeMustHoldWholePatches() {
        Backbone backbone = Backbone.read(BACKBONE);

        assertThatThrownBy(() -> backbone.withImageSize(36))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("imageSize must be a multiple of patchSize 8, found 36");
    }
}
