package org.chirplens.analysis;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/** The attention of a batch of images, from which maps are made by some readings. */
final class MapBatch {
    private final VitConfig vit;
    private final List<MapReading> readings;

    /** What is needed of {@link Fetches#ATTENTION_ROWS}, {@link Fetches#VALUE_NORMS} and {@link Fetches#ATTENTION_ROLLOUT}. */
    private final Map<String, float[]> arrays;

    private MapBatch(VitConfig vit, List<MapReading> readings, Map<String, float[]> arrays) {
        this.vit = vit;
        this.readings = readings;
        this.arrays = arrays;
    }

    static MapBatch of(InferenceModel model, Batch batch, List<MapReading> readings) {
        VitConfig vit = model.config().vit();
        FloatArray queries = FloatArray.zeros(readings.size(), vit.numTokens());
        for (int k = 0; k < readings.size(); k++) {
            readings.get(k).requireFits(vit);
            readings.get(k).putQueries(vit, queries.data(), k * vit.numTokens());
        }
        List<String> fetches = List.of(Fetches.ATTENTION_ROWS, Fetches.VALUE_NORMS, Fetches.ATTENTION_ROLLOUT).stream()
                .filter(fetch -> isNeeded(fetch, readings))
                .toList();
        Map<String, float[]> arrays = new LinkedHashMap<>();
        try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                TFloat32 fed = InferenceModel.tensor(queries);
                Result result = model.run(Map.of(Fetches.PIXELS, pixels, Fetches.ATTENTION_QUERIES, fed), fetches)) {
            for (int f = 0; f < fetches.size(); f++) {
                arrays.put(
                        fetches.get(f),
                        InferenceModel.copy((TFloat32) result.get(f)).data());
            }
        }
        return new MapBatch(vit, readings, arrays);
    }

    private static boolean isNeeded(String fetch, List<MapReading> readings) {
        return readings.stream().anyMatch(reading -> switch (fetch) {
            case Fetches.VALUE_NORMS -> reading.weighted();
            case Fetches.ATTENTION_ROLLOUT -> reading.source() == MapReading.Source.ROLLOUT;
            default -> reading.source() != MapReading.Source.ROLLOUT;
        });
    }

    /** The maps of one image, one for each reading. */
    List<AttentionMaps> of(int image, String name) {
        return IntStream.range(0, readings.size())
                .mapToObj(k -> new AttentionMaps(name, vit.patchGrid(), maps(image, k)))
                .toList();
    }

    private float[][][] maps(int image, int reading) {
        boolean rollout = readings.get(reading).source() == MapReading.Source.ROLLOUT;
        float[][][] maps = new float[vit.numLayers()][rollout ? 1 : vit.numHeads()][];
        for (int layer = 0; layer < maps.length; layer++) {
            for (int head = 0; head < maps[layer].length; head++) {
                maps[layer][head] = rollout ? rollout(image, layer) : map(image, layer, head, reading);
            }
        }
        return maps;
    }

    private float[] rollout(int image, int layer) {
        return patches(array(Fetches.ATTENTION_ROLLOUT), image * vit.numLayers() + layer);
    }

    private float[] map(int image, int layer, int head, int reading) {
        int at = (image * vit.numLayers() + layer) * vit.numHeads() + head;
        float[] map = patches(array(Fetches.ATTENTION_ROWS), at * readings.size() + reading);
        if (readings.get(reading).weighted()) {
            float[] norms = patches(array(Fetches.VALUE_NORMS), at);
            for (int p = 0; p < map.length; p++) {
                map[p] *= norms[p];
            }
        }
        return map;
    }

    private float[] array(String fetch) {
        return arrays.getOrDefault(fetch, new float[0]);
    }

    /** A row of tokens without the CLS token. */
    private float[] patches(float[] rows, int row) {
        float[] patches = new float[vit.numPatches()];
        System.arraycopy(rows, row * vit.numTokens() + 1, patches, 0, patches.length);
        return patches;
    }
}
