package org.chirplens.experiments.command;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.dataset.ImageFile;
import org.chirplens.dataset.Preprocessing;
import org.chirplens.dataset.Target;
import org.chirplens.experiments.cli.CommandSpec;
import org.chirplens.experiments.cli.ExitCode;
import org.chirplens.experiments.cli.Invocation;
import org.chirplens.experiments.cli.TextTable;
import org.chirplens.experiments.run.OpenModel;

/** Predicts a model's targets for image files. */
final class PredictCommand {
    private PredictCommand() {}

    static CommandSpec spec() {
        return new CommandSpec(
                "predict",
                "Predict the targets of a model, such as start time and frequencies, for image files",
                "PNG, JPEG, BMP, GIF, TIFF and WBMP files are read, of any size; transparency is dropped.",
                "IMAGE…",
                1,
                Integer.MAX_VALUE,
                List.of(SharedOptions.model(), SharedOptions.preprocessing()),
                List.of("./chirplens predict --model runs/quick data/chirps/spectrogram_1.png"),
                PredictCommand::run);
    }

    private static int run(Invocation invocation) {
        List<double[]> predictions = new ArrayList<>();
        List<Target> targets;
        try (OpenModel model = OpenModel.open(invocation.requiredPath("model"), invocation.session(0))
                .requirePredictions()) {
            targets = model.scaling().targets();
            int size = model.inference().config().vit().imageSize();
            Preprocessing recipe = SharedOptions.recipe(invocation, model);
            float[] pixels = new float[Preprocessing.length(size)];
            for (String image : invocation.arguments()) {
                recipe.apply(ImageFile.read(Path.of(image)), size, pixels, 0);
                float[] standardised = model.inference().predict(pixels, 1)[0];
                double[] physical = new double[targets.size()];
                for (int t = 0; t < physical.length; t++) {
                    physical[t] = model.scaling().toPhysical(t, standardised[t]);
                }
                predictions.add(physical);
            }
        }
        if (invocation.console().json()) {
            invocation.console().result(json(invocation.arguments(), targets, predictions));
        } else {
            invocation.console().result(table(invocation.arguments(), targets, predictions));
        }
        return ExitCode.DONE;
    }

    private static ArrayNode json(List<String> images, List<Target> targets, List<double[]> predictions) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < images.size(); i++) {
            ObjectNode one = list.addObject().put("image", images.get(i));
            for (int t = 0; t < targets.size(); t++) {
                one.put(targets.get(t).key(), predictions.get(i)[t]);
            }
        }
        return list;
    }

    private static String table(List<String> images, List<Target> targets, List<double[]> predictions) {
        List<String> titles = new ArrayList<>(List.of("image"));
        targets.forEach(target -> titles.add(target.title()));
        TextTable table = new TextTable(titles.toArray(String[]::new));
        for (int i = 0; i < images.size(); i++) {
            List<String> row = new ArrayList<>(List.of(images.get(i)));
            for (int t = 0; t < targets.size(); t++) {
                row.add(value(targets.get(t), predictions.get(i)[t]));
            }
            table.row(row.toArray(String[]::new));
        }
        return table.toString();
    }

    /** Two decimals, as chirps have; more where a target is small. */
    private static String value(Target target, double value) {
        boolean chirp = Target.RELEASED.contains(target);
        return target.withUnit(String.format(Locale.ROOT, chirp ? "%.2f" : "%.4g", value));
    }
}
