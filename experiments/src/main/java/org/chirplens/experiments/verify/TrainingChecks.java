package org.chirplens.experiments.verify;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Target;
import org.chirplens.model.FloatArray;
import org.chirplens.model.LoraConfig;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.SessionOptions;
import org.chirplens.training.Trainable;
import org.chirplens.training.TrainingConfig;
import org.chirplens.training.TrainingGraph;
import org.jspecify.annotations.Nullable;

/** Compares {@code training/}: some AdamW steps of the recorded model on the images of {@code ablation/}. */
final class TrainingChecks {
    /** Relative; a loss is a mean of squared errors, each as exact as the predictions. */
    private static final Tolerance LOSS = Tolerance.relative(1e-5);
    /** A gradient's small elements are differences of large ones, and only as exact as those; 1e-5 was seen. */
    private static final Tolerance GRADIENT = Tolerance.ofLargest(5e-5);
    /** Absolute; steps of the size of the learning rate, whose direction is as exact as the gradients. */
    private static final Tolerance PARAMETER = Tolerance.absolute(2e-6);

    /** Rounding of a gradient, relative to the largest one of its array: the most that was seen. */
    private static final double GRADIENT_ROUNDING = 1e-5;
    /** AdamW's epsilon, the released script's and ours. */
    private static final double EPSILON = 1e-8;

    private static final String SETTINGS = "training.json";

    private final Section section;
    private final RecordedJson json;
    private final RecordedSteps steps;
    private final TrainedModel start;
    private final ModelConfig model;
    private final float[] input;
    private final float[] labels;
    private final SessionOptions options;

    TrainingChecks(RecordedModel recorded, Section section, Section images, SessionOptions options) {
        this.section = section;
        this.options = options;
        this.json = RecordedJson.read(section.inputFile(SETTINGS));
        this.steps = RecordedSteps.of(json);
        this.input = images.input("input").floats();
        this.labels = images.input("labels_standardised").floats();
        this.start = recorded.fineTuned();
        LoraConfig lora = start.config().lora();
        // Dropout was switched off for the recording: its masks could not be drawn again.
        this.model = lora == null
                ? start.config()
                : ModelConfig.fineTuned(start.config().vit(), new LoraConfig(lora.adapters(), 0));
        requireImages();
        requireOurTrainable();
    }

    private void requireImages() {
        int images = labels.length / Target.RELEASED.size();
        int perImage = model.vit().imageSize() * model.vit().imageSize() * 3;
        if (labels.length != images * Target.RELEASED.size() || input.length != (long) images * perImage) {
            throw new IllegalArgumentException("ablation's input and labels_standardised must be [N, 3, "
                    + model.vit().imageSize() + ", " + model.vit().imageSize() + "] and [N, 3], found " + input.length
                    + " and " + labels.length + " values");
        }
        if (steps.images() > images) {
            throw new IllegalArgumentException(json.place() + " steps times batch must be at most the " + images
                    + " images of ablation/input, found " + steps.images());
        }
    }

    private void requireOurTrainable() {
        RecordedJson trainable = json.find("trainable");
        if (trainable != null) {
            Set<String> recorded = new TreeSet<>();
            trainable.list().forEach(name -> recorded.add(name.text()));
            Set<String> ours = new TreeSet<>();
            trained().forEach(name -> ours.add(recordedName(name)));
            if (!recorded.equals(ours)) {
                Set<String> differing = new TreeSet<>(recorded);
                differing.removeAll(ours);
                ours.removeAll(recorded);
                throw new IllegalArgumentException(trainable.place() + " must be the adapters and the regression head,"
                        + " found too many " + differing + ", missing " + ours);
            }
        }
    }

    /** Names of what is trained, in the order of the forward pass. */
    private List<String> trained() {
        return Parameters.shapes(model).keySet().stream()
                .filter(Trainable.LORA::trains)
                .toList();
    }

    /** The name under which the training script's PEFT model has one of our trained parameters. */
    static String recordedName(String parameter) {
        if (Parameters.isRegressionHead(parameter)) {
            return parameter;
        }
        String suffix = ".weight";
        return "vit.base_model.model." + parameter.substring(0, parameter.length() - suffix.length()) + ".default"
                + suffix;
    }

    void run() {
        TrainingConfig config = TrainingConfig.released()
                .with()
                .learningRate(steps.learningRate())
                .weightDecay(steps.weightDecay())
                .batchSize(steps.batch())
                .build();
        try (TrainingGraph graph = new TrainingGraph(model, config, options)) {
            graph.start(start.weights());
            Map<String, double[]> rounding = new LinkedHashMap<>();
            losses(graph, rounding);
            Map<String, FloatArray> end = graph.parameters();
            trained().forEach(name -> finals(name, end.get(name), rounding.get(name)));
            predictions(graph);
            frozen(end);
        }
    }

    private void gradients(Map<String, FloatArray> gradients) {
        trained().forEach(name -> {
            compare("grad_step1." + recordedName(name), gradients.get(name), GRADIENT);
            compare("grad_step1_f64." + recordedName(name), gradients.get(name), GRADIENT);
        });
    }

    private void finals(String name, @Nullable FloatArray end, double @Nullable [] rounding) {
        if (end != null && rounding != null) {
            section.compare("final." + recordedName(name), Section.widen(end.data()), PARAMETER, rounding);
        }
    }

    /**
     * Adds how far rounding may move each parameter whose first gradient, in this step, is nearly zero. AdamW's first step
     * is {@code rate g / (|g| + epsilon)}, of slope {@code rate epsilon / (|g| + epsilon)^2}: at gradients of 1e-7 and
     * less it turns the last bits of a sum into a part of a whole step, and momentum repeats it in the steps that are
     * left. A gradient of exactly zero, behind a ReLU that is off, has no rounding.
     */
    private void addAmplifiedRounding(FloatArray gradient, int stepsLeft, double[] rounding, boolean[] moved) {
        double largest = 0;
        for (float g : gradient.data()) {
            largest = Math.max(largest, Math.abs(g));
        }
        for (int i = 0; i < rounding.length; i++) {
            double size = Math.abs(gradient.data()[i]);
            if (size > 0 && !moved[i]) {
                moved[i] = true;
                double slope = EPSILON / ((size + EPSILON) * (size + EPSILON));
                double part = Math.min(2, GRADIENT_ROUNDING * largest * slope);
                rounding[i] = stepsLeft * steps.learningRate() * part;
            }
        }
    }

    /** @param rounding receives, by parameter, how far rounding may move each value */
    private void losses(TrainingGraph graph, Map<String, double[]> rounding) {
        double[] losses = new double[steps.steps()];
        Map<String, boolean[]> moved = new LinkedHashMap<>();
        for (int step = 0; step < losses.length; step++) {
            Map<String, FloatArray> gradients = graph.gradients(pixels(step), labels(step), null, step);
            if (step == 0) {
                gradients(gradients);
            }
            int left = losses.length - step;
            gradients.forEach((name, gradient) -> addAmplifiedRounding(
                    gradient,
                    left,
                    rounding.computeIfAbsent(name, n -> new double[gradient.data().length]),
                    moved.computeIfAbsent(name, n -> new boolean[gradient.data().length])));
            losses[step] = graph.step(pixels(step), labels(step), null, steps.learningRate(), step)
                    .regression();
        }
        for (String name : List.of("losses", "losses_f64")) {
            section.compare(name, losses, LOSS);
            RecordedJson recorded = json.find(name);
            if (recorded != null) {
                section.attempt(
                        SETTINGS + " " + name,
                        Set.of(SETTINGS),
                        () -> section.compareValues(SETTINGS + " " + name, recorded.numbers(), losses, LOSS));
            }
        }
    }

    private void predictions(TrainingGraph graph) {
        int images = labels.length / Target.RELEASED.size();
        int perImage = input.length / images;
        List<float[]> rows = new ArrayList<>();
        for (int from = 0; from < images; from += steps.batch()) {
            int to = Math.min(images, from + steps.batch());
            float[] pixels = Arrays.copyOfRange(input, from * perImage, to * perImage);
            rows.addAll(List.of(graph.predict(pixels, to - from)));
        }
        section.forwardPass("final_predictions", AblationChecks.flat(rows.toArray(float[][]::new)));
    }

    /** What is not trained must keep every bit, decay included. */
    private void frozen(Map<String, FloatArray> end) {
        Map<String, FloatArray> frozen = new LinkedHashMap<>(start.weights());
        frozen.keySet().removeAll(trained());
        List<double[]> before = new ArrayList<>();
        List<double[]> after = new ArrayList<>();
        frozen.forEach((name, value) -> {
            before.add(Section.widen(value.data()));
            after.add(Section.widen(end.getOrDefault(name, FloatArray.zeros(0)).data()));
        });
        section.compareValues(
                "frozen parameters",
                ChirpChecks.concatenated(before),
                ChirpChecks.concatenated(after),
                Tolerance.exact());
    }

    private void compare(String array, @Nullable FloatArray ours, Tolerance tolerance) {
        if (ours != null) {
            section.compare(array, Section.widen(ours.data()), tolerance);
        }
    }

    private float[] pixels(int step) {
        return batch(input, step);
    }

    private float[] labels(int step) {
        return batch(labels, step);
    }

    private float[] batch(float[] values, int step) {
        int length = values.length / (labels.length / Target.RELEASED.size()) * steps.batch();
        return Arrays.copyOfRange(values, step * length, (step + 1) * length);
    }
}
