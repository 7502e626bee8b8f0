package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.chirplens.dataset.ImageSet;
import org.chirplens.dataset.Split;
import org.chirplens.dataset.Target;
import org.chirplens.file.WholeFile;

/** Keeps some example images with their labels, for the report. */
final class DataStage {
    private static final int SAMPLES = 15;

    private DataStage() {}

    static void run(RunContext context) {
        ImageSet images = context.data().images();
        Split split = context.data().split();
        int[] test = split.test();
        context.console()
                .info(String.format(
                        Locale.ROOT,
                        "%,d images: %s",
                        images.size(),
                        words(split.train().length, split.validation().length, test.length)));
        Path directory = context.files().samples();
        List<String> rows = new ArrayList<>();
        rows.add("image,"
                + String.join(",", images.targets().stream().map(Target::key).toList()));
        for (int i = 0; i < Math.min(SAMPLES, test.length); i++) {
            String file = AttentionFiles.stem(images.name(test[i])) + ".png";
            AttentionFiles.writeImage(directory.resolve(file), images.image(test[i]));
            StringBuilder row = new StringBuilder(file);
            DoubleStream.of(images.label(test[i]))
                    .forEach(value -> row.append(",").append(value));
            rows.add(row.toString());
        }
        WholeFile.writeText(directory.resolve("labels.csv"), String.join("\n", rows) + "\n");
    }

    /** The sizes of a split's parts in words. */
    static String words(int training, int validation, int test) {
        if (training == 0) {
            return String.format(Locale.ROOT, "%,d to test with", test);
        }
        return validation == 0
                ? String.format(
                        Locale.ROOT, "%,d to train on, %,d to test with, which also choose the epoch", training, test)
                : String.format(
                        Locale.ROOT,
                        "%,d to train on, %,d to validate with, %,d to test with",
                        training,
                        validation,
                        test);
    }
}
