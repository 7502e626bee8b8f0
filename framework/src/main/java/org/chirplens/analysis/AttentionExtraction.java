package org.chirplens.analysis;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.Selection;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * Extracts the attention maps of every head by any {@link MapReading}. The graph reduces the attention to the maps, so that memory
 * holds T values per head and not T * T.
 */
public final class AttentionExtraction {
    private final InferenceModel model;

    public AttentionExtraction(InferenceModel model) {
        this.model = model;
    }

    /**
     * Hands the maps of each selected image to a consumer, in order.
     *
     * @param readings at least one
     * @param consumer takes an image's maps, one for each reading
     */
    public void run(
            Selection selection, List<MapReading> readings, int batchSize, Consumer<List<AttentionMaps>> consumer) {
        int imageSize = model.config().vit().imageSize();
        try (BatchReader batches = selection.batches(0, batchSize, imageSize)) {
            model.inOrder(batches, batch -> MapBatch.of(model, batch, readings), (batch, maps) -> {
                for (int i = 0; i < batch.size(); i++) {
                    consumer.accept(maps.of(i, selection.images().name(batch.indices()[i])));
                }
            });
        }
    }

    /**
     * The maps of a batch, averaged over its images, as the released package does with a batch.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     */
    public AttentionMaps average(String name, float[] pixels, int images) {
        return mean(name, maps(pixels, images), images);
    }

    private FloatArray maps(float[] pixels, int images) {
        try (TFloat32 input = model.pixels(pixels, images);
                Result result = model.run(Map.of(Fetches.PIXELS, input), List.of(Fetches.ATTENTION_MAPS))) {
            return InferenceModel.copy((TFloat32) result.get(0));
        }
    }

    /** The mean of a batch of maps [B, L, H, P, P]. */
    private AttentionMaps mean(String name, FloatArray batch, int images) {
        VitConfig vit = model.config().vit();
        float[][][] maps = new float[vit.numLayers()][vit.numHeads()][];
        int size = vit.numPatches();
        for (int layer = 0; layer < vit.numLayers(); layer++) {
            for (int head = 0; head < vit.numHeads(); head++) {
                double[] sum = new double[size];
                for (int image = 0; image < images; image++) {
                    int at = ((image * vit.numLayers() + layer) * vit.numHeads() + head) * size;
                    for (int patch = 0; patch < size; patch++) {
                        sum[patch] += batch.data()[at + patch];
                    }
                }
                maps[layer][head] = mean(sum, images);
            }
        }
        return new AttentionMaps(name, vit.patchGrid(), maps);
    }

    private static float[] mean(double[] sum, int count) {
        float[] mean = new float[sum.length];
        for (int i = 0; i < sum.length; i++) {
            mean[i] = (float) (sum[i] / count);
        }
        return mean;
    }
}
