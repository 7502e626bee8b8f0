package org.chirplens.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class PreprocessingTest {
    /** One unit in the last place of a value near 2: PyTorch may round a division differently. */
    private static final float ROUNDING = 2.4e-7f;

    @ParameterizedTest
    @CsvSource({"TRAINING, training_tensor", "IMAGENET, ablation_tensor", "ATTENTION, attention_tensor"})
    void equalsTheRecordedTensorOfTheReleasedPackages(Preprocessing recipe, String recorded) {
        float[] pixels = new float[Preprocessing.length(224)];
        recipe.apply(RecordedArrays.source(), 224, pixels, 0);

        float[] expected = RecordedArrays.floats("resize/" + recorded + ".npy");
        float largest = 0;
        for (int i = 0; i < pixels.length; i++) {
            largest = Math.max(largest, Math.abs(pixels[i] - expected[i]));
        }
        assertThat(expected).hasSameSizeAs(pixels);
        assertThat(largest).isLessThanOrEqualTo(ROUNDING);
    }

    @ParameterizedTest
    @EnumSource
    void writesOnlyItsOwnPlaceInABatch(Preprocessing recipe) {
        int length = Preprocessing.length(16);
        float[] alone = new float[length];
        float[] batch = new float[3 * length];
        recipe.apply(RecordedArrays.source(), 16, alone, 0);
        recipe.apply(RecordedArrays.source(), 16, batch, length);

        for (int i = 0; i < batch.length; i++) {
            float expected = i / length == 1 ? alone[i - length] : 0;
            assertThat(batch[i]).as("value %s", i).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @EnumSource
    void isFoundByItsKey(Preprocessing recipe) {
        assertThat(Preprocessing.of(recipe.key())).isEqualTo(recipe);
    }

    @Test
    void anUnknownKeyIsRefusedWithTheKnownOnes() {
        assertThatThrownBy(() -> Preprocessing.of("Imagenet"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("preprocessing must be one of training, imagenet, attention, found \"Imagenet\"");
    }
}
