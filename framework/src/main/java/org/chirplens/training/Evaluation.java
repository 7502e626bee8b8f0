package org.chirplens.training;

import java.util.function.IntConsumer;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.InferenceModel;

/** Runs a model over a data set. */
public final class Evaluation {
    private Evaluation() {}

    /** What turns a batch of prepared images into standardised predictions. */
    @FunctionalInterface
    interface Predictor {
        /** Predicts; pixels are float [images, 3, S, S]. */
        float[][] predict(float[] pixels, int images);
    }

    /**
     * Predicts the given images of a data set, batch by batch, while other threads read the next ones.
     *
     * @param indices which images, in the order of the result
     * @param preprocessing the recipe that the model was trained with
     * @param scaling the scaling that the model was trained with
     * @param threads threads that read and prepare images
     * @param progress told how many images are done, after each batch
     */
    public static Predictions run(
            InferenceModel model,
            ImageSet images,
            int[] indices,
            Preprocessing preprocessing,
            TargetScaling scaling,
            int batchSize,
            int threads,
            IntConsumer progress) {
        int imageSize = model.config().vit().imageSize();
        try (BatchReader batches = new BatchReader(images, indices, batchSize, preprocessing, imageSize, threads)) {
            return collect(model::predict, () -> batches, images, indices, scaling, progress);
        }
    }

    /** Predicts batches that hold the images of {@code indices} in that order. */
    static Predictions collect(
            Predictor predictor,
            Iterable<Batch> batches,
            ImageSet images,
            int[] indices,
            TargetScaling scaling,
            IntConsumer progress) {
        float[][] predictions = new float[indices.length][];
        float[][] labels = new float[indices.length][];
        int done = 0;
        for (Batch batch : batches) {
            float[][] rows = predictor.predict(batch.pixels(), batch.indices().length);
            for (int i = 0; i < rows.length; i++) {
                predictions[done + i] = rows[i];
                labels[done + i] = scaling.standardise(images.label(batch.indices()[i]));
            }
            done += rows.length;
            progress.accept(done);
        }
        return new Predictions(indices, predictions, labels);
    }
}
