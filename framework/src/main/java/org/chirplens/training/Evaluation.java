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
        Collected collected = new Collected(images, indices, scaling, progress);
        try (BatchReader batches = new BatchReader(images, indices, batchSize, preprocessing, imageSize, threads)) {
            model.inOrder(batches, batch -> model.predict(batch.pixels(), batch.size()), collected::add);
        }
        return collected.predictions();
    }

    /** Predictions of some images, batch by batch in their order. */
    static final class Collected {
        private final ImageSet images;
        private final int[] indices;
        private final TargetScaling scaling;
        private final IntConsumer progress;
        private final float[][] predictions;
        private final float[][] labels;
        private int done;

        /**
         * @param indices which images
         * @param progress told how many images are done, after each batch
         */
        Collected(ImageSet images, int[] indices, TargetScaling scaling, IntConsumer progress) {
            this.images = images;
            this.indices = indices;
            this.scaling = scaling;
            this.progress = progress;
            predictions = new float[indices.length][];
            labels = new float[indices.length][];
        }

        /** @param rows standardised predictions of the batch */
        void add(Batch batch, float[][] rows) {
            for (int i = 0; i < rows.length; i++) {
                predictions[done + i] = rows[i];
                labels[done + i] = scaling.standardise(images.label(batch.indices()[i]));
            }
            done += rows.length;
            progress.accept(done);
        }

        Predictions predictions() {
            return new Predictions(indices, predictions, labels);
        }
    }
}
