package org.chirplens.experiments.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.chirplens.checkpoint.ModelDirectory;
import org.chirplens.checkpoint.TrainedModel;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Selection;
import org.chirplens.dataset.Target;
import org.chirplens.dataset.TargetScaling;
import org.chirplens.model.Devices;
import org.chirplens.model.FloatArray;
import org.chirplens.model.InferenceModel;
import org.chirplens.model.ModelConfig;
import org.chirplens.model.Parameters;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VitConfig;

/**
 * A model directory, ready for use. Whoever opens it closes it.
 *
 * @param directory where it was read
 * @param identity hash of what its predictions depend on, whether adapters were left out, and a precision below float32
 * @param inference the model in a session
 * @param scaling of its labels; maps to themselves when the model has none
 * @param recipe of preprocessing
 * @param predicts whether it has a regression head and knows its labels' scaling
 */
public record OpenModel(
        Path directory,
        String identity,
        InferenceModel inference,
        TargetScaling scaling,
        Preprocessing recipe,
        boolean predicts)
        implements AutoCloseable {
    /** What one execution of the graph may take in its widest layer. */
    private static final long WIDEST_BYTES = 256L << 20;

    /** The part of a GPU's free memory that the widest layer may take: several such arrays are there at once. */
    private static final int GPU_SHARE = 16;

    /** A directory as given, or the model of the run directory that was given. */
    public static Path locate(Path given) {
        Path inRun = new RunFiles(given).model();
        return !ModelDirectory.isModel(given) && ModelDirectory.isModel(inRun) ? inRun : given;
    }

    /**
     * The same, of a directory that must be there.
     *
     * @throws IllegalArgumentException when it is not
     */
    public static Path existing(Path given) {
        if (!Files.isDirectory(given)) {
            throw new IllegalArgumentException(given + ": the model directory must exist, found no such directory");
        }
        return locate(given);
    }

    /**
     * Reads a model strictly and builds its graph.
     *
     * @param given a model directory, or a run directory with a model
     */
    public static OpenModel open(Path given, SessionOptions session) {
        return open(given, true, session);
    }

    /**
     * The same with adapters or without them.
     *
     * @throws IllegalArgumentException also when adapters are to be left out and the model has none
     */
    public static OpenModel open(Path given, boolean adapted, SessionOptions session) {
        Path directory = existing(given);
        TrainedModel read = ModelDirectory.read(directory);
        TrainedModel model = adapted ? read : withoutAdapters(directory, read);
        String arithmetic = session.arithmetic();
        boolean scaled = !model.card().labelMean().isEmpty();
        TargetScaling scaling =
                scaled ? RunData.scaling(model.card()) : TargetScaling.identity(TargetsJson.of(model.card()));
        return new OpenModel(
                directory,
                ModelDirectory.fingerprint(directory)
                        + (adapted ? "" : " without adapters")
                        + (arithmetic.equals(Precision.FLOAT32.key()) ? "" : " in " + arithmetic),
                new InferenceModel(model.config(), model.weights(), session),
                scaling,
                Preprocessing.of(model.card().preprocessing()),
                scaled && model.config().regressionHead());
    }

    /** The same model with the adapters left out: its head reads a backbone that it was not trained on. */
    private static TrainedModel withoutAdapters(Path directory, TrainedModel model) {
        if (model.config().lora() == null) {
            throw new IllegalArgumentException(directory + ": the model has no adapters that could be left out");
        }
        ModelConfig bare =
                new ModelConfig(model.config().vit(), null, model.config().outputs());
        Map<String, FloatArray> weights = new LinkedHashMap<>(model.weights());
        weights.keySet().removeIf(Parameters::isLora);
        return new TrainedModel(bare, weights, model.card());
    }

    /** Insists on a model that predicts. */
    public OpenModel requirePredictions() {
        if (!predicts) {
            close();
            throw new IllegalArgumentException(directory + ": the model must have a regression head and, in"
                    + " chirplens.json, the mean and deviation of its labels; this is a bare backbone");
        }
        return this;
    }

    /**
     * The first images of a source as this model sees them by a recipe; all when the limit is 0.
     *
     * @throws IllegalArgumentException when the model predicts other targets than the images are labelled with
     */
    public Selection select(RunData.Source source, Preprocessing by, int limit, int readers) {
        List<Target> labelled = source.images().targets();
        if (predicts && !Target.agree(labelled, scaling.targets())) {
            throw new IllegalArgumentException(directory + ": the model must predict what the images are labelled with,"
                    + " " + Target.list(labelled) + ", found a model of " + Target.list(scaling.targets()));
        }
        TargetScaling scale = predicts ? scaling : TargetScaling.identity(labelled);
        Selection all = new Selection(source.images(), source.indices(), by, scale, readers);
        return limit == 0 ? all : all.first(limit);
    }

    /** How many images one execution may hold so that memory stays bounded, at most as many as wished. */
    public int batch(int wished) {
        return batch(inference.config().vit(), wished, inference.options());
    }

    /** How many images one execution of a model may hold so that memory stays bounded, at most as many as wished. */
    static int batch(VitConfig vit, int wished, SessionOptions session) {
        long mlp = (long) vit.numTokens() * vit.mlpSize();
        long attention = (long) vit.numHeads() * vit.numTokens() * vit.numTokens();
        long bytes = Float.BYTES * Math.max(mlp, attention);
        long widest = Devices.list(session).stream()
                .filter(Devices.Device::isGpu)
                .mapToLong(gpu -> gpu.bytes() / GPU_SHARE)
                .min()
                .orElse(WIDEST_BYTES);
        return (int) Math.max(1, Math.min(wished, widest / bytes));
    }

    @Override
    public void close() {
        inference.close();
    }
}
