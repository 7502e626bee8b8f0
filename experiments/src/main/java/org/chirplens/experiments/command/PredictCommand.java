package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.PngFile;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.OpenModel;

/** Predicts the chirp's parameters for image files. */
final class PredictCommand {
    private PredictCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "predict",
                "Predict start time, start frequency and end frequency for image files",
                "",
                "IMAGE…",
                1,
                Integer.MAX_VALUE,
                List.of(SharedOptions.model(), SharedOptions.preprocessing()),
                List.of("./chirplens predict --model runs/quick data/chirps/spectrogram_1.png"),
                PredictCommand::run);
    }

    private static int run(Invocation invocation) {
        List<double[]> predictions = new ArrayList<>();
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                .requirePredictions()) {
            int size = model.inference().config().vit().imageSize();
            Preprocessing recipe = SharedOptions.recipe(invocation, model);
            float[] pixels = new float[Preprocessing.length(size)];
            for (String image : invocation.arguments()) {
                recipe.apply(PngFile.read(Path.of(image)), size, pixels, 0);
                float[] standardised = model.inference().predict(pixels, 1)[0];
                double[] physical = new double[Target.COUNT];
                for (int t = 0; t < Target.COUNT; t++) {
                    physical[t] = model.scaling().toPhysical(t, standardised[t]);
                }
                predictions.add(physical);
            }
        }
        if (invocation.console().json()) {
            invocation.console().result(json(invocation.arguments(), predictions));
        } else {
            invocation.console().result(table(invocation.arguments(), predictions));
        }
        return ExitCode.DONE;
    }

    private static ArrayNode json(List<String> images, List<double[]> predictions) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < images.size(); i++) {
            ObjectNode one = list.addObject().put("image", images.get(i));
            for (Target target : Target.values()) {
                one.put(target.key(), predictions.get(i)[target.ordinal()]);
            }
        }
        return list;
    }

    private static String table(List<String> images, List<double[]> predictions) {
        TextTable table = new TextTable("image", "start time", "start frequency", "end frequency");
        for (int i = 0; i < images.size(); i++) {
            double[] p = predictions.get(i);
            table.row(
                    images.get(i),
                    value(p, Target.START_TIME),
                    value(p, Target.START_FREQUENCY),
                    value(p, Target.END_FREQUENCY));
        }
        return table.toString();
    }

    private static String value(double[] prediction, Target target) {
        return String.format(Locale.ROOT, "%.2f %s", prediction[target.ordinal()], target.unit());
    }
}
