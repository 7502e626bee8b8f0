package org.chirplens.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.chirplens.dataset.Batch;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.RandomWeights;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** Readings by their names, and the maps that they make of a small model's attention. */
class MapReadingTest {
    private static final VitConfig VIT = new VitConfig(24, 8, 20, 2, 4, 28, 1e-12);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "patch_queries",
                "cls",
                "patch_3_7",
                "rollout",
                "patch_queries_weighted",
                "cls_weighted",
                "patch_0_12_weighted"
            })
    void namesAreReadBack(String key) {
        assertThat(MapReading.of(key).key()).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "patch", "patch_1", "patch_-1_2", "rollout_weighted", "CLS", "mean"})
    void otherNamesAreRefused(String key) {
        assertThatThrownBy(() -> MapReading.of(key))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be one of patch_queries, cls, patch_ROW_COLUMN")
                .hasMessageContaining("found \"" + key + "\"");
    }

    @Test
    void mapsAreRowsOfTheAttention() {
        ModelConfig config = ModelConfig.backbone(VIT);
        float[] pixels = RandomWeights.pixels(VIT, 2, 3);
        List<MapReading> readings = List.of(
                MapReading.PATCH_QUERIES,
                MapReading.CLS,
                MapReading.of("patch_1_2"),
                MapReading.of("cls_weighted"),
                MapReading.of("rollout"));
        try (InferenceModel model =
                new InferenceModel(config, RandomWeights.of(config, 4), SessionOptions.defaults())) {
            MapBatch batch = MapBatch.of(model, new Batch(new int[] {0, 1}, pixels), readings);
            List<AttentionMaps> maps = batch.of(1, "one");
            int layer = 1;
            int head = 2;
            float[] probabilities = fetch(model, pixels, Fetches.attentionProbabilities(layer));
            float[] norms = fetch(model, pixels, Fetches.VALUE_NORMS);
            int tokens = VIT.numTokens();
            int at = (VIT.numHeads() + head) * tokens; // of image 1
            AttentionMaps published = new AttentionExtraction(model).average("one", onlySecond(pixels), 1);
            for (int p = 0; p < VIT.numPatches(); p++) {
                float cls = probabilities[at * tokens + 1 + p];
                float norm = norms[((VIT.numLayers() + layer) * VIT.numHeads() + head) * tokens + 1 + p];
                assertThat(maps.get(0).maps()[layer][head][p])
                        .isCloseTo(published.maps()[layer][head][p], within(1e-6f));
                assertThat(maps.get(1).maps()[layer][head][p]).isCloseTo(cls, within(1e-6f));
                assertThat(maps.get(2).maps()[layer][head][p])
                        .isCloseTo(probabilities[(at + 1 + 1 * VIT.patchGrid() + 2) * tokens + 1 + p], within(1e-6f));
                assertThat(maps.get(3).maps()[layer][head][p]).isCloseTo(cls * norm, within(1e-5f));
            }
            assertThat(maps.get(4).maps()[layer]).hasDimensions(1, VIT.numPatches());
        }
    }

    private static float[] onlySecond(float[] pixels) {
        float[] second = new float[pixels.length / 2];
        System.arraycopy(pixels, second.length, second, 0, second.length);
        return second;
    }

    private static float[] fetch(InferenceModel model, float[] pixels, String name) {
        try (TFloat32 input = model.pixels(pixels, 2);
                Result result = model.run(Map.of(Fetches.PIXELS, input), List.of(name))) {
            return InferenceModel.copy((TFloat32) result.get(0)).data();
        }
    }
}
