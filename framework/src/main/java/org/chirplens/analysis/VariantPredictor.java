package org.chirplens.analysis;

import java.util.Set;
import java.util.function.IntConsumer;
import org.chirplens.model.InferenceModel;
import org.jspecify.annotations.Nullable;
import org.tensorflow.types.TFloat32;

/** One way to predict a batch of images with no head ablated and with every head ablated in turn. */
interface VariantPredictor extends AutoCloseable {
    /**
     * A batch of images.
     *
     * @param first position of its first image among all images of the sweep
     * @param images number of images
     * @param pixels [images, 3, imageSize, imageSize]
     * @param partners for each image another one, in the same shape; null unless the protocol needs them
     */
    record SweepBatch(
            int first,
            int images,
            TFloat32 pixels,
            @Nullable TFloat32 partners) {}

    /** What it wants kept of the pass without ablation, beside the predictions. */
    Set<String> needs();

    /**
     * Predicts.
     *
     * @param baseline the pass without ablation over the same images, with what was asked for
     * @param records receives for each image, behind the predictions without ablation, those of every head
     * @param headsDone told how many heads of the batch are done
     */
    void predict(SweepBatch batch, BaselinePass baseline, float[][] records, IntConsumer headsDone);

    @Override
    default void close() {}

    /** Copies predictions [images, targets] to their place in the records; variant 0 is the one without ablation. */
    static void put(float[][] records, int variant, TFloat32 predictions) {
        put(records, variant, InferenceModel.rows(predictions), 0);
    }

    /** Copies some of the rows of predictions, from a row on, one for each record. */
    static void put(float[][] records, int variant, float[][] predictions, int from) {
        for (int image = 0; image < records.length; image++) {
            float[] row = predictions[from + image];
            System.arraycopy(row, 0, records[image], variant * row.length, row.length);
        }
    }
}
