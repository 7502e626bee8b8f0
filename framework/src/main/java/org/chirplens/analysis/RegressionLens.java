package org.chirplens.analysis;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.ProgressListener;
import org.chirplens.dataset.Selection;
import org.chirplens.model.Fetches;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.VitConfig;
import org.tensorflow.Result;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.types.TFloat32;

/**
 * What the model would predict if it stopped after a layer: the CLS token's residual stream there, read by the final LayerNorm and
 * the regression head, as the logit lens reads a language model (nostalgebraist 2020; Belrose et al. 2023, arXiv 2303.08112).
 */
public final class RegressionLens {
    private final InferenceModel model;
    private final VitConfig vit;

    public RegressionLens(InferenceModel model) {
        this.model = model;
        this.vit = model.config().vit();
    }

    /**
     * Predictions read from the stream.
     *
     * @param labels standardised [images][targets]
     * @param predictions standardised [layers + 1][images][targets]: those read from the embeddings, then after each layer; the
     *     last are the model's own
     */
    public record Readings(float[][] labels, float[][][] predictions) {
        /** Root of the mean squared error of a target after so many layers, in label deviations. */
        public double rmse(int layers, int target) {
            double sum = 0;
            for (int i = 0; i < labels.length; i++) {
                double error = (double) predictions[layers][i][target] - labels[i][target];
                sum += error * error;
            }
            return Math.sqrt(sum / labels.length);
        }

        /** Mean absolute distance of a target's reading to the model's own prediction, in label deviations. */
        public double distanceToFinal(int layers, int target) {
            float[][] last = predictions[predictions.length - 1];
            return IntStream.range(0, labels.length)
                    .mapToDouble(i -> Math.abs((double) predictions[layers][i][target] - last[i][target]))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** Reads the stream of some images. */
    public Readings run(Selection selection, int batchSize, ProgressListener progress) {
        return run(SweepImages.of(selection, vit.imageSize()), batchSize, progress);
    }

    /**
     * Reads the stream of images in memory.
     *
     * @param pixels preprocessed images [images, 3, imageSize, imageSize]
     * @param labels standardised labels [images][targets]
     */
    public Readings run(float[] pixels, float[][] labels, int batchSize) {
        return run(SweepImages.of(pixels, labels, vit.imageSize()), batchSize, ProgressListener.NONE);
    }

    private Readings run(SweepImages images, int batchSize, ProgressListener progress) {
        int stops = vit.numLayers() + 1;
        float[][][] predictions = new float[stops][images.size()][];
        int first = 0;
        try (SweepImages.Batches batches =
                images.read(IntStream.range(0, images.size()).toArray(), batchSize)) {
            while (batches.hasNext()) {
                Batch batch = batches.next();
                float[][] rows = rows(batch);
                for (int stop = 0; stop < stops; stop++) {
                    float[][] own = Arrays.copyOfRange(rows, stop * batch.size(), (stop + 1) * batch.size());
                    System.arraycopy(own, 0, predictions[stop], first, own.length);
                }
                first += batch.size();
                progress.progress(first, images.size());
            }
        }
        return new Readings(images.labels(), predictions);
    }

    /** Predictions [(layers + 1) * images][targets]. */
    private float[][] rows(Batch batch) {
        try (TFloat32 pixels = model.pixels(batch.pixels(), batch.size());
                Result pass = model.run(Map.of(Fetches.PIXELS, pixels), List.of(Fetches.CLS_STREAM));
                Tensor stream = reshaped((TFloat32) pass.get(0));
                Result result = model.run(Map.of(Fetches.FINAL_CLS, stream), List.of(Fetches.PREDICTIONS))) {
            return InferenceModel.rows((TFloat32) result.get(0));
        }
    }

    /** [L + 1, B, D] to [(L + 1) * B, 1, D], the same values. */
    private TFloat32 reshaped(TFloat32 stream) {
        long rows = stream.shape().get(0) * stream.shape().get(1);
        return TFloat32.tensorOf(
                Shape.of(rows, 1, vit.hiddenSize()), stream.asRawTensor().data().asFloats());
    }
}
