package org.chirplens.experiments.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.chirplens.analysis.AttentionExtraction;
import org.chirplens.analysis.MapReading;
import org.chirplens.dataset.Selection;
import org.chirplens.experiments.cli.Console;
import org.chirplens.experiments.cli.ProgressLine;

/** Writes the attention maps of some test images. */
public final class AttentionStage {
    /** Those of a run. */
    private static final List<MapReading> READINGS = List.of(MapReading.PATCH_QUERIES, MapReading.CLS);

    private AttentionStage() {}

    static void run(RunContext context) {
        int images = context.config().analysis().attentionImages();
        if (images == 0) {
            return;
        }
        try (OpenModel model = OpenModel.open(context.files().model(), context.session())) {
            Selection test = context.data().test(images, context.readers());
            extract(model, test, READINGS, context.config().analysis().batchSize(), context.files(), context.console());
        }
    }

    /** Writes the maps of the selected images, one by one, so that memory does not grow with their number. */
    public static void extract(
            OpenModel model,
            Selection images,
            List<MapReading> readings,
            int batchSize,
            RunFiles files,
            Console console) {
        AttentionExtraction extraction = new AttentionExtraction(model.inference());
        try (ProgressLine line = console.progress("attention", "images")) {
            Halving.until(model.batch(batchSize), 1, "images", line, size -> {
                AtomicInteger done = new AtomicInteger();
                line.update(0, images.size());
                extraction.run(images, readings, size, maps -> {
                    int index = images.indices()[done.getAndIncrement()];
                    for (int k = 0; k < readings.size(); k++) {
                        AttentionFiles.write(files.attention(), readings.get(k), maps.get(k));
                    }
                    AttentionFiles.writeImage(
                            files.attention(),
                            maps.get(0).image(),
                            images.images().image(index));
                    line.update(done.get(), images.size());
                });
                return done;
            });
        }
    }
}
