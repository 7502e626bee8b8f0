package org.chirplens.experiments.verify;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.chirplens.checkpoint.Backbone;
import org.chirplens.checkpoint.NumericArray;
import org.chirplens.checkpoint.TensorFiles;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.SessionOptions;
import org.jspecify.annotations.Nullable;

/** Reads the fine-tuned model in every form that a bundle holds: all must be the same bits and predict the same. */
final class ModelChecks {
    private static final String LEGACY = "best_vit_regression_legacy_peft.pth";
    private static final String KEYS = "best_vit_regression.keys.json";

    /** Tensors that our models lack but several forms hold. */
    private static final Pattern BESIDE =
            Pattern.compile("(?:.*\\.)?((?:pooler\\.dense|classifier)\\.(?:weight|bias))");

    private final String name;
    private final RecordedModel recorded;
    private final @Nullable NumericArray input;
    private final @Nullable NumericArray predictions;
    private final SessionOptions options;
    private final List<Check> checks = new ArrayList<>();

    /** Each tensor as the first form that holds it has it, and that form's name. */
    private final Map<String, FloatArray> first = new HashMap<>();

    private @Nullable String firstForm;

    private ModelChecks(String name, Path folder, Section forward, SessionOptions options) {
        this.name = name;
        this.recorded = new RecordedModel(folder);
        this.input = usable(forward, "input");
        this.predictions = usable(forward, "predictions");
        this.options = options;
    }

    /** A recorded array, or null when it is missing or damaged, which the forward pass complains of. */
    private static @Nullable NumericArray usable(Section forward, String array) {
        try {
            return forward.input(array);
        } catch (MissingInputException | IllegalArgumentException e) {
            return null;
        }
    }

    /**
     * Compares all forms of a model; a file that cannot be read is a failed check.
     *
     * @param name the model folder's path in the bundle
     * @param forward recorded inputs and predictions, if the bundle holds them
     */
    static List<Check> run(String name, Path folder, Section forward, SessionOptions options) {
        ModelChecks model = new ModelChecks(name, folder, forward, options);
        for (String file : List.of(RecordedModel.RELEASED, LEGACY)) {
            model.form(file, () -> model.recorded.released(file));
        }
        if (model.recorded.hasParts()) {
            for (String folderOfBackbone : List.of(RecordedModel.BACKBONE, RecordedModel.CLASSIFIER)) {
                for (String file : TensorFiles.MODEL_FILES) {
                    String form = folderOfBackbone + "/" + file;
                    model.form(form, () -> model.withParts(form));
                }
            }
        }
        model.keys();
        return model.checks;
    }

    private TrainedModel withParts(String backbone) {
        return recorded.withParts(Backbone.read(recorded.path(backbone)));
    }

    private void form(String form, Supplier<TrainedModel> reading) {
        if (!Files.exists(recorded.path(form))) {
            return;
        }
        try {
            TrainedModel model = reading.get();
            predictions(form, model);
            Map<String, FloatArray> tensors = new HashMap<>(model.weights());
            TensorFiles.readAll(recorded.path(form)).forEach((tensor, value) -> {
                Matcher beside = BESIDE.matcher(tensor);
                if (beside.matches()) {
                    tensors.put(beside.group(1), value);
                }
            });
            if (firstForm == null) {
                firstForm = form;
            } else {
                checks.add(weights(form, model.weights().keySet(), tensors));
            }
            tensors.forEach(first::putIfAbsent);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            checks.add(Check.failed(name + "/" + form, String.valueOf(e.getMessage())));
        }
    }

    private void predictions(String form, TrainedModel trained) {
        if (input == null || predictions == null) {
            return;
        }
        try (InferenceModel model = new InferenceModel(trained.config(), trained.weights(), options)) {
            double[] ours = Arrays.stream(model.predict(input.floats(), input.shape()[0]))
                    .flatMapToDouble(row -> Arrays.stream(Section.widen(row)))
                    .toArray();
            String line = name + "/" + form + " (predictions)";
            double largest =
                    Arrays.stream(predictions.data()).map(Math::abs).max().orElse(0);
            Tolerance tolerance = Tolerance.ofForwardPass(largest).times(Tolerance.looserThanFloat32(options));
            checks.add(Comparison.of(line, predictions, ours, tolerance, null));
        }
    }

    /** The largest difference to the first form that holds each tensor, where any is too much. */
    private Check weights(String form, Set<String> parameters, Map<String, FloatArray> tensors) {
        double largest = 0;
        String note = null;
        for (String tensor : new TreeSet<>(tensors.keySet())) {
            FloatArray before = first.get(tensor);
            FloatArray now = tensors.get(tensor);
            if (before == null && !parameters.contains(tensor)) {
                continue;
            }
            double difference = before == null || now == null ? Double.POSITIVE_INFINITY : difference(before, now);
            if (difference > largest || (note == null && !sameBits(before, now))) {
                note = tensor + " is not that of " + firstForm;
                largest = Math.max(largest, difference);
            }
        }
        return exact(form + " (weights)", largest, note);
    }

    /** A line that admits no difference; relative errors are not measured, but none is none. */
    private Check exact(String line, double error, @Nullable String note) {
        Check.Status status = note == null ? Check.Status.OK : Check.Status.FAILED;
        double relative = error == 0 ? 0 : Double.NaN;
        return new Check(name + "/" + line, error, relative, Tolerance.exact(), status, note);
    }

    private static double difference(FloatArray a, FloatArray b) {
        if (!Arrays.equals(a.shape(), b.shape())) {
            return Double.POSITIVE_INFINITY;
        }
        double largest = 0;
        for (int i = 0; i < a.data().length; i++) {
            largest = Math.max(largest, Math.abs((double) a.data()[i] - b.data()[i]));
        }
        return largest;
    }

    private static boolean sameBits(@Nullable FloatArray a, @Nullable FloatArray b) {
        return a != null && b != null && Arrays.equals(a.data(), b.data());
    }

    /** The recorded shapes of the released file's tensors. */
    private void keys() {
        if (!Files.exists(recorded.path(KEYS)) || !Files.exists(recorded.path(RecordedModel.RELEASED))) {
            return;
        }
        try {
            Map<String, String> expected = new HashMap<>();
            RecordedJson.read(recorded.path(KEYS))
                    .node()
                    .properties()
                    .forEach(field ->
                            expected.put(field.getKey(), field.getValue().toString()));
            Map<String, String> found = new HashMap<>();
            TensorFiles.readAll(recorded.path(RecordedModel.RELEASED))
                    .forEach((key, tensor) ->
                            found.put(key, Arrays.toString(tensor.shape()).replace(" ", "")));
            Set<String> wrong = new TreeSet<>(expected.keySet());
            wrong.addAll(found.keySet());
            wrong.removeIf(key -> String.valueOf(expected.get(key)).equals(found.get(key)));
            String note = "other keys or shapes in " + RecordedModel.RELEASED + ": " + wrong;
            checks.add(exact(KEYS, wrong.size(), wrong.isEmpty() ? null : note));
        } catch (IllegalArgumentException | UncheckedIOException e) {
            checks.add(Check.failed(name + "/" + KEYS, String.valueOf(e.getMessage())));
        }
    }
}
