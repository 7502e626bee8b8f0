package org.chirplens.experiments.verify;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Target;
import org.chirplens.model.HeadId;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;

/** Compares {@code ablation/}: the protocol {@code head_mask}, by both ways of computing it. */
final class AblationChecks {
    /** Relative: losses are means over 120 squared errors, each as exact as the predictions. */
    private static final double LOSS_TOLERANCE = 1e-5;
    /** Absolute, as for every forward pass. */
    private static final double PREDICTION_TOLERANCE = 2e-5;
    /** Images of a batch in the released averaging, which is the mean of batch means. */
    private static final int RELEASED_BATCH = 16;

    private final TrainedModel trained;
    private final Section section;
    private final SessionOptions options;

    AblationChecks(RecordedModel recorded, Section section, SessionOptions options) {
        this.trained = recorded.fineTuned();
        this.section = section;
        this.options = options;
    }

    List<Check> run() {
        float[] input = section.input("input").floats();
        float[][] labels = rows(section.input("labels_standardised").floats());
        try (InferenceModel model = new InferenceModel(trained.config(), trained.weights(), options)) {
            for (AblationSweep.Method method : AblationSweep.Method.values()) {
                compare(method, new AblationSweep(model, method, 64).run(input, labels));
            }
        }
        return section.checks();
    }

    private void compare(AblationSweep.Method method, HeadAblation ours) {
        String how = method.name().toLowerCase(Locale.ROOT);
        section.absolute("baseline_predictions", how, flat(ours.baseline()), PREDICTION_TOLERANCE);
        int images = ours.labels().length;
        float[] predictions = new float[ours.heads().size() * images * Target.COUNT];
        double[] losses = new double[ours.heads().size()];
        double[] batchMeans = new double[losses.length];
        for (int i = 0; i < losses.length; i++) {
            HeadId head = ours.heads().get(i);
            float[] own = flat(ours.predictions(head));
            System.arraycopy(own, 0, predictions, i * own.length, own.length);
            losses[i] = ours.ablatedLoss(head);
            batchMeans[i] = meanOfBatchMeans(ours.predictions(head), ours.labels());
        }
        section.absolute("head_mask_predictions", how, predictions, PREDICTION_TOLERANCE);
        section.relative("head_mask_loss", how, losses, LOSS_TOLERANCE);
        section.relative("head_mask_loss_batch_mean", how, batchMeans, LOSS_TOLERANCE);
    }

    private static double meanOfBatchMeans(float[][] predictions, float[][] labels) {
        double sum = 0;
        int batches = 0;
        for (int from = 0; from < labels.length; from += RELEASED_BATCH) {
            int to = Math.min(labels.length, from + RELEASED_BATCH);
            sum += HeadAblation.meanSquaredError(
                    Arrays.copyOfRange(predictions, from, to), Arrays.copyOfRange(labels, from, to));
            batches++;
        }
        return sum / batches;
    }

    private static float[][] rows(float[] values) {
        float[][] rows = new float[values.length / Target.COUNT][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * Target.COUNT, (i + 1) * Target.COUNT);
        }
        return rows;
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[rows.length * Target.COUNT];
        for (int i = 0; i < rows.length; i++) {
            System.arraycopy(rows[i], 0, flat, i * Target.COUNT, Target.COUNT);
        }
        return flat;
    }
}
