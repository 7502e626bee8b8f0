package org.chirplens.checkpoint;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.chirplens.file.WholeDirectory;
import org.chirplens.model.Fetches;
import org.chirplens.model.Precision;
import org.chirplens.model.SessionOptions;
import org.chirplens.model.VisionTransformer;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.SavedModelBundle;
import org.tensorflow.Session;
import org.tensorflow.Signature;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat32;

/**
 * Writes a model as a TensorFlow SavedModel, for any TensorFlow to run without this project. B images, L layers, H
 * heads, P patch grid; {@code pixels} is float [B, 3, imageSize, imageSize], preprocessed by the model's recipe:
 *
 * <ul>
 *   <li>{@code predict}: {@code pixels} to {@code predictions} [B, targets], standardised, and {@code predictions_physical}
 *       [B, targets] in their units.
 *   <li>{@code attention}: {@code pixels} to {@code attention_maps} [B, L, H, P, P], see
 *       {@link Fetches#ATTENTION_MAPS}.
 *   <li>{@code ablate}: {@code pixels} and {@code head_mask} [1 or B, L, H], 1 keeps a head and 0 ablates it, to the
 *       outputs of {@code predict}.
 * </ul>
 *
 * <p>{@code assets.extra/chirplens.json} carries the {@link ModelCard}: targets, label scaling, preprocessing, provenance.
 */
public final class SavedModelExport {
    public static final String PREDICT = "predict";
    public static final String ATTENTION = "attention";
    public static final String ABLATE = "ablate";

    /** Output of {@link #PREDICT} and {@link #ABLATE}: predictions in the targets' units. */
    public static final String PREDICTIONS_PHYSICAL = "predictions_physical";

    private static final String GRAPH_FILE = "saved_model.pb";
    private static final String CARD_FILE = "assets.extra/" + ModelCardFile.NAME;

    private SavedModelExport() {}

    /**
     * Exports a fine-tuned model, whole or not at all. An earlier SavedModel at that place is replaced.
     *
     * @throws IllegalArgumentException when the model has no regression head or its card no label scaling, or the
     *     place is taken by anything that is not a SavedModel
     * @throws java.io.UncheckedIOException when it cannot be written
     */
    public static void write(Path directory, TrainedModel model) {
        if (!model.config().regressionHead()) {
            throw new IllegalArgumentException("only a model with a regression head can be exported as a SavedModel");
        }
        if (model.card().labelMean().isEmpty()) {
            throw new IllegalArgumentException("a SavedModel predicts in physical units, but the model's "
                    + ModelCardFile.NAME + " has no label_mean and label_std");
        }
        WholeDirectory.requireReplaceable(directory, "SavedModel", GRAPH_FILE, SavedModelExport::isOwnFile);
        WholeDirectory.write(directory, partial -> {
            export(partial, model);
            ModelCardFile.write(partial.resolve(CARD_FILE), model.card());
        });
    }

    private static boolean isOwnFile(String file) {
        return file.equals(GRAPH_FILE)
                || file.equals("fingerprint.pb")
                || file.equals(CARD_FILE)
                || file.startsWith("variables/");
    }

    private static void export(Path directory, TrainedModel model) throws IOException {
        try (Graph graph = new Graph()) {
            Ops tf = Ops.create(graph);
            VisionTransformer transformer = VisionTransformer.build(tf, model.config(), Precision.FLOAT32);
            Operand<TFloat32> predictions = transformer.predictions(); // [B, targets]
            Operand<TFloat32> physical = tf.withName(PREDICTIONS_PHYSICAL)
                    .math
                    .add(
                            tf.math.mul(predictions, constant(tf, model.card().labelStd())),
                            constant(tf, model.card().labelMean()));
            Signature predict = Signature.builder(PREDICT)
                    .input(Fetches.PIXELS, transformer.pixels())
                    .output(Fetches.PREDICTIONS, predictions)
                    .output(PREDICTIONS_PHYSICAL, physical)
                    .build();
            Signature attention = Signature.builder(ATTENTION)
                    .input(Fetches.PIXELS, transformer.pixels())
                    .output(Fetches.ATTENTION_MAPS, named(graph, Fetches.ATTENTION_MAPS))
                    .build();
            // A signature's inputs must all be fed, the mask's default notwithstanding: hence one without it above.
            Signature ablate = Signature.builder(ABLATE)
                    .input(Fetches.PIXELS, transformer.pixels())
                    .input(Fetches.HEAD_MASK, named(graph, Fetches.HEAD_MASK))
                    .output(Fetches.PREDICTIONS, predictions)
                    .output(PREDICTIONS_PHYSICAL, physical)
                    .build();
            try (Session session = new SessionOptions("cpu", 0).open(graph)) {
                transformer.parameters().assign(session, model.weights());
                SavedModelBundle.exporter(directory.toString())
                        .withSession(session)
                        .withSignatures(predict, attention, ablate)
                        .export();
            }
        }
    }

    private static Operand<TFloat32> constant(Ops tf, List<Double> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i).floatValue();
        }
        return tf.constant(floats);
    }

    private static Operand<TFloat32> named(Graph graph, String name) {
        return graph.operationOrThrow(name).output(0);
    }
}
