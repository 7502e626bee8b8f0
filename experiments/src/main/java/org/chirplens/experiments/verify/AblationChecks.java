package org.chirplens.experiments.verify;

import java.nio.file.Files;
import java.util.ArrayList;
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
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;

/** Compares {@code ablation/}: every protocol that it holds, by both ways of computing it, and what follows from them. */
final class AblationChecks {
    /** Relative: losses are means of many squared errors, each as exact as the predictions. */
    static final double LOSS_TOLERANCE = 1e-5;
    /** Absolute, on standardised labels of size one, which are rounded to float32 before and after. */
    private static final double LABEL_TOLERANCE = 1e-6;

    private static final String SETTINGS = "setup.json";

    /** What an array is called behind the name of its protocol. */
    private static final String RESULTS = "_(predictions|loss.*)";

    private static final int VARIANTS = 64;

    /** The recorded names of the protocols' arrays. Protocols that draw at random have no record. */
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
    /** Images of a batch of the recorded run; 0 when the bundle does not say. */
    private final int batch;

    AblationChecks(RecordedModel recorded, Section section, SessionOptions options) {
        this.trained = recorded.fineTuned();
        this.section = section;
        this.options = options;
        this.batch = Files.exists(section.file(SETTINGS))
                ? RecordedJson.read(section.file(SETTINGS)).get("batch_size").integer()
                : 0;
        this.input = section.input("input").floats();
        this.labels = rows(section.input("labels_standardised").floats());
        int perImage =
                3 * trained.config().vit().imageSize() * trained.config().vit().imageSize();
        if (input.length != (long) labels.length * perImage) {
            throw new IllegalArgumentException("input and labels_standardised must be [N, 3, S, S] and [N, 3] with S = "
                    + trained.config().vit().imageSize() + ", found " + input.length + " and "
                    + labels.length * Target.RELEASED.size() + " values");
        }
    }

    void run() {
        labels();
        List<HeadAblation> ablations = new ArrayList<>();
        try (InferenceModel model = new InferenceModel(trained.config(), trained.weights(), options)) {
            float[][] baseline = model.predict(input, labels.length);
            section.forwardPass("baseline_predictions", flat(baseline));
            RECORDED.forEach((protocol, name) -> compare(model, protocol, name, ablations));
            means(model, Protocol.MEAN, "mean_context");
            means(model, Protocol.MEAN_PER_POSITION, "mean_context_per_position");
            if (section.has("released_predictions_after_whole_loop")) {
                section.forwardPass(
                        "released_predictions_after_whole_loop",
                        flat(AblationSweep.predictAfterReleasedLoop(model, input, labels.length)));
            }
            new AblationFactsChecks(section, trained.config().vit(), labels, baseline, batch).run(ablations);
        }
    }

    /** The standardised labels are the raw ones, scaled as the bundle says. */
    private void labels() {
        if (!section.has("label_mean") || !section.has("label_std") || !section.has("labels_raw")) {
            return;
        }
        section.inputs("label_mean", "label_std", "labels_raw");
        TargetScaling scaling = TargetScaling.released(
                section.input("label_mean").data(), section.input("label_std").data());
        double[] raw = section.input("labels_raw").data();
        double[] standardised = new double[raw.length];
        for (int i = 0; i < raw.length; i++) {
            standardised[i] = scaling.standardise(i % Target.RELEASED.size(), raw[i]);
        }
        section.compare("labels_standardised", standardised, Tolerance.absolute(LABEL_TOLERANCE));
    }

    private void compare(InferenceModel model, Protocol protocol, String name, List<HeadAblation> ablations) {
        boolean recorded = section.names().stream().anyMatch(array -> array.matches(name + RESULTS));
        if (!recorded) {
            return;
        }
        if (protocol == Protocol.RELEASED && batch == 0) {
            section.names().stream()
                    .filter(array -> array.matches(name + RESULTS))
                    .forEach(array -> section.notChecked(array, "needs batch_size of ablation/" + SETTINGS));
            return;
        }
        for (SweepSettings.Method method : SweepSettings.Method.values()) {
            SweepSettings settings = new SweepSettings(method, VARIANTS, Math.max(1, batch), 0);
            HeadAblation ours = new AblationSweep(model, protocol, settings)
                    .run(input, labels)
                    .get(0);
            String how = method.name().toLowerCase(Locale.ROOT);
            section.forwardPass(name + "_predictions", how, flat(ours.ablated()));
            boolean released = protocol == Protocol.RELEASED;
            String overImages = released ? "released_loss_sample_weighted" : name + "_loss";
            section.relative(overImages, how, losses(ours.withLossBatch(0)), LOSS_TOLERANCE);
            String overBatches = released ? "released_loss" : name + "_loss_batch_mean";
            if (batch > 0) {
                section.relative(overBatches, how, losses(ours.withLossBatch(batch)), LOSS_TOLERANCE);
            } else if (section.has(overBatches)) {
                section.notChecked(overBatches, "needs batch_size of ablation/" + SETTINGS);
            }
            if (method == SweepSettings.Method.SHARED) {
                ablations.add(ours.against(labels, name));
            }
        }
    }

    private void means(InferenceModel model, Protocol protocol, String array) {
        if (section.has(array)) {
            List<FloatArray> layers = AblationSweep.meanContexts(model, protocol, input, VARIANTS);
            section.forwardPass(
                    array, flat(layers.stream().map(FloatArray::data).toArray(float[][]::new)));
        }
    }

    private static double[] losses(HeadAblation ablation) {
        return ablation.heads().stream().mapToDouble(ablation::ablatedLoss).toArray();
    }

    static float[][] rows(float[] values) {
        float[][] rows = new float[values.length / Target.RELEASED.size()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(values, i * Target.RELEASED.size(), (i + 1) * Target.RELEASED.size());
        }
        return rows;
    }

    static float[] flat(float[][] rows) {
        return ForwardChecks.concatenated(Arrays.asList(rows));
    }
}
