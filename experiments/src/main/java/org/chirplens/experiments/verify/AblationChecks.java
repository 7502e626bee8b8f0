package org.chirplens.experiments.verify;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.chirplens.analysis.AblationSweep;
import org.chirplens.analysis.HeadAblation;
import org.chirplens.analysis.Protocol;
import org.chirplens.analysis.SweepSettings;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Target;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;

/** Compares {@code ablation/}: every protocol that it holds, by both ways of computing it. */
final class AblationChecks {
    /** Relative: losses are means over 120 squared errors, each as exact as the predictions. */
    private static final double LOSS_TOLERANCE = 1e-5;
    /** Absolute, as for every forward pass. */
    private static final double PREDICTION_TOLERANCE = 2e-5;

    /** The recorded names of the protocols' arrays. {@code resample} draws images at random: it has no record. */
    private static final Map<Protocol, String> RECORDED = new LinkedHashMap<>();

    static {
        RECORDED.put(Protocol.HEAD_MASK, "head_mask");
        RECORDED.put(Protocol.ZERO_QKV_BASE, "zero_qkv_base");
        RECORDED.put(Protocol.ZERO_QKV_BASE_LORA, "zero_qkv_base_lora");
        RECORDED.put(Protocol.ZERO_QKV_BASE_LORA_BIAS, "zero_qkv_base_lora_bias");
        RECORDED.put(Protocol.MEAN, "mean_ablation");
        RECORDED.put(Protocol.MEAN_PER_POSITION, "mean_ablation_per_position");
        RECORDED.put(Protocol.ROW_ONLY, "row_only");
        RECORDED.put(Protocol.RELEASED, "released");
    }

    private final TrainedModel trained;
    private final Section section;
    private final SessionOptions options;
    private final float[] input;
    private final float[][] labels;
    private final int batch;

    /** @param batch images of a batch of the recorded run */
    AblationChecks(RecordedModel recorded, Section section, SessionOptions options, int batch) {
        this.trained = recorded.fineTuned();
        this.section = section;
        this.options = options;
        this.batch = batch;
        this.input = section.input("input").floats();
        this.labels = rows(section.input("labels_standardised").floats());
    }

    List<Check> run() {
        try (InferenceModel model = new InferenceModel(trained.config(), trained.weights(), options)) {
            section.absolute("baseline_predictions", flat(model.predict(input, labels.length)), PREDICTION_TOLERANCE);
            RECORDED.forEach((protocol, name) -> compare(model, protocol, name));
            means(model, Protocol.MEAN, "mean_context");
            means(model, Protocol.MEAN_PER_POSITION, "mean_context_per_position");
            if (section.has("released_predictions_after_whole_loop")) {
                section.absolute(
                        "released_predictions_after_whole_loop",
                        flat(AblationSweep.predictAfterReleasedLoop(model, input, labels.length)),
                        PREDICTION_TOLERANCE);
            }
        }
        return section.checks();
    }

    private void compare(InferenceModel model, Protocol protocol, String name) {
        if (!section.has(name + "_predictions") && !section.has(name + "_loss")) {
            return;
        }
        for (SweepSettings.Method method : SweepSettings.Method.values()) {
            SweepSettings settings = new SweepSettings(method, 64, batch, 0);
            HeadAblation ours = new AblationSweep(model, protocol, settings).run(input, labels);
            String how = method.name().toLowerCase(Locale.ROOT);
            section.absolute(name + "_predictions", how, flat(ours.ablated()), PREDICTION_TOLERANCE);
            double[] overImages = losses(ours.withLossBatch(0));
            double[] overBatches = losses(ours.withLossBatch(batch));
            if (protocol == Protocol.RELEASED) {
                section.relative("released_loss", how, overBatches, LOSS_TOLERANCE);
                section.relative("released_loss_sample_weighted", how, overImages, LOSS_TOLERANCE);
            } else {
                section.relative(name + "_loss", how, overImages, LOSS_TOLERANCE);
                section.relative(name + "_loss_batch_mean", how, overBatches, LOSS_TOLERANCE);
            }
        }
    }

    private void means(InferenceModel model, Protocol protocol, String array) {
        if (section.has(array)) {
            List<FloatArray> layers = new AblationSweep(model, protocol, SweepSettings.of(64)).meanContexts(input);
            section.absolute(
                    array, flat(layers.stream().map(FloatArray::data).toArray(float[][]::new)), PREDICTION_TOLERANCE);
        }
    }

    private static double[] losses(HeadAblation ablation) {
        return ablation.heads().stream().mapToDouble(ablation::ablatedLoss).toArray();
    }

    private static float[][] rows(float[] values) {
        float[][] rows = new float[values.length / Target.COUNT][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * Target.COUNT, (i + 1) * Target.COUNT);
        }
        return rows;
    }

    private static float[] flat(float[][][] blocks) {
        return flat(Arrays.stream(blocks).map(AblationChecks::flat).toArray(float[][]::new));
    }

    private static float[] flat(float[][] rows) {
        float[] flat = new float[Arrays.stream(rows).mapToInt(row -> row.length).sum()];
        int at = 0;
        for (float[] row : rows) {
            System.arraycopy(row, 0, flat, at, row.length);
            at += row.length;
        }
        return flat;
    }
}
