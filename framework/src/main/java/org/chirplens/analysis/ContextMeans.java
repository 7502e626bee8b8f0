package org.chirplens.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.model.Fetches;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.types.TFloat32;

/**
 * The mean of every head's context over images, token by token, accumulated in double. What
 * {@link Protocol#MEAN_PER_POSITION} replaces a context by, and averaged over the tokens {@link Protocol#MEAN}.
 */
final class ContextMeans {
    private final VitConfig vit;
    private final double[][] sums; // [L][H * T * d]
    private final int images;

    private ContextMeans(VitConfig vit, double[][] sums, int images) {
        this.vit = vit;
        this.sums = sums;
        this.images = images;
    }

    /** One pass over all images; {@code imagesDone} is told how many of them are done. */
    static ContextMeans over(InferenceModel model, SweepImages images, int batchSize, IntConsumer imagesDone) {
        VitConfig vit = model.config().vit();
        double[][] sums = new double[vit.numLayers()][vit.numHeads() * vit.numTokens() * vit.headSize()];
        List<String> contexts =
                IntStream.range(0, vit.numLayers()).mapToObj(Fetches::context).toList();
        int done = 0;
        try (SweepImages.Batches batches =
                images.read(IntStream.range(0, images.size()).toArray(), batchSize)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                        Result pass = model.run(Map.of(Fetches.PIXELS, pixels), contexts)) {
                    for (int layer = 0; layer < vit.numLayers(); layer++) {
                        add(InferenceModel.copy((TFloat32) pass.get(layer)).data(), sums[layer]);
                    }
                }
                done += batch.size();
                imagesDone.accept(done);
            }
        }
        return new ContextMeans(vit, sums, done);
    }

    private static void add(float[] contexts, double[] sum) {
        for (int from = 0; from < contexts.length; from += sum.length) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += contexts[from + i];
            }
        }
    }

    /** For each layer the mean context of every head and token [1, H, T, d]. */
    List<FloatArray> perPosition() {
        List<FloatArray> layers = new ArrayList<>();
        for (double[] sum : sums) {
            FloatArray mean = FloatArray.zeros(1, vit.numHeads(), vit.numTokens(), vit.headSize());
            for (int i = 0; i < sum.length; i++) {
                mean.data()[i] = (float) (sum[i] / images);
            }
            layers.add(mean);
        }
        return layers;
    }

    /** For each layer the mean context of every head, over the tokens too [1, H, 1, d]. */
    List<FloatArray> overTokens() {
        List<FloatArray> layers = new ArrayList<>();
        int d = vit.headSize();
        for (double[] sum : sums) {
            FloatArray mean = FloatArray.zeros(1, vit.numHeads(), 1, d);
            for (int i = 0; i < mean.data().length; i++) {
                double total = 0;
                for (int token = 0; token < vit.numTokens(); token++) {
                    total += sum[(i / d * vit.numTokens() + token) * d + i % d];
                }
                mean.data()[i] = (float) (total / ((double) images * vit.numTokens()));
            }
            layers.add(mean);
        }
        return layers;
    }
}
