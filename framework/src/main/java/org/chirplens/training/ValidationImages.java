package org.chirplens.training;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntConsumer;
import org.chirplens.dataset.Batch;
import org.chirplens.dataset.BatchReader;

/**
 * The validation images, which every epoch reads. A set that fits is kept in memory once prepared: drawing and resizing
 * an image costs a small model as much as predicting it.
 */
final class ValidationImages {
    /** Prepared images of at most this many bytes are kept. */
    private static final long KEPT_BYTES = 128L << 20;

    private final TrainingData data;
    private final int imageSize;
    private final int batchSize;
    private final List<Batch> kept = new ArrayList<>();

    ValidationImages(TrainingData data, int imageSize, int batchSize) {
        this.data = data;
        this.imageSize = imageSize;
        this.batchSize = batchSize;
    }

    Predictions predict(Evaluation.Predictor predictor, IntConsumer progress) {
        if (!kept.isEmpty()) {
            return collect(predictor, kept, progress);
        }
        List<Batch> read = new ArrayList<>();
        boolean keep = 12L * imageSize * imageSize * data.validation().length <= KEPT_BYTES;
        Predictions predictions;
        try (BatchReader batches = new BatchReader(
                data.images(), data.validation(), batchSize, data.preprocessing(), imageSize, data.readerThreads())) {
            Iterator<Batch> remembering = new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return batches.hasNext();
                }

                @Override
                public Batch next() {
                    Batch batch = batches.next();
                    if (keep) {
                        read.add(batch);
                    }
                    return batch;
                }
            };
            predictions = collect(predictor, () -> remembering, progress);
        }
        kept.addAll(read);
        return predictions;
    }

    private Predictions collect(Evaluation.Predictor predictor, Iterable<Batch> batches, IntConsumer progress) {
        return Evaluation.collect(predictor, batches, data.images(), data.validation(), data.scaling(), progress);
    }
}
