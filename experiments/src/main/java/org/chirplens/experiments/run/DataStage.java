package org.chirplens.experiments.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.chirplens.chirp.Chirp;
import org.chirplens.dataset.ImageSet;

/** Keeps some example images with their labels, for the report. */
final class DataStage {
    private static final int SAMPLES = 15;

    private DataStage() {}

    static void run(RunContext context) {
        ImageSet images = context.data().images();
        int[] test = context.data().split().test();
        context.console()
                .info(String.format(
                        Locale.ROOT,
                        "%,d images: %,d to train on, %,d to test with",
                        images.size(),
                        context.data().split().train().length,
                        test.length));
        Path directory = context.files().samples();
        List<String> rows = new ArrayList<>(List.of("image,start_time,start_frequency,end_frequency"));
        for (int i = 0; i < Math.min(SAMPLES, test.length); i++) {
            Chirp chirp = images.label(test[i]);
            AttentionFiles.writeImage(directory.resolve(images.name(test[i])), images.image(test[i]));
            rows.add(images.name(test[i]) + "," + chirp.startTimeSeconds() + "," + chirp.startFrequencyHz() + ","
                    + chirp.endFrequencyHz());
        }
        WholeFile.writeText(directory.resolve("labels.csv"), out -> out.write(String.join("\n", rows) + "\n"));
    }
}
